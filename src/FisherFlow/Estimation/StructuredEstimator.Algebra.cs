using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Numerics;

namespace FisherFlow.Estimation;

/// <summary>The small dense algebra of a table: damping, factors, sandwiches and changes of coordinates.</summary>
sealed partial class StructuredEstimator<TInformation>
{
    /// <summary>δ for a state while batches are solved, in over-complete coordinates.</summary>
    double Damping(StructuredState<TInformation> state)
    {
        var d = state.Theta.Length;
        switch (Options.Damping.Kind)
        {
            case DampingKind.None: return 0;
            case DampingKind.Tikhonov: return Options.Damping.Value;
            case DampingKind.Relative: return Options.Damping.For(0, 0, d == 0 ? 0 : state.Information.Trace() / d);
            default:
                if (state.Rows == 0) { return 0; }
                if (d <= MostEigen) { return DampingOf(Gather(state.Information.ToDense(), [.. Enumerable.Range(0, d)]), d); }
                if (!BatchFolder<TInformation>.IsSeparable) { throw new InvalidOperationException($"a condition number asks for eigenvalues, which are worked out for {MostEigen} parameters at most, and there are {d:N0}; --damping relative:EPSILON needs none"); }
                var diagonal = new double[d];
                state.Information.CopyDiagonal(diagonal);
                return Options.Damping.For(TensorPrimitives.Max<double>(diagonal), TensorPrimitives.Min<double>(diagonal), TensorPrimitives.Sum<double>(diagonal) / d);
        }
    }

