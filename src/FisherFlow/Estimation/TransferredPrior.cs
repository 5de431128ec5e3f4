using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>Another state's estimate with its covariance, by the names of its coefficients: a prior for data of which it is believed as far as they agree.</summary>
public sealed class TransferredPrior
{
    readonly string[] _names;
    readonly double[] _theta;
    readonly double[] _covariance;   // [k, k], the dispersion in it

    readonly string[] _references;   // factor=level

    TransferredPrior(string[] names, double[] theta, double[] covariance, string[] references, double? discount) =>
        (_names, _theta, _covariance, _references, Discount) = (names, theta, covariance, references, discount);

    /// <summary>Share of its information that counts; null lets the data say (<see cref="TransferDiscount"/>).</summary>
    public double? Discount { get; }

    /// <summary>Takes an estimate for a prior.</summary>
    /// <param name="estimate">The other state's estimate.</param>
    /// <param name="schema">Its names.</param>
    /// <param name="model">Its model.</param>
    /// <param name="identification">The identification it was solved under.</param>
    /// <param name="discount">Share of its information that counts, or null.</param>
    /// <exception cref="ArgumentException">It has no covariance matrix to pass on.</exception>
    public static TransferredPrior From(Estimate estimate, DesignSchema schema, IModel model, Identification identification, double? discount)
    {
        var factor = estimate.Factor;
        if (factor.IsDiagonal) { throw new ArgumentException("a state with only the variances of its coefficients has no covariance to pass on as a prior"); }
        var degrees = estimate.Structured?.DispersionDegrees ?? estimate.Responses.Observations - factor.Rank;
        if (model.EstimatesDispersion && !(degrees > 0)) { throw new ArgumentException("a state without degrees of freedom for its dispersion has no standard errors to pass on as a prior"); }
        var dispersion = model.EstimatesDispersion ? estimate.Pearson / degrees : 1;
        var covariance = factor.Inverse();
        for (var i = 0; i < covariance.Length; i++) { covariance[i] *= dispersion; }
        var names = Names(schema, model, identification);
        return new([.. factor.Kept.Select(p => names[p])], [.. factor.Kept.Select(p => estimate.Theta[p])], covariance, References(identification), discount);
    }

    /// <summary>Pulls an estimate towards the prior: the precision-weighted mean over the coefficients that both have.</summary>
    /// <param name="theta">θ <c>[d]</c>, replaced.</param>
    /// <param name="factor">Factor of its information, unscaled.</param>
    /// <param name="dispersion">φ.</param>
    /// <param name="names">Names of the parameters.</param>
    /// <param name="identification">The identification that θ is solved under.</param>
    /// <param name="share">The share a₀ that counted.</param>
    /// <exception cref="InvalidOperationException">A factor has another reference level here, so that its coefficients mean something else.</exception>
    internal Factor Apply(double[] theta, Factor factor, double dispersion, IReadOnlyDictionary<int, string> names, Identification identification, out double share)
    {
        foreach (var reference in References(identification))
        {
            var other = Array.Find(_references, r => r.StartsWith(reference[..(reference.IndexOf('=', StringComparison.Ordinal) + 1)], StringComparison.Ordinal));
            if (other is not null && other != reference) { throw new InvalidOperationException($"the prior's coefficients are against the reference level {other}, and these against {reference}: give both fits the same with --ref"); }
        }
        var pairs = new List<(int Here, int There)>();
        for (var i = 0; i < factor.Rank; i++)
        {
            var there = names.TryGetValue(factor.Kept[i], out var name) ? Array.IndexOf(_names, name) : -1;
            if (there >= 0) { pairs.Add((i, there)); }
        }
        var (m, k) = (pairs.Count, factor.Rank);
        var (covariance, distance, target, source) = (factor.Inverse(), new double[m], new double[m * m], new double[m * m]);
        for (var a = 0; a < m; a++)
        {
            distance[a] = theta[factor.Kept[pairs[a].Here]] - _theta[pairs[a].There];
            for (var b = 0; b < m; b++)
            {
                target[a * m + b] = dispersion * covariance[pairs[a].Here * k + pairs[b].Here];
                source[a * m + b] = _covariance[pairs[a].There * _names.Length + pairs[b].There];
            }
        }
        share = Discount ?? TransferDiscount.Of(distance, target, source);
        var (precision, added) = (Precision(factor), Inverse(source, m));
        var right = new double[theta.Length];
        for (var a = 0; a < m; a++)
        {
            for (var b = 0; b < m; b++)
            {
                var weight = dispersion * share * added[a * m + b];
                precision[Math.Min(pairs[a].Here, pairs[b].Here) * k + Math.Max(pairs[a].Here, pairs[b].Here)] += pairs[a].Here == pairs[b].Here || a < b ? weight : 0;
                right[factor.Kept[pairs[a].Here]] -= weight * distance[b];   // towards the source, from here
            }
        }
        int[] kept = [.. factor.Kept];
        var upper = LimitedPivoting.Cholesky(precision, kept, null, out var sound, out var lost);
        var pulled = new Factor(theta.Length, sound, [.. factor.Aliased, .. lost], upper, new double[theta.Length]);
        var step = new double[theta.Length];
        pulled.Solve(right, step);
        for (var i = 0; i < theta.Length; i++) { theta[i] += step[i]; }
        return pulled;
    }

