using FisherFlow.Differentiation;
using FisherFlow.Models;
using FisherFlow.Models.Families;
using FisherFlow.Models.Links;

namespace FisherFlow.Tests.Models;

/// <summary>A family with a link, places to look at it, and its distribution as nodes and weights.</summary>
abstract class FamilyCase(string name, double dispersion, double auxiliary, double[] etas, double[] responses)
{
    public string Name => name;
    public double Dispersion => dispersion;
    public double Auxiliary => auxiliary;
    public double[] Etas => etas;
    public double[] Responses => responses;
    public abstract IModel Model { get; }
    public abstract Jet LogDensity(Jet eta, double response);
    public abstract Jet Mean(Jet eta);
    public abstract double Predictor(double mean);

    /// <summary>The log-density of the saturated model, where μ = y or as near as μ may come.</summary>
    public double Saturated(double response) =>
        response == 0 || (response == 1 && name.StartsWith("binomial", StringComparison.Ordinal)) ? 0 : LogDensity(Predictor(response), response).Value;

    /// <summary>Responses with their probabilities: all counts, or the trapezoidal rule, whose error is below rounding for densities that decay at both ends.</summary>
    public IEnumerable<(double Response, double Probability)> Distribution(double eta)
    {
        var mean = Mean(eta).Value;
        switch (name.Split(' ')[0])
        {
            case "binomial":
                return Counts(1);
            case "poisson" or "negative-binomial":
                return Counts(500);
            case "gaussian":
                return Enumerable.Range(-1200, 2401).Select(i => mean + i * 0.01 * Math.Sqrt(dispersion)).Select(y => (y, Density(y) * 0.01 * Math.Sqrt(dispersion)));
            default:
                var positive = Enumerable.Range(-2500, 3100).Select(i => mean * Math.Exp(0.015 * i)).Select(y => (y, Density(y) * y * 0.015));
                return name.StartsWith("tweedie", StringComparison.Ordinal) ? positive.Append((0.0, Density(0))) : positive;
        }

        double Density(double y) => Math.Exp(LogDensity(eta, y).Value);
        IEnumerable<(double, double)> Counts(int last) => Enumerable.Range(0, last + 1).Select(y => ((double)y, Density(y)));
    }

    /// <summary>Weight, score and sums of a single row with η as its parameter.</summary>
    public (double Weight, double Score, FitSums Sums) At(double eta, double response, double leverage = double.NaN)
    {
        var sums = default(FitSums);
        var block = SmallBlock.Single(response);
        var work = Model.Work(block, 0, 1, block.Shape, [eta], auxiliary, double.IsNaN(leverage) ? default : [leverage], ref sums, new Workspace());
        return (work.Weights[0], work.Scores[0], sums);
    }

    static readonly double[] _reals = [-2.5, -0.4, 0.3, 1.7];
    static readonly double[] _positives = [0.2, 1, 2.7];
    static readonly double[] _proportions = [0, 1, 0.25];
    static readonly double[] _counts = [0, 1, 7];
    static readonly double[] _amounts = [0.05, 1.3, 9];

    public static IReadOnlyList<FamilyCase> All { get; } =
    [
        Of<Gaussian, IdentityLink>(default, 0.7, _reals, _reals), Of<Gaussian, LogLink>(default, 0.7, _reals, _reals), Of<Gaussian, InverseLink>(default, 0.7, _reals, _reals),
        Of<Binomial, LogitLink>(default, 1, _reals, _proportions), Of<Binomial, ProbitLink>(default, 1, _reals, _proportions),
        Of<Binomial, ComplementaryLogLogLink>(default, 1, _reals, _proportions), Of<Binomial, CauchitLink>(default, 1, _reals, _proportions),
        Of<Binomial, LogLink>(default, 1, [-3, -0.8, -0.05], _proportions),
        Of<Poisson, LogLink>(default, 1, _reals, _counts), Of<Poisson, IdentityLink>(default, 1, _positives, _counts), Of<Poisson, SqrtLink>(default, 1, _positives, _counts),
        Of<Gamma, InverseLink>(default, 0.3, _positives, _amounts), Of<Gamma, LogLink>(default, 0.3, _reals, _amounts), Of<Gamma, IdentityLink>(default, 0.3, _positives, _amounts),
        Of<InverseGaussian, InverseSquareLink>(default, 0.4, _positives, _amounts), Of<InverseGaussian, LogLink>(default, 0.4, _reals, _amounts),
        Of<InverseGaussian, InverseLink>(default, 0.4, _positives, _amounts),
        Of<NegativeBinomial, LogLink>(new(1.7), 1, _reals, _counts, Math.Log(1.7)),
        Of<Tweedie, LogLink>(new(1.5), 0.6, _reals, [0, .. _amounts]), Of<Tweedie, IdentityLink>(new(1.3), 0.6, _positives, [0, .. _amounts]),
        Of<Tweedie, InverseLink>(new(1.5), 0.6, _positives, [0, .. _amounts]),
    ];

    public static FamilyCase Find(string name) => All.Single(one => one.Name == name);

    static Case<TFamily, TLink> Of<TFamily, TLink>(TFamily family, double dispersion, double[] etas, double[] responses, double auxiliary = 0)
        where TFamily : struct, IFamily<TFamily> where TLink : struct, ILink =>
        new($"{ModelNames.Name(family.Kind)} {ModelNames.Name(default(TLink).Kind)}", family, dispersion, auxiliary, etas, responses);

    sealed class Case<TFamily, TLink>(string name, TFamily family, double dispersion, double auxiliary, double[] etas, double[] responses)
        : FamilyCase(name, dispersion, auxiliary, etas, responses)
        where TFamily : struct, IFamily<TFamily> where TLink : struct, ILink
    {
        public override IModel Model { get; } = new Glm<TFamily, TLink>(family, default);
        public override Jet LogDensity(Jet eta, double response) => family.LogDensity(default(TLink), eta, response, Dispersion);
        public override Jet Mean(Jet eta) => default(TLink).Mean(eta);
        public override double Predictor(double mean) => default(TLink).Predictor(mean);
    }
}
