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
    internal const double Negligible = 1e-4;   // a share of the information that 10⁴ rows would have to make up for one
    internal const double Convincing = 3;      // odds of twenty to one for the component that is one more

    /// <summary>The components, by their mean responses when they were started.</summary>
    public required IReadOnlyList<MixtureComponent> Components { get; init; }

    /// <summary>Rows observed.</summary>
    public required long Observations { get; init; }

    /// <summary>The log-likelihood of the rows at the components: exactly while they are all in memory, by each row's own quadratic afterwards.</summary>
    public required double LogLikelihood { get; init; }

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

    /// <summary>Whether the components are those of a maximum of the likelihood, or as near to one as a sample of the rows can bring them.</summary>
    /// <remarks>Not where iterations ended at their limit or at a saddle, nor where parts of the stream were too unlike and only some rows are left to start again from; <see cref="Refusal"/> says more.</remarks>
    public required bool Converged { get; init; }

    /// <summary>Standard errors as the components themselves (of π, β, σ), or null.</summary>
    public IReadOnlyList<MixtureComponent>? StandardErrors { get; init; }

    /// <summary>Why there are no standard errors; null when there are.</summary>
    public string? Refusal { get; init; }

    /// <summary>Lists what was solved for.</summary>
    internal static MixtureReport Of(MixtureSolution solution, long count, double prequential) => new()
    {
        Components = List(solution.Model, solution.Theta),
        Averages = List(solution.Model, solution.Averages),
        Observations = count,
        LogLikelihood = solution.LogLikelihood,
        PrequentialLogLikelihood = prequential,
        Advantage = solution.Advantage,
        Converged = solution.IsConverged,
        InformationShares = solution.Shares,
        StandardErrors = solution.Refusal is null ? Errors(solution) : null,
        Refusal = solution.Refusal,
    };

    static MixtureComponent[] List(MixtureModel model, double[] theta)
    {
        var weights = new double[model.Components];
        Models.Distributions.MixtureDensity.Weights([.. Enumerable.Range(0, weights.Length).Select(k => theta[model.Weight(k)])], weights);
        return [.. weights.Select((weight, k) => new MixtureComponent(weight, theta[(k * model.Stride)..(k * model.Stride + model.Columns)], Math.Exp(theta[model.Scale(k)])))];
    }

    static MixtureComponent[] Errors(MixtureSolution solution)
    {
        var (errors, size) = (new MixtureComponent[solution.Model.Components], solution.Size);
        for (var k = 0; k < errors.Length; k++)
        {
            var coefficients = new double[solution.Model.Columns];
            for (var i = 0; i < solution.Kept.Length; i++) { coefficients[solution.Kept[i]] = Math.Sqrt(solution.Covariance![solution.Coefficient(k, i) * (size + 1)]); }
            errors[k] = new(solution.WeightError(k), coefficients, Math.Exp(solution.Theta[solution.Model.Scale(k)]) * Math.Sqrt(solution.Covariance![solution.Scale(k) * (size + 1)]));
        }
        return errors;
    }
}
