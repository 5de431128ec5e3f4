using FisherFlow.Models.Distributions;
using FisherFlow.Models.Families;
using FisherFlow.Models.Links;

namespace FisherFlow.Models;

/// <summary>Makes the model that a specification names.</summary>
public static class ModelFactory
{
    /// <summary>The model of that family and link.</summary>
    /// <exception cref="ArgumentException">The family has no such link (the message lists those it has), no quasi-likelihood, or no such power.</exception>
    /// <param name="specification">Family, link and dispersion.</param>
    /// <param name="schema">The design, which a distribution's predictors share by their terms; by default all use all of it.</param>
    /// <param name="layout">What responses have besides their value.</param>
    public static IModel Create(ModelSpecification specification, DesignSchema? schema = null, ResponseLayout layout = default)
    {
        ArgumentNullException.ThrowIfNull(specification);
        if (specification.Family == Family.Distributional)
        {
            var model = DistributionCatalog.Create(specification.Distribution);
            return schema is null ? model : model.With(PredictorDesign.Of(schema), layout);
        }
        var link = ModelNames.Resolve(specification);
        var quasi = specification.EstimateDispersion;
        if (quasi && specification.Family is (Family.NegativeBinomial or Family.Multinomial or Family.Ordinal))
        {
            throw new ArgumentException(
                $"the {ModelNames.Name(specification.Family)} family has no dispersion to estimate; binomial and poisson have (quasi-likelihood), and the others always estimate it",
                nameof(specification));
        }
        return (specification.Family, link) switch
        {
            (Family.Gaussian, Link.Identity) => new Glm<Gaussian, IdentityLink>(default, default, quasi),
            (Family.Gaussian, Link.Log) => new Glm<Gaussian, LogLink>(default, default, quasi),
            (Family.Gaussian, Link.Inverse) => new Glm<Gaussian, InverseLink>(default, default, quasi),
            (Family.Binomial, Link.Logit) => new Glm<Binomial, LogitLink>(default, default, quasi),
            (Family.Binomial, Link.Probit) => new Glm<Binomial, ProbitLink>(default, default, quasi),
            (Family.Binomial, Link.ComplementaryLogLog) => new Glm<Binomial, ComplementaryLogLogLink>(default, default, quasi),
            (Family.Binomial, Link.Cauchit) => new Glm<Binomial, CauchitLink>(default, default, quasi),
            (Family.Binomial, Link.Log) => new Glm<Binomial, LogLink>(default, default, quasi),
            (Family.Poisson, Link.Log) => new Glm<Poisson, LogLink>(default, default, quasi),
            (Family.Poisson, Link.Identity) => new Glm<Poisson, IdentityLink>(default, default, quasi),
            (Family.Poisson, Link.Sqrt) => new Glm<Poisson, SqrtLink>(default, default, quasi),
            (Family.Gamma, Link.Inverse) => new Glm<Gamma, InverseLink>(default, default, quasi),
            (Family.Gamma, Link.Log) => new Glm<Gamma, LogLink>(default, default, quasi),
            (Family.Gamma, Link.Identity) => new Glm<Gamma, IdentityLink>(default, default, quasi),
            (Family.InverseGaussian, Link.InverseSquare) => new Glm<InverseGaussian, InverseSquareLink>(default, default, quasi),
            (Family.InverseGaussian, Link.Log) => new Glm<InverseGaussian, LogLink>(default, default, quasi),
            (Family.InverseGaussian, Link.Inverse) => new Glm<InverseGaussian, InverseLink>(default, default, quasi),
            (Family.NegativeBinomial, Link.Log) => new Glm<NegativeBinomial, LogLink>(new(1), default, quasi),
            (Family.Tweedie, Link.Log) => new Glm<Tweedie, LogLink>(new(Power(specification)), default, quasi),
            (Family.Tweedie, Link.Identity) => new Glm<Tweedie, IdentityLink>(new(Power(specification)), default, quasi),
            (Family.Tweedie, Link.Inverse) => new Glm<Tweedie, InverseLink>(new(Power(specification)), default, quasi),
            (Family.Multinomial, Link.Logit) => new Multinomial(),
            (Family.Ordinal, Link.Logit) => new Ordinal<LogitLink>(default),
            (Family.Ordinal, Link.Probit) => new Ordinal<ProbitLink>(default),
            (Family.Ordinal, Link.ComplementaryLogLog) => new Ordinal<ComplementaryLogLogLink>(default),
            _ => throw new ArgumentException($"no model has family {ModelNames.Name(specification.Family)} and link {ModelNames.Name(link)}", nameof(specification)),
        };
    }

    static double Power(ModelSpecification specification) => specification.Power is (> 1 and < 2) or (> 2 and <= 4)
        ? specification.Power
        : throw new ArgumentException(
            $"a Tweedie power of {specification.Power} is not legal; it lies strictly between 1 and 2, or above 2 up to 4 (1 is poisson, 2 gamma, 3 also inverse-gaussian)",
            nameof(specification));
}
