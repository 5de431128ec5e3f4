using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>A mixture of linear regressions with normal errors: <c>f(y | x) = Σ πₖ φ((y − xᵀβₖ)/σₖ)/σₖ</c>, the means following one formula, scales and weights the same for every row.</summary>
/// <remarks>
/// Parameters are the K means, the K scales (on the logarithm) and the weights of all components but the first (logarithms of their odds against it): <c>3K − 1</c> predictors.
/// Its likelihood has many maxima and is unbounded, so it is not fitted by scoring from anywhere but by <c>OnlineMixture</c>.
/// Source: Louis (1982), equation 3.2, for the information; McLachlan &amp; Peel (2000).
/// </remarks>
public sealed class NormalMixture : DistributionalModel
{
    /// <summary>What names of such models begin with: <c>gaussian-mixture(2)</c>.</summary>
    internal const string Prefix = "gaussian-mixture";

    /// <summary>The most components.</summary>
    public const int MostComponents = 9;   // predictors are bits of a mask

    readonly int _mixed;
    readonly DistributionParameter[] _parameters;
    readonly PredictorDesign? _design;
    readonly bool _isSigned;   // whether working rows weigh what they inform, negative where they do

    /// <summary>The model of some components; by default its means use the whole design, whose first column is the constant.</summary>
    /// <param name="components">K, 2 to 9.</param>
    /// <param name="design">Which predictor uses what.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few components, or too many.</exception>
    public NormalMixture(int components, PredictorDesign? design = null) : this(components, design, isSigned: false)
    {
        // information that structures take
    }

    NormalMixture(int components, PredictorDesign? design, bool isSigned)
    {
        if (components is < 2 or > MostComponents) { throw new ArgumentOutOfRangeException(nameof(components), components, $"a mixture has 2 to {MostComponents} components"); }
        (_mixed, _design, _isSigned) = (components, design, isSigned);
        _parameters =
        [
            .. Enumerable.Range(1, components).Select(k => new DistributionParameter($"mean[{k}]", Interval.Line)),
            .. Enumerable.Range(1, components).Select(k => new DistributionParameter($"sigma[{k}]", Interval.Positive)),
            .. Enumerable.Range(2, components - 1).Select(k => new DistributionParameter($"weight[{k}]", Interval.Positive)),
        ];
    }

    /// <inheritdoc/>
    public override string Name => $"{Prefix}({_mixed})";

    /// <inheritdoc/>
    public override string Support => "a number";

    /// <inheritdoc/>
    public override bool IsDiscrete => false;

    /// <inheritdoc/>
    public override ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public override int Leading => _mixed;

    /// <inheritdoc/>
    public override bool IsObserved => true;

    /// <inheritdoc/>
    public override bool HasCorners => false;

    /// <inheritdoc/>
    public override DistributionalModel? Rounded(double corner) => null;

    /// <inheritdoc/>
    public override bool TakesCensored => false;

    /// <inheritdoc/>
    public override int Components => 1;

    /// <inheritdoc/>
    public override Interval MeanRange => Interval.Line;

    /// <inheritdoc/>
    public override bool Supports(double response) => double.IsFinite(response);

    /// <inheritdoc/>
    public override bool Supports(in Outcome outcome) => double.IsFinite(outcome.Value) && outcome.Status == Censoring.None;

    /// <inheritdoc/>
    public override DistributionalModel With(PredictorDesign design, ResponseLayout layout = default) => new NormalMixture(_mixed, design, _isSigned);

    /// <inheritdoc/>
    public override IModel WithInformation(InformationKind kind, int samples = 1, ulong seed = 0) => kind is InformationKind.Observed or InformationKind.Expected
        ? new NormalMixture(_mixed, _design, kind == InformationKind.Observed)
        : throw new NotSupportedException("the information of a mixture is the observed one, of Louis; there is no other");

