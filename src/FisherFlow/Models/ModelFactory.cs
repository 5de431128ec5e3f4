using FisherFlow.Models.Families;
using FisherFlow.Models.Links;

namespace FisherFlow.Models;

/// <summary>Makes the model that a specification names.</summary>
public static class ModelFactory
{
    /// <summary>The model of that family and link.</summary>
    /// <exception cref="ArgumentException">The family has no such link; the message lists those it has.</exception>
    public static IModel Create(ModelSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var link = ModelNames.Resolve(specification);
        return specification.Family switch
        {
            Family.Gaussian => Glm(default(Gaussian), link, specification),
            Family.Binomial => Glm(default(Binomial), link, specification),
            Family.Poisson => Glm(default(Poisson), link, specification),
            _ => throw new ArgumentException($"family {ModelNames.Name(specification.Family)} is unknown", nameof(specification)),
        };
    }

    static IModel Glm<TFamily>(TFamily family, Link link, ModelSpecification specification) where TFamily : struct, IFamily<TFamily> => link switch
    {
        Link.Identity => new Glm<TFamily, IdentityLink>(family, default, specification.EstimateDispersion),
        Link.Log => new Glm<TFamily, LogLink>(family, default, specification.EstimateDispersion),
        Link.Logit => new Glm<TFamily, LogitLink>(family, default, specification.EstimateDispersion),
        _ => throw new ArgumentException($"link {ModelNames.Name(link)} is unknown", nameof(link)),
    };
}
