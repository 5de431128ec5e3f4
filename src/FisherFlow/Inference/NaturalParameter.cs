using FisherFlow.Estimation;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Inference;

/// <summary>A parameter of a distribution, on its own scale where it is the same for every row.</summary>
public sealed record NaturalParameter
{
    /// <summary>Its name: <c>scale</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How it is tied to its predictor: <c>identity</c>, <c>log</c>, <c>logit</c>.</summary>
    public required string Link { get; init; }

    /// <summary>Its value; null where it follows predictors, or has none.</summary>
    public double? Estimate { get; init; }

    /// <summary>Its standard error, by the delta method.</summary>
    public double? StandardError { get; init; }

    /// <summary>Lower limit: that of the predictor, mapped.</summary>
    public double? Lower { get; init; }

    /// <summary>Upper limit.</summary>
    public double? Upper { get; init; }

    /// <summary>The parameters of a distribution, from the lines of its table; the weights of a mixture, all of them, from what is said of it.</summary>
    internal static IReadOnlyList<NaturalParameter> Of(DistributionalModel model, IReadOnlyList<Coefficient> coefficients, MixtureJudgement? mixture, double level)
    {
        var parameters = new List<NaturalParameter>();
        foreach (var parameter in model.Parameters)
        {
            if (mixture is not null && parameters.Count == 2 * model.Leading) { break; }   // weights are left
            var natural = new NaturalParameter { Name = parameter.Name, Link = parameter.Domain.Link };
            var lines = coefficients.Where(line => line.Parameter == parameter.Name).ToList();
            if (lines is [{ IsConstant: true, Status: CoefficientStatus.Ok, Estimate: { } eta } line])
            {
                var at = parameter.Domain.At(eta);
                natural = natural with
                {
                    Estimate = Number.Finite(at.Value),
                    StandardError = line.StandardError is { } error ? Number.Finite(at.First * error) : null,
                    Lower = line.Lower is { } lower ? Number.Finite(parameter.Domain.At(lower).Value) : null,
                    Upper = line.Upper is { } upper ? Number.Finite(parameter.Domain.At(upper).Value) : null,
                };
            }
            parameters.Add(natural);
        }
        for (var k = 0; k < mixture?.Weights.Count; k++) { parameters.Add(WeightOf(mixture, k, level)); }
        return parameters;
    }

    /// <summary>A weight with its Wald limits on the logit scale, mapped.</summary>
    static NaturalParameter WeightOf(MixtureJudgement mixture, int component, double level)
    {
        var weight = mixture.Weights[component];
        var natural = new NaturalParameter { Name = $"weight[{component + 1}]", Link = "logit", Estimate = Number.Finite(weight) };
        if (mixture.WeightErrors is not { } errors || !(weight > 0 && weight < 1)) { return natural; }
        var (centre, half) = (Math.Log(weight / (1 - weight)), NormalDistribution.Quantile(level) * errors[component] / (weight * (1 - weight)));
        return natural with { StandardError = Number.Finite(errors[component]), Lower = Number.Finite(1 / (1 + Math.Exp(half - centre))), Upper = Number.Finite(1 / (1 + Math.Exp(-half - centre))) };
    }
}