    /// <summary>The names of the free parameters; an outcome's come with the outcome.</summary>
    internal static Dictionary<int, string> Names(DesignSchema schema, IModel model, Identification identification)
    {
        var names = new Dictionary<int, string>();
        foreach (var free in identification.Free)
        {
            names[free.Index] = free.Column < 0 ? $"{schema.Outcomes[free.Outcome]}|{schema.Outcomes[free.Outcome + 1]}"
                : model.IsOrdinal || schema.Outcomes.Count == 0 ? schema.Name(free.Column) : $"{schema.Outcomes[free.Outcome]}: {schema.Name(free.Column)}";
        }
        return names;
    }

    static string[] References(Identification identification) => [.. identification.References.Select(pair => $"{pair.Key}={pair.Value}")];

    /// <summary>Writes the prior, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_names);
        writer.Write(_theta);
        writer.Write(_covariance);
        writer.Write(_references);
        writer.Write(Discount ?? double.NaN);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Lengths disagree.</exception>
    public static TransferredPrior Load(StateReader reader)
    {
        var (names, theta, covariance) = (reader.ReadTexts(), reader.ReadDoubles(), reader.ReadDoubles());
        var (references, discount) = (reader.ReadTexts(), reader.ReadDouble());
        if (theta.Length != names.Length || covariance.Length != names.Length * names.Length) { throw new InvalidDataException($"a prior for {names.Length} coefficients comes with {theta.Length} numbers and {covariance.Length} covariances"); }
        return new(names, theta, covariance, references, double.IsNaN(discount) ? null : discount);
    }

    static double[] Precision(Factor factor)
    {
        var (k, precision) = (factor.Rank, new double[factor.Rank * factor.Rank]);
        var upper = factor.Upper;
        for (var i = 0; i < k; i++)
        {
            for (var j = i; j < k; j++)
            {
                var sum = 0.0;   // (RᵀR)[i, j]
                for (var l = 0; l <= i; l++) { sum += upper[l * k + i] * upper[l * k + j]; }
                precision[i * k + j] = sum;
            }
        }
        return precision;
    }

    static double[] Inverse(double[] covariance, int m)
    {
        var (order, upper) = (Enumerable.Range(0, m).ToArray(), (double[])covariance.Clone());
        for (var i = 1; i < m; i++) { upper.AsSpan(i * m, i).Clear(); }
        return new Factor(m, order, [], LimitedPivoting.Cholesky(upper, order, 0, out _, out _), new double[m]).Inverse();
    }
}
