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

    /// <summary>The parameters of a distribution, from the lines of its table.</summary>
    internal static IReadOnlyList<NaturalParameter> Of(DistributionalModel model, IReadOnlyList<Coefficient> coefficients)
    {
        var parameters = new List<NaturalParameter>();
        foreach (var parameter in model.Parameters)
        {
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
        return parameters;
    }
}
