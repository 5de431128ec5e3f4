using FisherFlow.Differentiation;
using FisherFlow.Models.Families;
using FisherFlow.Models.Links;

namespace FisherFlow.Models;

/// <summary>A generalised linear model: <c>E y = g⁻¹(offset + xᵀθ)</c>, <c>Var y = φV(μ)/w</c>.</summary>
/// <remarks>
/// Parameters are the design columns, in their order. Weights are expected information unless <see cref="WithInformation"/> asks for another, as in R: <c>w = prior·μ′²/V</c>, <c>r = prior·(y − μ)μ′/V</c>.
/// Source: McCullagh &amp; Nelder (1989), §2.5; Firth's correction: Kosmidis &amp; Firth (2009), eq. (13).
/// </remarks>
/// <typeparam name="TFamily">The response's distribution.</typeparam>
/// <typeparam name="TLink">The link.</typeparam>
public sealed partial class Glm<TFamily, TLink> : IModel
    where TFamily : struct, IFamily<TFamily>
    where TLink : struct, ILink
{
    readonly TFamily _family;
    readonly TLink _link;
    readonly bool _quasi;

    /// <summary>A model of that family and link.</summary>
    /// <param name="family">The family, with its power if it has one.</param>
    /// <param name="link">The link.</param>
    /// <param name="estimateDispersion">Whether a dispersion that the family holds at 1 is estimated (quasi-likelihood).</param>
    public Glm(TFamily family, TLink link, bool estimateDispersion = false)
    {
        _family = family;
        _link = link;
        _quasi = estimateDispersion && !family.EstimatesDispersion;
    }

    /// <inheritdoc/>
    public bool IsQuadratic => _family.Kind == Family.Gaussian && _link.Kind == Link.Identity && _kind is (InformationKind.Expected or InformationKind.Observed);

    /// <inheritdoc/>
    public bool HasUnitScale => _link.Kind is Link.Logit or Link.Probit or Link.ComplementaryLogLog || (_link.Kind == Link.Log && _family.Kind != Family.Binomial);

    /// <inheritdoc/>
    public bool IsOrdinal => false;

    /// <inheritdoc/>
    public bool HasAuxiliary => _family.HasAuxiliary;

    /// <inheritdoc/>
    public bool EstimatesDispersion => _quasi || _family.EstimatesDispersion;

    /// <inheritdoc/>
    public bool InvertsIntervals => true;

    /// <inheritdoc/>
    public bool HasPredictiveDistribution => !_quasi && _family.HasDistribution;

    /// <inheritdoc/>
    public int Dimension(in ModelShape shape) => shape.Columns;

    /// <inheritdoc/>
    public int Parameter(in ModelShape shape, int outcome, int column) => column;

    /// <inheritdoc/>
    public bool Supports(double response) => _family.Supports(response);

    /// <inheritdoc/>
    public void Start(in ModelShape shape, in ResponseSums responses, Block rows, Span<double> theta) => theta.Clear();

    /// <inheritdoc/>
    public void Summarise(Block block, int start, int count, ref ResponseSums sums)
    {
        var batch = ResponseSums.Empty;
        ResponseSummary.Add(block, start, count, ref batch);
        for (var i = start; i < start + count; i++)
        {
            var (weight, response) = (block.Weight[i], block.Response[i]);
            if (weight == 0) { continue; }
            batch.Saturated += weight * _family.Saturated(response);
            batch.Carrier += _family.Carrier(response, weight, block.Trials.Length == 0 ? 1 : block.Trials[i]);
        }
        sums.Add(batch);
    }

    /// <inheritdoc/>
    public WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace)
    {
        workspace.Reserve(count);
        var rows = block.Rows(start, count);
        var eta = workspace.Eta.AsSpan(0, count);
        var weights = workspace.Weights.AsSpan(0, count);
        var scores = workspace.Scores.AsSpan(0, count);
        var response = block.Response.AsSpan(start, count);
        var prior = block.Weight.AsSpan(start, count);
        if (typeof(TFamily) == typeof(Gaussian) && typeof(TLink) == typeof(IdentityLink))
        {
            GaussianRows.Describe(rows, theta, block.Offset.AsSpan(start, count), response, prior, eta, weights, scores, ref sums);
            if (_kind != InformationKind.Expected) { Reweigh(block, start, auxiliary, eta, weights, scores); }
            return new(rows, weights, scores, 1);
        }
        LinearPredictor.Fill(rows, theta, block.Offset.AsSpan(start, count), eta);
        if (typeof(TFamily) == typeof(Binomial) && typeof(TLink) == typeof(LogitLink))
        {
            LogisticRows.Describe(response, prior, eta, weights, scores, ref sums);
        }
        else { Describe(_family.At(auxiliary), response, prior, eta, weights, scores, ref sums); }
        if (!leverages.IsEmpty) { Correct(leverages[..count], eta, weights, scores); }
        if (_kind != InformationKind.Expected) { Reweigh(block, start, auxiliary, eta, weights, scores); }
        return new(rows, weights, scores, 1);
    }

    /// <inheritdoc/>
    public WorkingRows WorkAtStart(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, ref FitSums sums, Workspace workspace)
    {
        workspace.Reserve(count);
        var rows = block.Rows(start, count);
        var eta = workspace.Eta.AsSpan(0, count);
        var weights = workspace.Weights.AsSpan(0, count);
        var scores = workspace.Scores.AsSpan(0, count);
        LinearPredictor.Fill(rows, theta, block.Offset.AsSpan(start, count), weights);   // the anchor's predictor waits where its weight will be
        for (var i = 0; i < count; i++) { eta[i] = _link.Predictor(_family.StartingMean(block.Response[start + i], block.Weight[start + i])); }
        _link.Prepare(eta, scores);
        for (var i = 0; i < count; i++)
        {
            var point = _link.At(eta[i], scores[i]);
            var (y, prior, anchor) = (block.Response[start + i], block.Weight[start + i], weights[i]);
            if (prior == 0 || !_link.Contains(eta[i]) || !_family.Contains(point))
            {
                (weights[i], scores[i]) = (0, 0);
                continue;
            }
            var variance = _family.Variance(point);
            weights[i] = prior * point.Slope * (point.Slope / variance);
            scores[i] = weights[i] * (eta[i] + (y - point.Mean) / point.Slope - anchor);
            sums.Deviance += prior * _family.UnitDeviance(y, point);
            sums.Pearson += prior * (y - point.Mean) * ((y - point.Mean) / variance);
        }
        return new(rows, weights, scores, 1);
    }

    /// <inheritdoc/>
    public double? NullDeviance(in ResponseSums responses, bool hasIntercept, double auxiliary)
    {
        if (responses.Offsets > 0 || responses.Observations == 0) { return null; }
        var mean = hasIntercept ? responses.Response / responses.Weight : MeanAt(0).Mean;
        var deviance = _family.At(auxiliary).DevianceAt(mean, responses);
        return double.IsFinite(deviance) ? Math.Max(0, deviance) : null;
    }

    /// <inheritdoc/>
    public double? LogLikelihood(in ResponseSums responses, double deviance, double auxiliary)
    {
        var value = _quasi || responses.Observations == 0 ? null : _family.At(auxiliary).LogLikelihood(responses, deviance);
        return value is double known && double.IsFinite(known) ? known : null;   // a perfect fit of an estimated dispersion has no bound
    }

    /// <inheritdoc/>
    public int Predictors(in ModelShape shape) => 1;

    /// <inheritdoc/>
    public int Means(in ModelShape shape) => 1;

    /// <inheritdoc/>
    public void DescribePredictor(Block block, int row, in ModelShape shape, int predictor, Span<double> design)
    {
        design.Clear();
        DesignVector.Add(block, row, 1, design);
    }

    /// <inheritdoc/>
    public double PredictorOffset(Block block, int row) => block.Offset[row];

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<double> eta, Span<double> means, Span<double> jacobian)
    {
        var point = MeanAt(eta[0]);
        means[0] = point.Mean;
        jacobian[0] = point.Slope;
    }

    /// <inheritdoc/>
    public double Cumulative(double response, double mean, double dispersion, double auxiliary, double trials) =>
        _family.At(auxiliary).Cumulative(response, mean, dispersion, trials);

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double auxiliary, double trials) =>
        _family.At(auxiliary).Quantile(probability, mean, dispersion, trials);

    MeanPoint MeanAt(double eta)
    {
        ReadOnlySpan<double> predictor = [eta];
        Span<double> prepared = [0];
        _link.Prepare(predictor, prepared);
        return _link.At(eta, prepared[0]);
    }

    void Describe(TFamily family, ReadOnlySpan<double> response, ReadOnlySpan<double> prior, ReadOnlySpan<double> eta,
        Span<double> weights, Span<double> scores, ref FitSums sums)
    {
        _link.Prepare(eta, scores);
        var (deviance, pearson, legal) = (0.0, 0.0, true);
        for (var i = 0; i < eta.Length; i++)
        {
            var point = _link.At(eta[i], scores[i]);
            var weight = prior[i];
            if (weight == 0 || !_link.Contains(eta[i]) || !family.Contains(point))
            {
                legal &= weight == 0;
                (weights[i], scores[i]) = (0, 0);
                continue;
            }
            var residual = response[i] - point.Mean;
            var variance = family.Variance(point);
            var ratio = point.Slope / variance;   // a constant for the canonical link, and exactly so in arithmetic
            weights[i] = weight * point.Slope * ratio;
            scores[i] = weight * residual * ratio;
            deviance += weight * family.UnitDeviance(response[i], point);
            pearson += weight * residual * (residual / variance);
            family.AddAuxiliary(response[i], weight, point.Mean, ref sums);
        }
        sums.Deviance += legal ? deviance : double.PositiveInfinity;
        sums.Pearson += pearson;
    }

    /// <summary><c>r += h·μ″/(2μ′)</c> with the hat values <c>h = w·xᵀI⁻¹x</c>.</summary>
    void Correct(ReadOnlySpan<double> leverages, ReadOnlySpan<double> eta, ReadOnlySpan<double> weights, Span<double> scores)
    {
        for (var i = 0; i < eta.Length; i++)
        {
            if (weights[i] > 0) { scores[i] += 0.5 * weights[i] * leverages[i] * _link.Curvature(eta[i]); }
        }
    }
}