    /// <inheritdoc/>
    public override int Dimension(in ModelShape shape) => Design(shape).Dimension(shape);

    /// <inheritdoc/>
    public override int Parameter(in ModelShape shape, int outcome, int column) => Design(shape).Parameter(outcome, column);

    /// <inheritdoc/>
    internal override bool Uses(int slot, int predictor) => _design is null ? predictor < _mixed : PredictorDesign.Uses(_design.Slots[slot], predictor);

    /// <summary>The parameter of a constant predictor, a scale or a weight.</summary>
    internal int Constant(in ModelShape shape, int predictor) => Design(shape).Parameter(predictor, 0);

    /// <inheritdoc/>
    /// <remarks>Components of equal weight at the K-quantiles of the responses: constants only.</remarks>
    public override void Start(in ModelShape shape, in ResponseSums responses, Block rows, Span<double> theta)
    {
        theta.Clear();
        var sample = new OutcomeSample(rows);
        for (var k = 0; k < _mixed; k++)
        {
            if (Design(shape).Constant(k) is >= 0 and var constant) { theta[constant] = sample.Quantile((k + 0.5) / _mixed); }
            theta[Constant(shape, _mixed + k)] = 0.5 * Math.Log(sample.Variance) - Math.Log(_mixed);
        }
    }

