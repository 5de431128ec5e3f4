using FisherFlow.Information;
using FisherFlow.Numerics;

namespace FisherFlow.Mixtures;

/// <summary>A mixture solved for in the coordinates of some of its columns, with what may be said of it.</summary>
/// <remarks>The order of a reduced matrix is that of <see cref="MixtureModel.Free"/>: coefficients component by component, log-scales, log-odds of the weights against the first component's.</remarks>
/// <param name="Model">The layout.</param>
/// <param name="Kept">The columns that have coefficients, <c>[k]</c>.</param>
/// <param name="Aliased">Columns that depend on those.</param>
/// <param name="Theta">The parameters <c>[d]</c>; the first log-weight is 0.</param>
/// <param name="Averages">The running average, where rows were expected.</param>
/// <param name="Upper">Triangular factor <c>[r, r]</c> of the information, or of the complete data's where that has none.</param>
/// <param name="Covariance">The inverse of the information <c>[r, r]</c>, or null.</param>
/// <param name="Shares">The share of the complete data's information that the responses alone have, ascending; empty where the complete data's is singular.</param>
/// <param name="LogLikelihood">The log-likelihood at θ.</param>
/// <param name="Gauge">How far θ may be from the maximum, squared and in units of information: the length of the last step, or the noise of the sample that it rests on.</param>
sealed record MixtureSolution(MixtureModel Model, int[] Kept, int[] Aliased, double[] Theta, double[] Averages, double[] Upper, double[]? Covariance, double[] Shares, double LogLikelihood, double Gauge)
{
    const double Apart = 3;   // standard errors

    /// <summary>The quadratic that was solved.</summary>
    public required MixtureEvidence Evidence { get; init; }

    /// <summary>Why there are no standard errors; null when there are.</summary>
    public string? Refusal { get; init; }

    /// <summary>By how much the rows were predicted better than with one component less.</summary>
    public double Advantage { get; init; }

    /// <summary>Whether the iterations ended by convergence.</summary>
    public bool IsConverged { get; init; } = true;

    /// <summary>Whether θ is the maximum of the likelihood of all rows.</summary>
    public bool IsMaximum { get; init; }

    /// <summary>Standard deviations of the parameters about that maximum <c>[r]</c>, in standard errors, where a sample of the rows decides; null where they are not known.</summary>
    public double[]? Deviations { get; init; }

    /// <summary>Free parameters r.</summary>
    public int Size => Model.Components * (Kept.Length + 2) - 1;

    /// <summary>Directions whose share of the information is not negligible.</summary>
    public int Rank => Shares.Count(share => share > MixtureReport.Negligible);

    /// <summary>The place of a component's coefficient in a reduced matrix.</summary>
    public int Coefficient(int component, int place) => component * Kept.Length + place;

    /// <summary>The place of a component's log-scale in a reduced matrix.</summary>
    public int Scale(int component) => Model.Components * Kept.Length + component;

    /// <summary>The place of a component's log-odds in a reduced matrix; the first component has none.</summary>
    public int Odds(int component) => Model.Components * (Kept.Length + 1) + component - 1;

