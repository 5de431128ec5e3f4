using FisherFlow.Numerics;

namespace FisherFlow.Mixtures;

/// <summary>A component of a mixture: <c>π·N(xᵀβ, σ²)</c>.</summary>
/// <param name="Weight">π.</param>
/// <param name="Coefficients">β <c>[p]</c>.</param>
/// <param name="Scale">σ.</param>
public sealed record MixtureComponent(double Weight, IReadOnlyList<double> Coefficients, double Scale);

/// <summary>What a mixture says after its rows: components always, standard errors only where the information can be inverted and trusted.</summary>
/// <remarks>
/// Fisher's information of a mixture is singular where a weight is 0 or two components coincide, and near such a point Wald's intervals mean nothing. The report therefore
/// gives the rank: the eigenvalues of the information relative to that of the complete data (the share of it that is not lost for want of the labels), and refuses
/// standard errors, saying why, when a share is negligible, a weight lies within three of its standard errors of zero, two components lie within three of each other, or
/// the rows were not predicted convincingly better than with one component less. Source: Chen (1995) for what happens near such points.
/// </remarks>
public sealed record MixtureReport
{
    const double Negligible = 1e-4;   // a share of the information that 10⁴ rows would have to make up for one
    const double Apart = 3;           // standard errors
    const double Convincing = 3;      // odds of twenty to one for the component that is one more

    /// <summary>The components, by their first coefficients when they were started.</summary>
    public required IReadOnlyList<MixtureComponent> Components { get; init; }

    /// <summary>Rows observed.</summary>
    public required long Observations { get; init; }

    /// <summary>The log-likelihood of the rows, each at the parameters known when it came.</summary>
    public required double PrequentialLogLikelihood { get; init; }

    /// <summary>The share of the complete data's information that the responses alone have, by direction, ascending; the smallest decides.</summary>
    public required IReadOnlyList<double> InformationShares { get; init; }

    /// <summary>Directions whose share is not negligible.</summary>
    public int Rank => InformationShares.Count(share => share > Negligible);

    /// <summary>The components as the running average has them, without the last Newton step.</summary>
    public required IReadOnlyList<MixtureComponent> Averages { get; init; }

    /// <summary>By how much the rows were predicted better than with one component less, in units of log-likelihood.</summary>
    public required double Advantage { get; init; }

    /// <summary>Standard errors as the components themselves (of π, β, σ), or null.</summary>
    public IReadOnlyList<MixtureComponent>? StandardErrors { get; init; }

    /// <summary>Why there are no standard errors; null when there are.</summary>
    public string? Refusal { get; init; }

    /// <summary>Reads the report from what a mixture has summed.</summary>
    internal static MixtureReport Of(MixtureModel model, MixtureEvidence evidence, long count, double logLikelihood, double advantage)
    {
        var averages = List(model, evidence.Average);
        var report = new MixtureReport
        {
            Components = averages,
            Averages = averages,
            Observations = count,
            PrequentialLogLikelihood = logLikelihood,
            Advantage = advantage,
            InformationShares = [],
        };
        var d = model.Dimension - 1;   // the last log-weight is held at zero: only their differences mean anything
        var reduced = new double[d * d];
        for (var i = 0; i < d; i++) { evidence.Information.AsSpan(i * model.Dimension, d).CopyTo(reduced.AsSpan(i * d)); }
        var weights = averages.Select(component => component.Weight).ToArray();
        var shares = Shares(reduced, Complete(model, evidence, weights, count), d);
        if (shares is null) { return report with { Refusal = "a component has no evidence of its own: its weight is 0 and the information is singular; fit fewer components" }; }
        report = report with { InformationShares = shares };
        if (report.Rank < d)
        {
            return report with { Refusal = FormattableString.Invariant($"the information has rank {report.Rank} of {d}: the smallest share of the complete data's information is {shares[0]:G2}, so the components cannot be told apart; fit fewer of them") };
        }
        var covariance = Inverse(reduced, d);
        if (covariance is null) { return report with { Refusal = "the information cannot be inverted" }; }
        var theta = new double[model.Dimension];
        for (var i = 0; i < d; i++) { theta[i] = Dot.Product(covariance.AsSpan(i * d, d), evidence.Linear.AsSpan(0, d)); }
        report = report with { Components = List(model, theta) };
        if (!(advantage >= Convincing))
        {
            return report with { Refusal = FormattableString.Invariant($"{model.Components} components predict the rows no better than {model.Components - 1} (log-likelihood {advantage:+0.0;-0.0}, {Convincing} is convincing): where two coincide the information is singular; fit fewer components, or bring more rows") };
        }
        return Judge(report, model, theta, covariance, d);
    }

    static MixtureComponent[] List(MixtureModel model, double[] theta)
    {
        var weights = new double[model.Components];
        model.Weights(theta, weights);
        return [.. weights.Select((weight, k) => new MixtureComponent(weight, theta[(k * model.Stride)..(k * model.Stride + model.Columns)], Math.Exp(theta[k * model.Stride + model.Columns])))];
    }

