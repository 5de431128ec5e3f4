namespace FisherFlow.Models;

/// <summary>Softmax over unordered outcomes: <c>P(y = o) ∝ exp(xᵀθ_o)</c>, over-complete: every outcome has its own coefficients.</summary>
/// <remarks>
/// Layout for K outcomes and k dense columns: (outcome o, dense column c) is <c>o·k + c</c>; (o, level column c ≥ k) is <c>K·k + (c − k)·K + o</c>,
/// so that a new level only appends. An observation is K rows <c>(e_j − π)⊗x</c> of weight <c>prior·π_j</c>, which sum to <c>diag(π) − ππᵀ</c>,
/// with score <c>prior·1{y = j}</c>, which sums to <c>y − π</c>.
/// An offset is common to all outcomes and cancels. Cost: <c>O(K²·non-zeros)</c> a row to describe. Source: McCullagh &amp; Nelder (1989), §5.
/// </remarks>
public sealed class Multinomial : IModel
{
    readonly InformationKind _kind;
    readonly int _samples;
    readonly ulong _seed;

    /// <summary>The model with its expected information, which is the observed one too.</summary>
    public Multinomial() { }

    Multinomial(InformationKind kind, int samples, ulong seed) => (_kind, _samples, _seed) = (kind, samples, seed);

    /// <summary>The least weight of a row: its probability, held a machine epsilon above zero.</summary>
    const double Least = 2.220446049250313e-16;

    /// <inheritdoc/>
    public bool IsQuadratic => false;

    /// <inheritdoc/>
    public bool HasUnitScale => true;

    /// <inheritdoc/>
    public bool IsOrdinal => false;

    /// <inheritdoc/>
    public bool HasAuxiliary => false;

    /// <inheritdoc/>
    public bool EstimatesDispersion => false;

    /// <inheritdoc/>
    public bool InvertsIntervals => false;

    /// <inheritdoc/>
    public bool HasPredictiveDistribution => false;

    /// <inheritdoc/>
    public int Dimension(in ModelShape shape) => shape.Outcomes * shape.Columns;

    /// <inheritdoc/>
    public int Parameter(in ModelShape shape, int outcome, int column) => column < 0 ? -1 : column < shape.DenseColumns
        ? outcome * shape.DenseColumns + column
        : shape.Outcomes * column + outcome;   // K·k + (c − k)·K + o

    /// <inheritdoc/>
    public bool Supports(double response) => OutcomeSums.Supports(response);

    /// <inheritdoc/>
    public void Start(in ModelShape shape, in ResponseSums responses, Block rows, Span<double> theta) => theta.Clear();

    /// <inheritdoc/>
    public void Summarise(Block block, int start, int count, ref ResponseSums sums) => OutcomeSums.Summarise(block, start, count, ref sums);

    /// <inheritdoc/>
    public WorkingRows WorkAtStart(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, ref FitSums sums, Workspace workspace) =>
        Work(block, start, count, shape, theta, 0, default, ref sums, workspace);

