using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Tests.Estimation;

/// <summary>Observations drawn from a known model, in blocks of any size: an intercept, numeric columns, and perhaps a factor.</summary>
sealed class Simulated
{
    readonly Block _all;

    Simulated(DesignSchema schema, Block all) => (Schema, _all) = (schema, all);

    public DesignSchema Schema { get; }
    public Block All => _all;
    public bool HasOffset { get; private init; }
    public Block Layout => new(0, _all.DenseColumns, _all.Slots, false, false, _all.HasClusters) { Outcomes = _all.Outcomes };

    /// <summary>y drawn at <c>η = β₀ + xᵀβ + γ[g]</c> by <paramref name="draw"/>; levels of g get rarer with their number.</summary>
    /// <remarks>With outcomes y is the number of one; with offsets η has a known normal part more. An ordinal design lacks the constant.</remarks>
    public static Simulated Draw(
        int seed, int rows, double[] beta, double[] gamma, Func<Random, double, double> draw, Func<Random, double>? x = null, int outcomes = 1, bool isOrdinal = false, bool hasOffset = false)
    {
        var random = new Random(seed);
        x ??= Normal;
        var first = isOrdinal ? 1 : 0;
        var dense = beta.Length - first;
        var terms = new List<Term>();
        if (!isOrdinal) { terms.Add(new(Term.Intercept, "", [])); }
        for (var j = 1; j < beta.Length; j++) { terms.Add(new($"x{j}", $"x{j}", [])); }
        if (gamma.Length > 0) { terms.Add(new("g", "", ["g"])); }
        var schema = new DesignSchema(terms, hasIntercept: true);
        if (outcomes > 1) { schema.Outcomes.AddRange(Enumerable.Range(0, outcomes).Select(k => $"o{k}")); }
        var block = new Block(rows, dense, gamma.Length > 0 ? 1 : 0, false, false, true) { Count = rows, Outcomes = outcomes };
        for (var i = 0; i < rows; i++)
        {
            var eta = 0.0;
            for (var j = 0; j < beta.Length; j++)
            {
                var value = j == 0 ? 1 : x(random);
                if (j >= first) { block.Dense[i * dense + j - first] = value; }
                eta += beta[j] * value;
            }
            if (gamma.Length > 0)
            {
                var level = (int)(gamma.Length * Math.Pow(random.NextDouble(), 3));
                var name = $"g[l{level:00}]";
                var column = schema.Find(name);
                block.Indices[i] = column >= 0 ? column : schema.Add(terms.Count - 1, [$"l{level:00}"]);
                eta += gamma[level];
            }
            if (hasOffset)
            {
                block.Offset[i] = 0.5 * Normal(random);
                eta += block.Offset[i];
            }
            block.Response[i] = draw(random, eta);
            block.Weight[i] = 1;
            block.Cluster[i] = i / 10;
        }
        block.Columns = schema.Columns.Count;
        return new(schema, block) { HasOffset = hasOffset };
    }

    public static double Bernoulli(Random random, double eta) => random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double Poisson(Random random, double eta)
    {
        var (count, left) = (-1, Math.Exp(-Math.Exp(eta)));
        for (var product = 1.0; product > left; count++) { product *= random.NextDouble(); }
        return count;
    }

    /// <summary>Rows as a block of their own, which knows the columns met so far.</summary>
    public Block Slice(int start, int count)
    {
        var buffer = new RowBuffer(Layout);
        buffer.Append(_all, start, count);
        buffer.Rows.Columns = _all.DenseColumns;
        foreach (var column in _all.Indices.AsSpan(0, (start + count) * _all.Slots)) { buffer.Rows.Columns = Math.Max(buffer.Rows.Columns, column + 1); }
        return buffer.Rows;
    }

    public Estimator Estimator(IModel model, EstimatorOptions? options = null) =>
        FisherFlow.Estimation.Estimator.Create(model, Schema, options ?? new(), Layout, HasOffset);

    public Estimator Fit(IModel model, EstimatorOptions? options = null, int blockRows = 500, int start = 0, int? count = null)
    {
        var estimator = Estimator(model, options);
        Feed(estimator, blockRows, start, count ?? _all.Count - start);
        return estimator;
    }

    public void Feed(Estimator estimator, int blockRows, int start, int count)
    {
        for (var done = 0; done < count; done += blockRows) { estimator.Observe(Slice(start + done, Math.Min(blockRows, count - done))); }
    }

    public Estimate Solve(Estimator estimator) => estimator.Solve(new(Schema, estimator.Model));

    /// <summary>Standard errors in the order of the identification, unscaled.</summary>
    public static double[] StandardErrors(Estimate estimate)
    {
        var variances = new double[estimate.Factor.Rank];
        estimate.Factor.InverseDiagonal(variances);
        return [.. variances.Select(Math.Sqrt)];
    }

    /// <summary>The largest difference of two estimates in the first's standard errors, over finite coefficients.</summary>
    public static double Distance(Estimate a, Estimate b)
    {
        var errors = StandardErrors(a);
        var worst = 0.0;
        for (var i = 0; i < a.Factor.Rank; i++)
        {
            var p = a.Factor.Kept[i];
            if (!a.Separated[p] && !b.Separated[p]) { worst = Math.Max(worst, Math.Abs(a.Theta[p] - b.Theta[p]) / errors[i]); }
        }
        return worst;
    }
}