    /// <summary>δ for a Gram matrix <c>[k, k]</c>, of which the upper triangle counts.</summary>
    double DampingOf(double[] gram, int k)
    {
        if (Options.Damping.Kind == DampingKind.None || k == 0) { return 0; }
        var trace = 0.0;
        for (var i = 0; i < k; i++) { trace += gram[i * k + i]; }
        if (Options.Damping.Kind != DampingKind.Condition) { return Options.Damping.For(0, 0, trace / k); }
        var (matrix, values, vectors) = ((double[])gram.Clone(), new double[k], new double[k * k]);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < i; j++) { matrix[i * k + j] = matrix[j * k + i]; }
        }
        return Kernels.SymmetricEigen(matrix, k, k, values, vectors, k) ? Options.Damping.For(values.Max(), values.Min(), trace / k) : 0;
    }

    /// <summary>Prior precisions of parameters in an order <c>[k]</c>, the damping among them.</summary>
    double[] Prior(Identification identification, int[] order, double damping)
    {
        var precision = new double[order.Length];
        var columns = identification.Free.ToDictionary(free => free.Index, free => free.Column);
        for (var i = 0; i < order.Length; i++) { precision[i] = damping + (columns.TryGetValue(order[i], out var column) ? _folder.Prior.Of(column) : _folder.Prior.OfHashedColumn); }
        return precision;
    }

    /// <summary>Prior precisions of all parameters <c>[d]</c>, in over-complete coordinates.</summary>
    double[] PriorOf(double damping, int d)
    {
        var precision = new double[d];
        _folder.Prior.Under(Shape, default).Span.CopyTo(precision);
        for (var i = 0; i < d; i++) { precision[i] += damping; }
        return precision;
    }

    static Factor Factorise(StructuredState<TInformation> state, int[] order, double[] gram, double[] prior, int d)
    {
        if (state.Information is SquareRootInformation root)
        {
            var all = new double[d];
            for (var i = 0; i < order.Length; i++) { all[order[i]] = prior[i]; }
            return root.Factorise(order, all, default);
        }
        var upper = LimitedPivoting.Cholesky(gram, order, null, out var kept, out var aliased);
        return new(d, kept, aliased, upper, new double[d]);
    }

    /// <summary>Solves over the kept parameters, and once more for what rounding left.</summary>
    static double[] Refined(Factor factor, StructuredState<TInformation> state, double[] right, int[] order, double[] prior)
    {
        var (theta, product, rest) = (new double[right.Length], new double[right.Length], (double[])right.Clone());
        for (var round = 0; round < 2; round++)
        {
            factor.Solve(rest, product);
            TensorPrimitives.Add(theta, product, theta);
            state.Information.Multiply(theta, product);
            for (var i = 0; i < order.Length; i++) { product[order[i]] += prior[i] * theta[order[i]]; }
            TensorPrimitives.Subtract(right, product, rest);
        }
        return theta;
    }

    /// <summary>The factor of <c>(I⁻¹(Σω²F)I⁻¹)⁻¹</c>, and the trace of <c>I⁻¹ Σω²F</c>; the prior counts in both as it is.</summary>
    static Factor Sandwiched(Factor factor, double[,] squared, int[] order, double[] prior, out double degrees)
    {
        var (kept, d) = (factor.Kept.ToArray(), factor.Dimension);
        var precision = new double[d];
        for (var i = 0; i < order.Length; i++) { precision[order[i]] = prior[i]; }
        var (inverse, meat) = (factor.Inverse(), Gather(squared, kept));
        degrees = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            for (var j = 0; j < kept.Length; j++) { degrees += inverse[i * kept.Length + j] * meat[Math.Min(i, j) * kept.Length + Math.Max(i, j)]; }
        }
        return OfCovariance(Sandwich(inverse, meat, kept, precision), kept, [.. factor.Aliased], d);
    }

    /// <summary><c>B(J + Λ)B</c> <c>[k, k]</c>; of J the upper triangle counts, Λ is over all parameters.</summary>
    static double[] Sandwich(double[] bread, double[] meat, int[] kept, double[] prior)
    {
        var k = kept.Length;
        for (var i = 0; i < k; i++)
        {
            meat[i * k + i] += prior[kept[i]];
            for (var j = 0; j < i; j++) { meat[i * k + j] = meat[j * k + i]; }
        }
        return Product(Product(bread, meat, k), bread, k);
    }

    static double[] Product(double[] a, double[] b, int k)
    {
        var product = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            var row = product.AsSpan(i * k, k);
            for (var l = 0; l < k; l++) { TensorPrimitives.MultiplyAdd(b.AsSpan(l * k, k), a[i * k + l], row, row); }
        }
        return product;
    }

    /// <summary><c>T S Tᵀ</c> for sparse rows of T; entries name parameters that have a place in S <c>[m, m]</c>.</summary>
    static double[] Transform(double[] spread, int m, IReadOnlyList<(int Parameter, double Factor)>[] rows, int[] place)
    {
        var (k, half) = (rows.Length, new double[rows.Length * m]);
        for (var i = 0; i < k; i++)
        {
            foreach (var (parameter, factor) in rows[i]) { TensorPrimitives.MultiplyAdd(spread.AsSpan(place[parameter] * m, m), factor, half.AsSpan(i * m, m), half.AsSpan(i * m, m)); }
        }
        var covariance = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                foreach (var (parameter, factor) in rows[j]) { covariance[i * k + j] += half[i * m + place[parameter]] * factor; }
            }
        }
        return covariance;
    }

    /// <summary>The factor of the inverse of a covariance <c>[k, k]</c>.</summary>
    static Factor OfCovariance(double[] covariance, int[] kept, int[] aliased, int d)
    {
        Clear(covariance, kept.Length);
        var places = Enumerable.Range(0, kept.Length).ToArray();
        var root = new Factor(kept.Length, places, [], LimitedPivoting.Cholesky(covariance, places, null, out var sound, out var rest), new double[kept.Length]);
        if (rest.Length > 0) { root = new(kept.Length, sound, [], root.Upper.ToArray(), new double[kept.Length]); }
        var names = Array.ConvertAll(sound, i => kept[i]);
        var precision = root.Inverse();
        Clear(precision, names.Length);
        var upper = LimitedPivoting.Cholesky(precision, names, null, out var final, out var lost);
        return new(d, final, [.. aliased, .. rest.Select(i => kept[i]), .. lost], upper, new double[d]);
    }

    /// <summary>Leaves the upper triangle <c>[k, k]</c>, as factors are kept.</summary>
    static void Clear(double[] matrix, int k)
    {
        for (var i = 1; i < k; i++) { matrix.AsSpan(i * k, i).Clear(); }
    }

    /// <summary><c>Σ Jᵢᵢ/(Iᵢᵢ + λᵢ)</c>: degrees of freedom that the parameters take, as far as a diagonal tells.</summary>
    static double TraceRatio(StructuredState<TInformation> state, double[] diagonal, double[] prior)
    {
        var meat = diagonal;
        if (state.Squared is { } squared)
        {
            meat = new double[diagonal.Length];
            squared.CopyDiagonal(meat);
        }
        var sum = 0.0;
        for (var i = 0; i < diagonal.Length; i++) { sum += diagonal[i] > 0 ? meat[i] / (diagonal[i] + prior[i]) : 0; }
        return sum;
    }

    static double[] Gather(double[,] dense, int[] order)
    {
        var (k, gram) = (order.Length, new double[order.Length * order.Length]);
        for (var i = 0; i < k; i++)
        {
            for (var j = i; j < k; j++) { gram[i * k + j] = dense[order[i], order[j]]; }
        }
        return gram;
    }
}
