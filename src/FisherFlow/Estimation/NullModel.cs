using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>The same distribution with an intercept alone, its auxiliary parameter held: what the null deviance is measured under.</summary>
sealed class NullModel(IModel model) : IModel
{
    /// <inheritdoc/>
    public bool IsQuadratic => model.IsQuadratic;

    /// <inheritdoc/>
    public bool IsOrdinal => false;

    /// <inheritdoc/>
    public bool HasAuxiliary => false;

    /// <inheritdoc/>
    public bool EstimatesDispersion => model.EstimatesDispersion;

    /// <inheritdoc/>
    public int Dimension(in ModelShape shape) => model.Dimension(shape);

    /// <inheritdoc/>
    public int Parameter(in ModelShape shape, int outcome, int column) => model.Parameter(shape, outcome, column);

    /// <inheritdoc/>
    public bool Supports(double response) => model.Supports(response);

    /// <inheritdoc/>
    public bool Start(in ModelShape shape, in ResponseSums responses, Span<double> theta) => model.Start(shape, responses, theta);

    /// <inheritdoc/>
    public void Summarise(Block block, int start, int count, ref ResponseSums sums) => model.Summarise(block, start, count, ref sums);

    /// <inheritdoc/>
    public WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace) =>
        model.Work(block, start, count, shape, theta, auxiliary, leverages, ref sums, workspace);

    /// <inheritdoc/>
    public WorkingRows WorkAtStart(Block block, int start, int count, in ModelShape shape, ref FitSums sums, Workspace workspace) =>
        model.WorkAtStart(block, start, count, shape, ref sums, workspace);

    /// <inheritdoc/>
    public double? NullDeviance(in ResponseSums responses) => model.NullDeviance(responses);

    /// <inheritdoc/>
    public double? LogLikelihood(in ResponseSums responses, double deviance, double auxiliary) => null;
}
