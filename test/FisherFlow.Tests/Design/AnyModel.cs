using FisherFlow.Models;

namespace FisherFlow.Tests.Design;

/// <summary>A model of which only the layout and the support matter: one parameter a column, for every outcome.</summary>
sealed class AnyModel(Func<double, bool>? supports = null, bool isOrdinal = false) : IModel
{
    public bool IsQuadratic => false;

    public bool IsOrdinal => isOrdinal;

    public bool HasAuxiliary => false;

    public bool EstimatesDispersion => false;

    public int Dimension(in ModelShape shape) => shape.Columns * shape.Outcomes;

    public int Parameter(in ModelShape shape, int outcome, int column) => (outcome * shape.Columns) + column;

    public bool Supports(double response) => supports?.Invoke(response) ?? true;

    public void Start(in ModelShape shape, in ResponseSums responses, Span<double> theta) => theta.Clear();

    public void Summarise(Block block, int start, int count, ref ResponseSums sums) => sums.Observations += count;

    public WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace) => throw new InvalidOperationException("the encoder asks for the support only");

    public double? NullDeviance(in ResponseSums responses) => null;

    public double? LogLikelihood(in ResponseSums responses, double deviance, double auxiliary) => null;
}
