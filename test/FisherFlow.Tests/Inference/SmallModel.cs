using FisherFlow.Models;

namespace FisherFlow.Tests.Inference;

/// <summary>A family written out by hand, for fits small enough to check with dense algebra.</summary>
sealed class SmallModel : IModel
{
    public required Func<double, double> Mean { get; init; }
    public required Func<double, double> MeanDerivative { get; init; }
    public required Func<double, double> Variance { get; init; }
    public Func<double, double, double> UnitDeviance { get; init; } = (_, _) => 0;
    public bool EstimatesDispersion { get; init; }
    public bool HasAuxiliary { get; init; }
    public bool HasUnitScale { get; init; }
    public bool IsOrdinal { get; init; }
    public double? Likelihood { get; init; }

    public static SmallModel Gaussian => new()
    {
        Mean = eta => eta,
        MeanDerivative = _ => 1,
        Variance = _ => 1,
        UnitDeviance = (y, mu) => (y - mu) * (y - mu),
        EstimatesDispersion = true,
    };

    public static SmallModel Binomial => new()
    {
        Mean = eta => 1 / (1 + Math.Exp(-eta)),
        MeanDerivative = eta => Math.Exp(-Math.Abs(eta)) / Math.Pow(1 + Math.Exp(-Math.Abs(eta)), 2),
        Variance = mu => mu * (1 - mu),
        UnitDeviance = (y, mu) => 2 * (Entropy(y, mu) + Entropy(1 - y, 1 - mu)),
    };

    public static SmallModel Poisson => new()
    {
        Mean = Math.Exp,
        MeanDerivative = Math.Exp,
        Variance = mu => mu,
        UnitDeviance = (y, mu) => 2 * (Entropy(y, mu) - (y - mu)),
    };

    public static SmallModel GammaLog => new()
    {
        Mean = Math.Exp,
        MeanDerivative = Math.Exp,
        Variance = mu => mu * mu,
        UnitDeviance = (y, mu) => 2 * ((y - mu) / mu - Math.Log(y / mu)),
        EstimatesDispersion = true,
    };

    public bool IsQuadratic => false;

    public int Dimension(in ModelShape shape) => shape.Outcomes > 1 && IsOrdinal ? shape.Columns + shape.Outcomes - 1 : shape.Columns * shape.Outcomes;

    public int Parameter(in ModelShape shape, int outcome, int column) =>
        IsOrdinal ? column < 0 ? shape.Columns + outcome : column : outcome * shape.Columns + column;

    public bool Supports(double response) => true;

    public void Start(in ModelShape shape, in ResponseSums responses, Block rows, Span<double> theta) => theta.Clear();

    public void Summarise(Block block, int start, int count, ref ResponseSums sums) => throw new NotSupportedException("sums are written by hand here");

    public WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace) => throw new NotSupportedException("small fits do their own algebra");

    public WorkingRows WorkAtStart(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, ref FitSums sums, Workspace workspace) =>
        throw new NotSupportedException("small fits start by themselves");

    public double? NullDeviance(in ResponseSums responses, bool hasIntercept, double auxiliary) => null;

    public int Predictors(in ModelShape shape) => IsOrdinal ? shape.Outcomes - 1 : shape.Outcomes;

    public int Means(in ModelShape shape) => shape.Outcomes;

    public bool InvertsIntervals => true;

    public bool HasPredictiveDistribution => false;

    public void DescribePredictor(Block block, int row, in ModelShape shape, int predictor, Span<double> design) => throw new NotSupportedException("predictions are tested with the real models");

    public double PredictorOffset(Block block, int row) => block.Offset[row];

    public void Predict(ReadOnlySpan<double> eta, Span<double> means, Span<double> jacobian) => (means[0], jacobian[0]) = (Mean(eta[0]), MeanDerivative(eta[0]));

    public double Cumulative(double response, double mean, double dispersion, double auxiliary, double trials) => throw new NotSupportedException("predictions are tested with the real models");

    public double Quantile(double probability, double mean, double dispersion, double auxiliary, double trials) => throw new NotSupportedException("predictions are tested with the real models");

    public double? LogLikelihood(in ResponseSums responses, double deviance, double auxiliary) =>
        Likelihood ?? (this is { EstimatesDispersion: true } ? -0.5 * responses.Observations * (Math.Log(2 * Math.PI * deviance / responses.Observations) + 1) : -0.5 * deviance);

    static double Entropy(double y, double mu) => y == 0 ? 0 : y * Math.Log(y / mu);
}