    /// <summary>Solves the quadratic for its maximum, in terms of the columns that come first in an order and do not depend on each other.</summary>
    /// <param name="model">The layout.</param>
    /// <param name="evidence">The quadratic.</param>
    /// <param name="average">Where rows were expected of late, <c>[d]</c>.</param>
    /// <param name="order">Columns to choose from, <c>[n]</c>.</param>
    public static MixtureSolution Of(MixtureModel model, MixtureEvidence evidence, double[] average, ReadOnlySpan<int> order)
    {
        var kept = evidence.Labelled.Kept(order, out var aliased);
        var free = model.Free(kept);
        var (information, complete, averages) = (evidence.Information(free), Complete(model, evidence.Labelled, average, kept), Listed(model, evidence, kept, average));
        var wholeFactor = (double[])complete.Clone();
        var shares = Kernels.Cholesky(wholeFactor, free.Length, free.Length) < 0 ? InformationShares(information, (double[])wholeFactor.Clone(), free.Length) : null;
        var factor = (double[])information.Clone();
        if (shares is null || !(shares[0] > 0) || Kernels.Cholesky(factor, free.Length, free.Length) >= 0)
        {
            if (shares is null) { Array.Clear(wholeFactor); }
            for (var i = 0; shares is null && i < free.Length; i++) { wholeFactor[i * (free.Length + 1)] = 1; }   // of no use but to name what is kept
            return new(model, kept, aliased, averages, averages, wholeFactor, null, shares ?? [], evidence.LogLikelihood(average), double.NaN) { Evidence = evidence };
        }
        var step = Array.ConvertAll(free, i => evidence.Linear[i]);
        Kernels.SolveUpperTransposed(factor, step.Length, step.Length, step);
        Kernels.SolveUpper(factor, step.Length, step.Length, step);
        var theta = evidence.Anchor.ToArray();
        for (var i = 0; i < step.Length; i++) { theta[free[i]] += step[i]; }
        var gauge = 0.0;
        var listed = Listed(model, evidence, kept, theta);
        var moved = Array.ConvertAll(free, i => listed[i] - averages[i]);
        for (var i = 0; i < moved.Length; i++) { gauge += moved[i] * Dot.Product(information.AsSpan(i * moved.Length, moved.Length), moved); }
        return new(model, kept, aliased, listed, averages, factor, Inverse(factor, free.Length), shares, evidence.LogLikelihood(theta), gauge) { Evidence = evidence };
    }

    /// <summary>Refuses what has no covariance, and what lies within three standard errors of where the information is singular.</summary>
    public MixtureSolution Judged(double advantage, double leastVariance)
    {
        var solution = this with { Advantage = advantage, IsConverged = IsConverged && !(Shares.Length > 0 && Shares[0] < -MixtureReport.Negligible) };   // a saddle is no maximum
        if (Shares.Length == 0) { return solution with { Refusal = "a component has no evidence of its own: its weight is 0 and the information is singular; fit fewer components" }; }
        if (MixtureStart.HasSpike(Model, Theta, leastVariance))
        {
            return solution with { Refusal = FormattableString.Invariant($"a component has closed in on a few responses, where the likelihood is unbounded: its sigma is {Math.Sqrt(leastVariance):G3}, below which it is not let; fit fewer components") };
        }
        if (Rank < Size || Covariance is null)
        {
            return solution with { Refusal = FormattableString.Invariant($"the information has rank {Rank} of {Size}: the smallest share of the complete data's information is {Shares[0]:G2}, so the components cannot be told apart; fit fewer of them") };
        }
        if (!(advantage >= MixtureReport.Convincing))
        {
            return solution with { Refusal = FormattableString.Invariant($"{Model.Components} components predict the rows no better than {Model.Components - 1} (log-likelihood {advantage:+0.0;-0.0}, {MixtureReport.Convincing} is convincing): where two coincide the information is singular; fit fewer components, or bring more rows") };
        }
        return solution with { Refusal = Near() };
    }

    /// <summary>Weights πₖ <c>[K]</c>.</summary>
    public double[] Weights()
    {
        var weights = new double[Model.Components];
        Models.Distributions.MixtureDensity.Weights([.. Enumerable.Range(0, weights.Length).Select(k => Theta[Model.Weight(k)])], weights);
        return weights;
    }

    /// <summary>The standard error of a component's weight: <c>∂πₖ/∂log πₒ = πₖ(δₖₒ − πₒ)</c>.</summary>
    public double WeightError(int component)
    {
        var (weights, sum) = (Weights(), 0.0);
        for (var a = 1; a < weights.Length; a++)
        {
            for (var b = 1; b < weights.Length; b++) { sum += Slope(a) * Covariance![Odds(a) * Size + Odds(b)] * Slope(b); }
        }
        return Math.Sqrt(sum);

        double Slope(int other) => weights[component] * ((other == component ? 1 : 0) - weights[other]);
    }

    /// <summary>What lies too near a boundary for Wald's intervals, or null.</summary>
    string? Near()
    {
        var weights = Weights();
        for (var c = 0; c < weights.Length; c++)
        {
            var error = WeightError(c);
            if (!(weights[c] >= Apart * error)) { return FormattableString.Invariant($"component {c + 1} has weight {weights[c]:G3}, {weights[c] / error:G2} of its standard errors from zero, where the information is singular; fit fewer components, or bring more rows"); }
            for (var o = 0; o < c; o++)
            {
                var distance = Math.Sqrt(Distance(o, c));
                if (!(distance >= Apart)) { return FormattableString.Invariant($"components {o + 1} and {c + 1} are {distance:G2} standard errors apart: where they coincide the information is singular; fit fewer components, or bring more rows"); }
            }
        }
        return null;
    }

