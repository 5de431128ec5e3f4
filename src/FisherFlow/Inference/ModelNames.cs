using FisherFlow.Models;

namespace FisherFlow.Inference;

/// <summary>The names of families and links as the command line and the JSON contract spell them.</summary>
public static class ModelNames
{
    /// <summary>A family's name.</summary>
    public static string Of(Family family) => family switch
    {
        Family.Gaussian => "gaussian",
        Family.Binomial => "binomial",
        Family.Poisson => "poisson",
        Family.Gamma => "gamma",
        Family.InverseGaussian => "inverse-gaussian",
        Family.NegativeBinomial => "negative-binomial",
        Family.Tweedie => "tweedie",
        Family.Multinomial => "multinomial",
        Family.Ordinal => "ordinal",
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "not a family"),
    };

    /// <summary>A link's name, as R writes it.</summary>
    public static string Of(Link link) => link switch
    {
        Link.Identity => "identity",
        Link.Log => "log",
        Link.Inverse => "inverse",
        Link.InverseSquare => "1/mu^2",
        Link.Sqrt => "sqrt",
        Link.Logit => "logit",
        Link.Probit => "probit",
        Link.ComplementaryLogLog => "cloglog",
        Link.Cauchit => "cauchit",
        _ => throw new ArgumentOutOfRangeException(nameof(link), link, "a default link must be resolved first"),
    };

    /// <summary>A covariance's name.</summary>
    public static string Of(CovarianceKind kind) => kind switch
    {
        CovarianceKind.Model => "model",
        CovarianceKind.HC0 => "hc0",
        CovarianceKind.HC1 => "hc1",
        CovarianceKind.HC3 => "hc3",
        CovarianceKind.Cluster => "cluster",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a covariance"),
    };

    /// <summary>The link in use: the one asked for, or the family's customary one.</summary>
    public static Link Resolve(ModelSpecification specification) => specification.Link != Link.Default ? specification.Link : specification.Family switch
    {
        Family.Gaussian => Link.Identity,
        Family.Binomial or Family.Multinomial or Family.Ordinal => Link.Logit,
        Family.Gamma => Link.Inverse,
        Family.InverseGaussian => Link.InverseSquare,
        _ => Link.Log,
    };
}