    /// <inheritdoc/>
    public override WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace)
    {
        var rows = new ExpandedRows(Design(shape), block, count, workspace);
        var k = _parameters.Length;
        Span<double> eta = stackalloc double[k], score = stackalloc double[k], matrix = stackalloc double[k * k];
        Span<double> vectors = stackalloc double[k * k], weights = stackalloc double[k], scores = stackalloc double[k];
        var factor = new InformationRows(k, matrix, vectors, weights, scores);
        var (deviance, exceeds) = (0.0, false);
        for (var i = 0; i < count; i++)
        {
            var prior = block.Weight[start + i];
            rows.Predict(start + i, theta, eta);
            for (var mean = 1; mean < _mixed; mean++) { eta[mean] += block.Offset[start + i]; }
            var isExpected = false;
            var density = Differentiate(block.Outcome(start + i), eta, score, matrix, ref isExpected);
            if (prior == 0 || !double.IsFinite(density))
            {
                deviance += prior == 0 ? 0 : double.PositiveInfinity;
                rows.Skip(i);
                continue;
            }
            deviance -= 2 * prior * density;
            factor.Factor(score);
            exceeds |= rows.Write(start + i, i, prior, factor, _isSigned, isExact: _isSigned);
        }
        sums.Deviance += deviance;
        return rows.ToWorkingRows(exceeds);
    }

    /// <inheritdoc/>
    public override double Differentiate(in Outcome outcome, ReadOnlySpan<double> eta, Span<double> score, Span<double> information, ref bool isExpected)
    {
        isExpected = false;
        Span<double> full = stackalloc double[3 * _mixed], shares = stackalloc double[_mixed];
        Span<double> fullScore = stackalloc double[3 * _mixed], fullInformation = stackalloc double[9 * _mixed * _mixed];
        Complete(eta, full);
        var density = MixtureDensity.Share(full, outcome.Value, shares);
        MixtureDensity.Differentiate(full, outcome.Value, shares, fullScore, fullInformation);
        for (var i = 0; i < score.Length; i++)
        {
            score[i] = fullScore[Place(i)];
            for (var j = 0; j < score.Length; j++) { information[i * score.Length + j] = fullInformation[Place(i) * 3 * _mixed + Place(j)]; }
        }
        return density;
    }

    /// <summary>What the response says of where the row belongs: <c>P(k | x, y) = πₖφₖ(y)/Σπⱼφⱼ(y)</c>.</summary>
    /// <param name="response">y.</param>
    /// <param name="eta">Predictors <c>[3K − 1]</c>.</param>
    /// <param name="shares">The probabilities <c>[K]</c>, which sum to one.</param>
    public void Responsibilities(double response, ReadOnlySpan<double> eta, Span<double> shares)
    {
        Span<double> full = stackalloc double[3 * _mixed];
        Complete(eta, full);
        MixtureDensity.Share(full, response, shares);
    }

    /// <inheritdoc/>
    public override double Cumulative(double response, ReadOnlySpan<double> eta)
    {
        Span<double> full = stackalloc double[3 * _mixed];
        Complete(eta, full);
        return MixtureDensity.Cumulative(full, response);
    }

    /// <inheritdoc/>
    /// <remarks>By bisection between the quantiles of the components, which enclose it.</remarks>
    public override double Quantile(double probability, ReadOnlySpan<double> eta)
    {
        var (low, high, z) = (double.PositiveInfinity, double.NegativeInfinity, MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability));
        for (var k = 0; k < _mixed; k++)
        {
            var quantile = eta[k] + Math.Exp(eta[_mixed + k]) * z;
            (low, high) = (Math.Min(low, quantile), Math.Max(high, quantile));
        }
        for (var round = 0; round < 200 && high - low > 1e-14 * (Math.Abs(low) + Math.Abs(high)); round++)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) { break; }
            if (Cumulative(middle, eta) < probability) { low = middle; } else { high = middle; }
        }
        return high;
    }

    /// <inheritdoc/>
    public override void DescribePredictor(Block block, int row, in ModelShape shape, int predictor, Span<double> design)
    {
        design.Clear();
        for (var c = 0; c < block.DenseColumns; c++)
        {
            if (Parameter(shape, predictor, c) is >= 0 and var parameter) { design[parameter] = block.Dense[row * block.DenseColumns + c]; }
        }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] >= 0 && Uses(s - row * block.Slots, predictor)) { design[Parameter(shape, predictor, block.Indices[s])] += block.Values.Length == 0 ? 1 : block.Values[s]; }
        }
    }

    /// <inheritdoc/>
    /// <remarks><c>m = Σ πₖmₖ</c>, <c>∂m/∂log πₖ = πₖ(mₖ − m)</c>.</remarks>
    public override void Predict(ReadOnlySpan<double> eta, Span<double> means, Span<double> jacobian)
    {
        Span<double> full = stackalloc double[3 * _mixed], weights = stackalloc double[_mixed];
        Complete(eta, full);
        MixtureDensity.Weights(full[(2 * _mixed)..], weights);
        means[0] = 0;
        for (var k = 0; k < _mixed; k++) { means[0] += weights[k] * eta[k]; }
        for (var k = 0; k < _mixed; k++)
        {
            (jacobian[k], jacobian[_mixed + k]) = (weights[k], 0);
            if (k > 0) { jacobian[Weight(k)] = weights[k] * (eta[k] - means[0]); }
        }
    }

    /// <summary>The predictor of a component's weight; the first component has none.</summary>
    internal int Weight(int component) => 2 * _mixed + component - 1;

    /// <summary>Predictors <c>[3K − 1]</c> with the first component's log-weight, 0, among them, <c>[3K]</c>.</summary>
    void Complete(ReadOnlySpan<double> eta, Span<double> full)
    {
        eta[..(2 * _mixed)].CopyTo(full);
        full[2 * _mixed] = 0;
        eta[(2 * _mixed)..].CopyTo(full[(2 * _mixed + 1)..]);
    }

    int Place(int predictor) => predictor < 2 * _mixed ? predictor : predictor + 1;

    PredictorDesign Design(in ModelShape shape)
    {
        if (_design is not null) { return _design; }
        var (means, all) = ((1 << _mixed) - 1, (1 << _parameters.Length) - 1);
        return new(_parameters.Length, [.. Enumerable.Range(0, shape.DenseColumns).Select(c => c == 0 ? all : means)], shape.Columns > shape.DenseColumns ? [means] : [], hasIntercept: true);
    }
}