    /// <summary>Wald's squared distance of two components' lines and scales.</summary>
    double Distance(int a, int b)
    {
        var n = Kept.Length + 1;
        var (spread, difference) = (new double[n * n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            difference[i] = i < Kept.Length ? Theta[a * Model.Stride + Kept[i]] - Theta[b * Model.Stride + Kept[i]] : Theta[Model.Scale(a)] - Theta[Model.Scale(b)];
            for (var j = 0; j < n; j++) { spread[i * n + j] = Entry(a, i, a, j) + Entry(b, i, b, j) - Entry(a, i, b, j) - Entry(b, i, a, j); }
        }
        if (Kernels.Cholesky(spread, n, n) >= 0) { return 0; }
        Kernels.SolveUpperTransposed(spread, n, n, difference);
        return Dot.Product(difference, difference);

        double Entry(int c, int i, int o, int j) => Covariance![(i < Kept.Length ? Coefficient(c, i) : Scale(c)) * Size + (j < Kept.Length ? Coefficient(o, j) : Scale(o))];
    }

    /// <summary>Parameters in terms of the kept columns, the first log-weight 0.</summary>
    static double[] Listed(MixtureModel model, MixtureEvidence evidence, int[] kept, double[] theta)
    {
        var listed = (double[])theta.Clone();
        evidence.Labelled.Recode(kept, listed);
        var first = listed[model.Weight(0)];
        for (var k = 0; k < model.Components; k++) { listed[model.Weight(k)] -= first; }
        return listed;
    }

    /// <summary>The information of the complete data, labels and all: <c>n·E[zₖ xxᵀ]/σₖ²</c>, <c>2nπₖ</c> and <c>n(diag π − ππᵀ)</c>.</summary>
    static double[] Complete(MixtureModel model, MixtureStatistics statistics, double[] theta, int[] kept)
    {
        var (k, n, size, rows) = (model.Components, kept.Length, model.Components * (kept.Length + 2) - 1, statistics.Weight);
        var complete = new double[size * size];
        for (var a = 0; a < k; a++)
        {
            var precision = rows * Math.Exp(-2 * theta[model.Scale(a)]);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++) { complete[(a * n + i) * size + a * n + j] = precision * statistics.Moment(a, kept[i], kept[j]); }
            }
            complete[(k * n + a) * (size + 1)] = 2 * rows * statistics.Share(a);
            for (var b = 1; a > 0 && b < k; b++)
            {
                complete[(k * n + k + a - 1) * size + k * n + k + b - 1] = rows * statistics.Share(a) * ((a == b ? 1 : 0) - statistics.Share(b));
            }
        }
        return complete;
    }

    /// <summary>Eigenvalues of J relative to <c>C = RᵀR</c>, ascending.</summary>
    static double[]? InformationShares(double[] information, double[] factor, int d)
    {
        Kernels.InvertUpper(factor, d, d);
        var (half, whitened) = (new double[d * d], new double[d * d]);
        for (var a = 0; a < d; a++)
        {
            for (var b = 0; b < d; b++) { Dot.Axpy(information[a * d + b], factor.AsSpan(b * d + b, d - b), half.AsSpan(a * d + b, d - b)); }
        }
        for (var a = 0; a < d; a++)
        {
            for (var i = a; i < d; i++) { Dot.Axpy(factor[a * d + i], half.AsSpan(a * d, d), whitened.AsSpan(i * d, d)); }
        }
        var (values, vectors) = (new double[d], new double[d * d]);
        return Kernels.SymmetricEigen(whitened, d, d, values, vectors, d) ? [.. values.Order()] : null;
    }

    static double[] Inverse(double[] factor, int d)
    {
        var (root, inverse) = ((double[])factor.Clone(), new double[d * d]);
        Kernels.InvertUpper(root, d, d);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                var from = Math.Max(i, j);
                inverse[i * d + j] = Dot.Product(root.AsSpan(i * d + from, d - from), root.AsSpan(j * d + from, d - from));
            }
        }
        return inverse;
    }
}
