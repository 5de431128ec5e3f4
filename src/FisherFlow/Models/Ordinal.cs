using FisherFlow.Models.Links;

namespace FisherFlow.Models;

/// <summary>Cumulative-link regression of ordered outcomes: <c>P(y ≤ j) = F(α_j − offset − xᵀβ)</c>.</summary>
/// <remarks>
/// Layout: β are the design columns, in their order; cut point j = 0 … K − 2 is parameter <c>columns + j</c>. Information is observed, as in R's polr and clm.
/// With <c>a_j = e_{α_j} − x</c> an observation of outcome j is two rows, the factors (LDLᵀ) of its negative Hessian:
/// <c>e_{α_j} − e_{α_{j−1}} + c·a_{j−1}</c> and <c>a_{j−1}</c>; at the ends one of them has weight 0.
/// A step that puts an observed outcome's cut points out of order has deviance +∞. Source: McCullagh (1980); Pratt (1981) for concavity.
/// </remarks>
/// <typeparam name="TLink">The link, whose inverse is F.</typeparam>
/// <param name="link">The link.</param>
public sealed class Ordinal<TLink>(TLink link) : IModel where TLink : struct, ICumulativeLink
{
    bool IsEmpirical { get; init; }

    /// <inheritdoc/>
    public bool IsQuadratic => false;

    /// <inheritdoc/>
    public bool HasUnitScale => false;   // cut points may come out of order

    /// <inheritdoc/>
    public bool IsOrdinal => true;

    /// <inheritdoc/>
    public bool HasAuxiliary => false;

    /// <inheritdoc/>
    public bool EstimatesDispersion => false;

    /// <inheritdoc/>
    public bool InvertsIntervals => false;

    /// <inheritdoc/>
    public bool HasPredictiveDistribution => false;

    /// <inheritdoc/>
    public int Dimension(in ModelShape shape) => shape.Columns + Math.Max(0, shape.Outcomes - 1);

    /// <inheritdoc/>
    public int Parameter(in ModelShape shape, int outcome, int column) => column >= 0 ? column
        : outcome < shape.Outcomes - 1 ? shape.Columns + outcome : -1;

    /// <inheritdoc/>
    public bool Supports(double response) => OutcomeSums.Supports(response);

    /// <inheritdoc/>
    public void Start(in ModelShape shape, in ResponseSums responses, Block rows, Span<double> theta)
    {
        theta.Clear();
        var weights = responses.OutcomeWeights;
        var (total, below) = (0.5 * shape.Outcomes, 0.0);   // half an observation of each, so that cut points are apart
        foreach (var weight in weights) { total += weight; }
        for (var j = 0; j < shape.Outcomes - 1; j++)
        {
            below += 0.5 + (j < weights.Length ? weights[j] : 0);
            theta[shape.Columns + j] = link.Predictor(below / total);
        }
    }

    /// <inheritdoc/>
    public void Summarise(Block block, int start, int count, ref ResponseSums sums) => OutcomeSums.Summarise(block, start, count, ref sums);

    /// <inheritdoc/>
    public WorkingRows WorkAtStart(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, ref FitSums sums, Workspace workspace) =>
        Work(block, start, count, shape, theta, 0, default, ref sums, workspace);