    /// <summary>Refuses where a boundary is within three standard errors; otherwise turns the covariance into standard errors by the delta method.</summary>
    static MixtureReport Judge(MixtureReport report, MixtureModel model, double[] theta, double[] covariance, int d)
    {
        var weights = report.Components.Select(component => component.Weight).ToArray();
        var (k, p, stride) = (model.Components, model.Columns, model.Stride);
        var errors = new MixtureComponent[k];
        var gradient = new double[d];
        for (var c = 0; c < k; c++)
        {
            Array.Clear(gradient);
            for (var o = 0; o < k; o++)
            {
                if (o * stride + p + 1 < d) { gradient[o * stride + p + 1] = weights[c] * ((o == c ? 1 : 0) - weights[o]); }
            }
            var coefficients = new double[p];
            for (var j = 0; j < p; j++) { coefficients[j] = Math.Sqrt(covariance[(c * stride + j) * (d + 1)]); }
            errors[c] = new(Math.Sqrt(Quadratic(covariance, gradient, d)), coefficients, report.Components[c].Scale * Math.Sqrt(covariance[(c * stride + p) * (d + 1)]));
            if (weights[c] < Apart * errors[c].Weight)
            {
                return report with { Refusal = FormattableString.Invariant($"component {c + 1} has weight {weights[c]:G3} with a standard error of {errors[c].Weight:G3}: zero, where the information is singular, is within {Apart} of them; fit fewer components, or bring more rows") };
            }
        }
        for (var a = 0; a < k; a++)
        {
            for (var b = 0; b < a; b++)
            {
                var distance = Math.Sqrt(Distance(theta, covariance, a * stride, b * stride, p + 1, d));
                if (!(distance >= Apart))
                {
                    return report with { Refusal = FormattableString.Invariant($"components {b + 1} and {a + 1} are {distance:G2} standard errors apart: where they coincide the information is singular; fit fewer components, or bring more rows") };
                }
            }
        }
        return report with { StandardErrors = errors };
    }

    /// <summary>The information of the complete data, labels and all: <c>n·E[zₖ xxᵀ]/σₖ²</c>, <c>2nπₖ</c> and <c>n(diag π − ππᵀ)</c>.</summary>
    static double[] Complete(MixtureModel model, MixtureEvidence evidence, double[] weights, long count)
    {
        var d = model.Dimension - 1;
        var complete = new double[d * d];
        for (var a = 0; a < model.Components; a++)
        {
            var at = a * model.Stride;
            var precision = count * Math.Exp(-2 * evidence.Average[at + model.Columns]);
            for (var i = 0; i < model.Columns; i++)
            {
                for (var j = i; j < model.Columns; j++) { complete[(at + i) * d + at + j] = complete[(at + j) * d + at + i] = precision * evidence.Statistics.Moment(a, i, j); }
            }
            complete[(at + model.Columns) * (d + 1)] = 2 * weights[a] * count;
            for (var b = 0; b < model.Components; b++)
            {
                var (row, column) = (at + model.Columns + 1, b * model.Stride + model.Columns + 1);
                if (row < d && column < d) { complete[row * d + column] = count * weights[a] * ((a == b ? 1 : 0) - weights[b]); }
            }
        }
        return complete;
    }

    /// <summary>Eigenvalues of J relative to C, ascending; null where C is singular.</summary>
    static double[]? Shares(double[] information, double[] complete, int d)
    {
        if (Kernels.Cholesky(complete, d, d) >= 0) { return null; }
        Kernels.InvertUpper(complete, d, d);
        var whitened = new double[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                for (var a = 0; a <= i; a++)
                {
                    var sum = 0.0;
                    for (var b = 0; b <= j; b++) { sum += information[a * d + b] * complete[b * d + j]; }
                    whitened[i * d + j] += complete[a * d + i] * sum;
                }
            }
        }
        var (values, vectors) = (new double[d], new double[d * d]);
        return Kernels.SymmetricEigen(whitened, d, d, values, vectors, d) ? [.. values.Order()] : null;
    }

    static double[]? Inverse(double[] information, int d)
    {
        var factor = (double[])information.Clone();
        if (Kernels.Cholesky(factor, d, d) >= 0) { return null; }
        Kernels.InvertUpper(factor, d, d);
        var inverse = new double[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                for (var k = Math.Max(i, j); k < d; k++) { inverse[i * d + j] += factor[i * d + k] * factor[j * d + k]; }
            }
        }
        return inverse;
    }

    static double Quadratic(double[] matrix, ReadOnlySpan<double> vector, int d)
    {
        var sum = 0.0;
        for (var i = 0; i < d; i++) { sum += vector[i] * Dot.Product(matrix.AsSpan(i * d, d), vector); }
        return sum;
    }

    /// <summary>Wald's squared distance of two components' lines and scales, per number.</summary>
    static double Distance(double[] theta, double[] covariance, int a, int b, int length, int d)
    {
        var (spread, difference) = (new double[length * length], new double[length]);
        for (var i = 0; i < length; i++)
        {
            difference[i] = theta[a + i] - theta[b + i];
            for (var j = 0; j < length; j++)
            {
                spread[i * length + j] = covariance[(a + i) * d + a + j] + covariance[(b + i) * d + b + j] - covariance[(a + i) * d + b + j] - covariance[(b + i) * d + a + j];
            }
        }
        if (Kernels.Cholesky(spread, length, length) >= 0) { return 0; }
        Kernels.SolveUpperTransposed(spread, length, length, difference);
        return Dot.Product(difference, difference);
    }
}

/// <summary>What a mixture has summed.</summary>
/// <param name="Average">The running average of the parameters, <c>[d]</c>.</param>
/// <param name="Statistics">The expected sufficient statistics.</param>
/// <param name="Information">I of <see cref="MixtureModel.AddEvidence"/>, <c>[d, d]</c>.</param>
/// <param name="Linear">b of <see cref="MixtureModel.AddEvidence"/>, <c>[d]</c>.</param>
sealed record MixtureEvidence(double[] Average, MixtureStatistics Statistics, double[] Information, double[] Linear);