    /// <inheritdoc/>
    public WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace)
    {
        var (outcomes, k, m) = (shape.Outcomes, shape.DenseColumns, block.Slots);
        var rows = count * outcomes;
        workspace.Reserve(rows, outcomes * k, outcomes * m);
        var (deviance, pearson, legal) = (0.0, 0.0, true);
        for (var i = 0; i < count; i++)
        {
            var source = start + i;
            var (prior, observed) = (block.Weight[source], (int)block.Response[source]);
            var probabilities = workspace.Eta.AsSpan(i * outcomes, outcomes);
            FillPredictors(block, source, shape, theta, probabilities);
            var chosen = probabilities[observed];
            var log = Softmax(probabilities);
            var known = double.IsFinite(log) && double.IsFinite(chosen);
            if (prior > 0)
            {
                legal &= known;
                deviance += prior * 2 * (log - chosen);
                pearson += prior * (1 / Math.Max(probabilities[observed], Least) - 1);
            }
            for (var j = 0; j < outcomes; j++)
            {
                workspace.Weights[i * outcomes + j] = known ? prior * Math.Max(probabilities[j], Least) : 0;
                workspace.Scores[i * outcomes + j] = known && j == observed ? prior : 0;
            }
            if (known && _kind is (InformationKind.Empirical or InformationKind.MonteCarlo))
            {
                Reweigh(prior, block.FirstRow + source, probabilities, workspace.Scores.AsSpan(i * outcomes, outcomes), workspace.Weights.AsSpan(i * outcomes, outcomes));
            }
            Expand(block, source, shape, probabilities, known, i * outcomes, workspace);
        }
        sums.Deviance += legal ? deviance : double.PositiveInfinity;
        sums.Pearson += legal ? pearson : 0;
        return new(
            new(rows, outcomes * k, workspace.Dense, outcomes * m, workspace.Indices, workspace.Values.AsSpan(0, rows * outcomes * m)),
            workspace.Weights.AsSpan(0, rows), workspace.Scores.AsSpan(0, rows), outcomes);
    }

    /// <inheritdoc/>
    /// <remarks>The logit is canonical: observed is expected. Empirical: the outcome's row alone, weighed by its squared score. Monte Carlo: sampled outcomes' rows.</remarks>
    public IModel WithInformation(InformationKind kind, int samples = 1, ulong seed = 0)
    {
        if (kind == InformationKind.MonteCarlo) { ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples); }
        return new Multinomial(kind, samples, seed);
    }

    /// <inheritdoc/>
    public double? NullDeviance(in ResponseSums responses, bool hasIntercept, double auxiliary) => responses.Observations == 0 ? null
        : hasIntercept ? OutcomeSums.NullDeviance(responses) : 2 * responses.Weight * Math.Log(responses.OutcomeWeights.Length);

    /// <inheritdoc/>
    public double? LogLikelihood(in ResponseSums responses, double deviance, double auxiliary) => -0.5 * deviance;

    /// <inheritdoc/>
    public int Predictors(in ModelShape shape) => shape.Outcomes;

    /// <inheritdoc/>
    public int Means(in ModelShape shape) => shape.Outcomes;

    /// <inheritdoc/>
    public void DescribePredictor(Block block, int row, in ModelShape shape, int predictor, Span<double> design)
    {
        design.Clear();
        for (var c = 0; c < block.DenseColumns; c++) { design[Parameter(shape, predictor, c)] = block.Dense[row * block.DenseColumns + c]; }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] >= 0) { design[Parameter(shape, predictor, block.Indices[s])] += block.Values.Length == 0 ? 1 : block.Values[s]; }
        }
    }

    /// <inheritdoc/>
    public double PredictorOffset(Block block, int row) => 0;

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<double> eta, Span<double> means, Span<double> jacobian)
    {
        eta.CopyTo(means);
        Softmax(means[..eta.Length]);
        for (var m = 0; m < eta.Length; m++)
        {
            for (var l = 0; l < eta.Length; l++) { jacobian[m * eta.Length + l] = means[m] * ((m == l ? 1 : 0) - means[l]); }
        }
    }

    /// <inheritdoc/>
    public double Cumulative(double response, double mean, double dispersion, double auxiliary, double trials) =>
        throw new NotSupportedException("unordered outcomes have no cumulative distribution");

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double auxiliary, double trials) =>
        throw new NotSupportedException("unordered outcomes have no quantiles");

    static void FillPredictors(Block block, int row, in ModelShape shape, ReadOnlySpan<double> theta, Span<double> eta)
    {
        var (k, outcomes) = (shape.DenseColumns, shape.Outcomes);
        var x = block.Dense.AsSpan(row * k, k);
        for (var o = 0; o < outcomes; o++) { eta[o] = LinearPredictor.Dot(x, theta.Slice(o * k, k)); }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] < 0) { continue; }
            var value = block.Values.Length == 0 ? 1 : block.Values[s];
            var level = theta.Slice(outcomes * block.Indices[s], outcomes);
            for (var o = 0; o < outcomes; o++) { eta[o] += value * level[o]; }
        }
    }

    /// <summary>The score of outcome j is <c>prior·(e_j − π)⊗x</c>, row j: its square is that row alone, and outcomes are sampled by their probabilities.</summary>
    void Reweigh(double prior, long row, ReadOnlySpan<double> probabilities, ReadOnlySpan<double> scores, Span<double> weights)
    {
        if (_kind == InformationKind.Empirical)
        {
            for (var j = 0; j < weights.Length; j++) { weights[j] = scores[j] * scores[j]; }
            return;
        }
        weights.Clear();
        for (var k = 0; k < _samples; k++)
        {
            var (u, j) = (CounterNoise.Uniform(_seed, row, k), 0);
            for (; j < probabilities.Length - 1 && u > probabilities[j]; j++) { u -= probabilities[j]; }
            weights[j] += prior / _samples;
        }
    }

    /// <summary>Turns predictors into probabilities in place, and returns <c>log Σ exp η</c>.</summary>
    static double Softmax(Span<double> eta)
    {
        var greatest = double.NegativeInfinity;
        foreach (var value in eta) { greatest = Math.Max(greatest, value); }
        var sum = 0.0;
        foreach (ref var value in eta)
        {
            value = Math.Exp(value - greatest);
            sum += value;
        }
        foreach (ref var value in eta) { value /= sum; }
        return greatest + Math.Log(sum);
    }

    /// <summary>Writes the rows <c>(e_j − π)⊗x</c> of one observation; all zero where π is not known.</summary>
    static void Expand(Block block, int row, in ModelShape shape, ReadOnlySpan<double> probabilities, bool known, int firstRow, Workspace workspace)
    {
        var (k, m, outcomes) = (shape.DenseColumns, block.Slots, shape.Outcomes);
        var x = block.Dense.AsSpan(row * k, k);
        for (var j = 0; j < outcomes; j++)
        {
            var dense = workspace.Dense.AsSpan((firstRow + j) * outcomes * k, outcomes * k);
            var indices = workspace.Indices.AsSpan((firstRow + j) * outcomes * m, outcomes * m);
            var values = workspace.Values.AsSpan((firstRow + j) * outcomes * m, outcomes * m);
            for (var o = 0; o < outcomes; o++)
            {
                var factor = known ? (o == j ? 1 : 0) - probabilities[o] : 0;
                for (var c = 0; c < k; c++) { dense[o * k + c] = factor * x[c]; }
                for (var s = 0; s < m; s++)
                {
                    var column = block.Indices[row * m + s];
                    indices[s * outcomes + o] = column < 0 ? -1 : outcomes * column + o;
                    values[s * outcomes + o] = factor * (block.Values.Length == 0 ? 1 : block.Values[row * m + s]);
                }
            }
        }
    }
}