    /// <inheritdoc/>
    public WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace)
    {
        var (k, slots, cuts) = (shape.DenseColumns, block.Slots + 2, shape.Outcomes - 1);
        workspace.Reserve(2 * count, k, slots);
        var eta = workspace.Eta.AsSpan(0, count);
        LinearPredictor.Fill(block.Rows(start, count), theta, block.Offset.AsSpan(start, count), eta);
        var alpha = theta.Slice(shape.Columns, Math.Max(0, cuts));
        var (deviance, pearson, legal) = (0.0, 0.0, true);
        for (var i = 0; i < count; i++)
        {
            var (prior, outcome) = (block.Weight[start + i], (int)block.Response[start + i]);
            var lower = outcome > 0 ? alpha[outcome - 1] - eta[i] : double.NegativeInfinity;
            var upper = outcome < cuts ? alpha[outcome] - eta[i] : double.PositiveInfinity;
            var ordered = lower < upper && double.IsFinite(eta[i]);
            if (prior == 0 || !double.IsFinite(eta[i]) || double.IsNaN(lower + upper))
            {
                legal &= prior == 0 || cuts < 1;   // a single outcome is certain
                prior = 0;
                (lower, upper) = (double.NegativeInfinity, 0);
            }
            legal &= ordered || prior == 0;
            var interval = OrdinalInterval.Between(link, lower, upper);
            deviance -= 2 * prior * Math.Log(interval.Probability);
            pearson += prior * (1 / interval.Probability - 1);
            Expand(block, start + i, shape.Columns, outcome < cuts ? outcome : -1, outcome > 0 ? outcome - 1 : -1, prior, interval, 2 * i, workspace);
            if (IsEmpirical) { Combine(k, slots, 2 * i, workspace); }
        }
        sums.Deviance += legal ? deviance : double.PositiveInfinity;
        sums.Pearson += pearson;
        return new(
            new(2 * count, k, workspace.Dense, slots, workspace.Indices, workspace.Values.AsSpan(0, 2 * count * slots)),
            workspace.Weights.AsSpan(0, 2 * count), workspace.Scores.AsSpan(0, 2 * count), 2);
    }

    /// <inheritdoc/>
    /// <remarks>Its information is the observed one, whether asked for as expected or observed. Empirical: the score itself as one row of weight 1.</remarks>
    public IModel WithInformation(InformationKind kind, int samples = 1, ulong seed = 0) => kind != InformationKind.MonteCarlo
        ? new Ordinal<TLink>(link) { IsEmpirical = kind == InformationKind.Empirical }
        : throw new NotSupportedException("an ordinal model has no sampled information: its information is the observed one (which expected means too), or empirical");

    /// <inheritdoc/>
    public double? NullDeviance(in ResponseSums responses, bool hasIntercept, double auxiliary) =>
        responses.Offsets > 0 || responses.Observations == 0 ? null : OutcomeSums.NullDeviance(responses);

    /// <inheritdoc/>
    public double? LogLikelihood(in ResponseSums responses, double deviance, double auxiliary) => -0.5 * deviance;

    /// <inheritdoc/>
    public int Predictors(in ModelShape shape) => Math.Max(0, shape.Outcomes - 1);

    /// <inheritdoc/>
    public int Means(in ModelShape shape) => shape.Outcomes;

    /// <inheritdoc/>
    public void DescribePredictor(Block block, int row, in ModelShape shape, int predictor, Span<double> design)
    {
        design.Clear();
        DesignVector.Add(block, row, -1, design);
        design[shape.Columns + predictor] = 1;
    }

    /// <inheritdoc/>
    public double PredictorOffset(Block block, int row) => -block.Offset[row];

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<double> eta, Span<double> means, Span<double> jacobian)
    {
        var cuts = eta.Length;
        jacobian[..((cuts + 1) * cuts)].Clear();
        var lower = new CumulativePoint(0, 1, 0, 0);
        for (var j = 0; j <= cuts; j++)
        {
            var upper = j < cuts ? link.Distribution(eta[j]) : new(1, 0, 0, 0);
            means[j] = Math.Max(0, upper.Below < lower.Above ? upper.Below - lower.Below : lower.Above - upper.Above);
            if (j < cuts) { jacobian[j * cuts + j] = upper.Density; }
            if (j > 0) { jacobian[j * cuts + j - 1] = -lower.Density; }
            lower = upper;
        }
    }

    /// <inheritdoc/>
    public double Cumulative(double response, double mean, double dispersion, double auxiliary, double trials) =>
        throw new NotSupportedException("the distribution of an ordered outcome is its probabilities");

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double auxiliary, double trials) =>
        throw new NotSupportedException("the distribution of an ordered outcome is its probabilities");

    /// <summary>Writes the two rows of an observation: −1 for a cut point that the outcome does not have.</summary>
    static void Expand(Block block, int row, int columns, int upperCut, int lowerCut, double prior, in OrdinalInterval interval, int firstRow, Workspace workspace)
    {
        // without a lower cut the first row is a_j itself; without an upper one it is absent
        var share = upperCut < 0 ? 0 : lowerCut < 0 ? 1 : interval.CrossInformation / interval.UpperInformation;
        workspace.Weights[firstRow] = prior * interval.UpperInformation;
        workspace.Scores[firstRow] = prior * interval.UpperScore;
        WriteRow(block, row, -share, upperCut < 0 ? -1 : columns + upperCut, 1, lowerCut < 0 ? -1 : columns + lowerCut, share - 1, firstRow, workspace);
        var left = Math.Max(interval.ShiftInformation - share * interval.CrossInformation, 1e-12 * interval.ShiftInformation);
        workspace.Weights[firstRow + 1] = lowerCut < 0 ? 0 : prior * left;
        workspace.Scores[firstRow + 1] = lowerCut < 0 ? 0 : prior * (interval.ShiftScore - share * interval.UpperScore);
        WriteRow(block, row, -1, -1, 0, lowerCut < 0 ? -1 : columns + lowerCut, 1, firstRow + 1, workspace);
    }

    /// <summary>Makes one row of two: the score <c>r₁a₁ + r₂a₂</c>, of weight and score factor 1.</summary>
    static void Combine(int dense, int slots, int row, Workspace workspace)
    {
        var (first, second) = (workspace.Scores[row], workspace.Scores[row + 1]);
        Combine(workspace.Dense.AsSpan(row * dense, 2 * dense), first, second);
        Combine(workspace.Values.AsSpan(row * slots, 2 * slots), first, second);   // the first row names all parameters that the second does
        (workspace.Weights[row], workspace.Scores[row]) = (1, 1);
        (workspace.Weights[row + 1], workspace.Scores[row + 1]) = (0, 0);
    }

    /// <summary>The first half becomes the sum of both under these factors.</summary>
    static void Combine(Span<double> pair, double first, double second)
    {
        var half = pair.Length / 2;
        for (var j = 0; j < half; j++) { pair[j] = first * pair[j] + second * pair[half + j]; }
    }

    static void WriteRow(Block block, int row, double factor, int upperIndex, double upperValue, int lowerIndex, double lowerValue, int target, Workspace workspace)
    {
        var (k, m) = (block.DenseColumns, block.Slots);
        var x = block.Dense.AsSpan(row * k, k);
        var dense = workspace.Dense.AsSpan(target * k, k);
        for (var c = 0; c < k; c++) { dense[c] = factor * x[c]; }
        var indices = workspace.Indices.AsSpan(target * (m + 2), m + 2);
        var values = workspace.Values.AsSpan(target * (m + 2), m + 2);
        block.Indices.AsSpan(row * m, m).CopyTo(indices);
        for (var s = 0; s < m; s++) { values[s] = factor * (block.Values.Length == 0 ? 1 : block.Values[row * m + s]); }
        (indices[m], values[m]) = (upperIndex, upperValue);
        (indices[m + 1], values[m + 1]) = (lowerIndex, lowerValue);
    }
}
