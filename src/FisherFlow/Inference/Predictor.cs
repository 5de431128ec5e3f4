using FisherFlow.Differentiation;
using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Inference;

/// <summary>Predicts the mean response of encoded rows, with standard errors and limits for the mean or for a new response.</summary>
/// <remarks>
/// Standard errors are those of the mean by the delta method, as R's <c>predict(type = "response", se.fit = TRUE)</c>. Mean limits are Wald limits of the linear
/// predictor (normal quantile), mapped by the link and cut at the family's bounds. Observation limits are quantiles of the family mixed over the uncertainty
/// of the predictor; for a gaussian identity model they are exact, by Student's t. Probabilities of several outcomes have Wald limits on the logit scale.
/// Cost: <c>O(k²)</c> a row of k non-zeros for one predictor. Allocates nothing a row. One instance serves one thread.
/// </remarks>
public sealed class Predictor
{
    readonly Estimate _estimate;
    readonly IModel _model;
    readonly PredictionOptions _options;
    readonly Estimability _estimability;
    readonly double[]? _covariance;
    readonly double[]? _variances;   // where there is no matrix: parameters then count as uncorrelated
    readonly int _rank, _predictors, _columns;
    readonly int[] _position;     // parameter → place in the factor, or −1
    readonly int[] _parameter;    // [L, columns + 1] → parameter, or −1; the last is the cut point
    readonly double? _dispersion;
    readonly double _normal, _exact;
    readonly PredictiveMixture _mixture;
    readonly NormalMixture? _components;   // of a mixture that is asked for responsibilities
    readonly DistributionalModel? _distribution;
    readonly DistributionMixture? _distributionMixture;
    readonly double[] _eta, _means, _jacobian, _etaCovariance, _values, _limit = new double[1], _slope = new double[1];
    readonly int[] _support;      // columns of the row's non-zeros
    readonly int[] _rows;         // [L, non-zeros] → parameter

    /// <summary>Prepares predictions from an estimate.</summary>
    /// <param name="estimate">What the estimator knows.</param>
    /// <param name="model">The model that lays parameters out.</param>
    /// <param name="specification">Family, link and dispersion.</param>
    /// <param name="options">Covariance, interval and level.</param>
    /// <param name="estimability">Which combinations the data determine; null judges by the factor alone.</param>
    /// <exception cref="ArgumentException">The level is not between 0 and 1, or the covariance needs sums that were not kept.</exception>
    public Predictor(Estimate estimate, IModel model, ModelSpecification specification, PredictionOptions options, Estimability? estimability = null)
    {
        Summary.RequireLevel(options.Level);
        (_estimate, _model, _options) = (estimate, model, options);
        _estimability = estimability ?? new(estimate.Factor);
        var covariance = CoefficientCovariance.Compute(estimate, options.Covariance, model.EstimatesDispersion, CoefficientTable.RankOf(estimate, model));
        (_covariance, _variances) = Summary.RegimeOf(estimate) == Regime.Converged ? (covariance.Matrix, covariance.Variances) : (null, null);
        _dispersion = covariance.Dispersion;
        (_rank, _position) = (estimate.Factor.Rank, CoefficientTable.Positions(estimate));
        _columns = estimate.Shape.Columns;
        _predictors = model.Predictors(estimate.Shape);
        _components = !options.Responsibilities ? null : model as NormalMixture ?? throw new ArgumentException("only the components of a mixture have responsibilities", nameof(options));
        Means = _components?.Leading ?? model.Means(estimate.Shape);
        _parameter = Layout();
        _normal = NormalDistribution.Quantile(options.Level);
        var degrees = estimate.Structured?.ResidualDegrees ?? estimate.Responses.Observations - CoefficientTable.RankOf(estimate, model);
        _exact = model.EstimatesDispersion && degrees > 0 ? StudentDistribution.Quantile(options.Level, degrees) : _normal;
        if (model is DistributionalModel distribution) { (_distribution, _distributionMixture) = (distribution, new(distribution)); }
        _mixture = new(model, specification.Family is Family.Binomial or Family.Poisson or Family.NegativeBinomial, Summary.AuxiliaryOf(estimate));
        (_eta, _means) = (new double[_predictors], new double[Means]);
        (_jacobian, _etaCovariance) = (new double[Means * _predictors], new double[_predictors * _predictors]);
        (_support, _values, _rows) = (new int[_columns + 1], new double[_columns + 1], new int[_predictors * (_columns + 1)]);
        Limitation = options.Interval == PredictionInterval.Observation && !model.HasPredictiveDistribution
            ? $"a new response of the {ModelNames.Name(specification.Family)} family has no distribution here, so there are no observation limits"
            : covariance.Missing;
    }

    /// <summary>Predictions a row has: 1, or one an outcome or a component.</summary>
    public int Means { get; }

    /// <summary>Why standard errors or limits do not exist, or null.</summary>
    public string? Limitation { get; }

    /// <summary>Predicts all rows of a block.</summary>
    /// <param name="block">Encoded rows; responses are looked at for responsibilities only.</param>
    /// <param name="predictions">Predictions <c>[n, Means]</c>, row by row; those of a row that the data do not determine are empty.</param>
    public void Predict(Block block, Span<Prediction> predictions)
    {
        for (var row = 0; row < block.Count; row++)
        {
            var target = predictions.Slice(row * Means, Means);
            target.Clear();
            Predict(block, row, target);
        }
    }

    void Predict(Block block, int row, Span<Prediction> target)
    {
        var support = Gather(block, row);
        if (support < 0) { return; }
        if (_components is not null)
        {
            _components.Responsibilities(block.Response[row], _eta, _means);
            for (var k = 0; k < Means; k++) { target[k] = new(Number.Finite(_means[k]), null, null, null); }
            return;
        }
        _model.Predict(_eta, _means, _jacobian);
        var known = _variances is not null && !TouchesSeparated(support);
        if (known) { Covary(support); }
        for (var m = 0; m < Means; m++)
        {
            if (Number.Finite(_means[m]) is not { } mean) { continue; }
            target[m] = known ? WithErrors(block, row, m, mean) : new(mean, null, null, null);
        }
    }

    Prediction WithErrors(Block block, int row, int m, double mean)
    {
        var variance = 0.0;
        for (var l = 0; l < _predictors; l++)
        {
            for (var j = 0; j < _predictors; j++) { variance += _jacobian[m * _predictors + l] * _etaCovariance[l * _predictors + j] * _jacobian[m * _predictors + j]; }
        }
        var error = Math.Sqrt(Math.Max(0, variance));
        var (lower, upper) = _options.Interval switch
        {
            PredictionInterval.Mean when _distribution is not null => RangeLimits(_distribution.MeanRange, mean, error),
            PredictionInterval.Mean => _model.InvertsIntervals ? MeanLimits(mean) : ProbabilityLimits(mean, error),
            PredictionInterval.Observation when _model.HasPredictiveDistribution => ObservationLimits(block, row),
            _ => default,
        };
        return new(mean, Number.Finite(error), Number.Finite(lower), Number.Finite(upper));
    }

    /// <summary>Finds the row's non-zeros and its predictors; −1 when the data do not determine them.</summary>
    int Gather(Block block, int row)
    {
        var k = 0;
        for (var j = 0; j < block.DenseColumns; j++)
        {
            var value = block.Dense[row * block.DenseColumns + j];
            if (value != 0) { (_support[k], _values[k++]) = (j, value); }
        }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] < 0) { continue; }
            (_support[k], _values[k++]) = (block.Indices[s], block.Values.Length == 0 ? 1 : block.Values[s]);
        }
        if (_model.IsOrdinal)
        {
            for (var i = 0; i < k; i++) { _values[i] = -_values[i]; }   // η = α − xᵀβ
            (_support[k], _values[k++]) = (_columns, 1);
        }
        var offset = _model.PredictorOffset(block, row);
        for (var l = 0; l < _predictors; l++)
        {
            var parameters = _rows.AsSpan(l * k, k);
            var eta = l >= _distribution?.Leading ? 0 : offset;   // an offset belongs to a distribution's first parameter
            for (var i = 0; i < k; i++)
            {
                parameters[i] = _parameter[l * (_columns + 1) + _support[i]];
                if (parameters[i] >= 0) { eta += _values[i] * _estimate.Theta[parameters[i]]; }
            }
            if (!_estimability.Determines(parameters, _values.AsSpan(0, k))) { return -1; }
            _eta[l] = eta;
        }
        return k;
    }

    bool TouchesSeparated(int support)
    {
        foreach (var parameter in _rows.AsSpan(0, _predictors * support))
        {
            if (parameter >= 0 && _estimate.Separated[parameter]) { return true; }
        }
        return false;
    }

    /// <summary>Covariance of the row's predictors, over its non-zeros only.</summary>
    void Covary(int k)
    {
        for (var l = 0; l < _predictors; l++)
        {
            for (var m = l; m < _predictors; m++)
            {
                var sum = 0.0;
                for (var i = 0; i < k; i++)
                {
                    var first = _rows[l * k + i] < 0 ? -1 : _position[_rows[l * k + i]];
                    if (first < 0) { continue; }
                    var inner = 0.0;
                    for (var j = 0; j < k; j++)
                    {
                        var second = _rows[m * k + j] < 0 ? -1 : _position[_rows[m * k + j]];
                        if (second >= 0) { inner += Entry(first, second) * _values[j]; }
                    }
                    sum += _values[i] * inner;
                }
                _etaCovariance[l * _predictors + m] = _etaCovariance[m * _predictors + l] = sum;
            }
        }
    }

    double Entry(int first, int second) => _covariance is not null ? _covariance[first * _rank + second] : first == second ? _variances![first] : 0;

    /// <summary>Link-scale Wald limits, mapped; a limit beyond a pole of the link is unbounded, one beyond the family's bounds is the bound.</summary>
    (double? Lower, double? Upper) MeanLimits(double mean)
    {
        var half = _normal * Math.Sqrt(Math.Max(0, _etaCovariance[0]));
        if (_jacobian[0] < 0) { half = -half; }
        var lower = MeanAt(_eta[0] - half);
        var turned = (_slope[0] < 0 && _jacobian[0] > 0) || (_slope[0] > 0 && _jacobian[0] < 0);   // through the zero of a square root link
        var upper = MeanAt(_eta[0] + half);
        return (
            turned ? 0 : lower is not { } low || low > mean ? null : _model.Supports(low) ? low : 0,
            upper is not { } high || high < mean ? null : _model.Supports(high) ? high : 1);   // of bounded means only a proportion has an upper bound
    }

    double? MeanAt(double eta)
    {
        _model.Predict([eta], _limit, _slope);
        return Number.Finite(_limit[0]);
    }

    (double? Lower, double? Upper) ProbabilityLimits(double p, double error)
    {
        if (!(p > 0 && p < 1)) { return (p, p); }
        var (centre, half) = (Math.Log(p / (1 - p)), _normal * error / (p * (1 - p)));
        return (1 / (1 + Math.Exp(half - centre)), 1 / (1 + Math.Exp(-half - centre)));
    }

    /// <summary>Wald limits of the mean on the free scale of its range, mapped.</summary>
    (double? Lower, double? Upper) RangeLimits(Interval range, double mean, double error)
    {
        if (!range.Contains(mean)) { return default; }
        var eta = range.Unconstrain(mean);
        var half = _normal * error / range.At(eta).First;
        return (range.At(eta - half).Value, range.At(eta + half).Value);
    }

    (double? Lower, double? Upper) ObservationLimits(Block block, int row)
    {
        if (_distributionMixture is not null)
        {
            _distributionMixture.Prepare(_eta, _etaCovariance);
            return (_distributionMixture.Quantile((1 - _options.Level) / 2), _distributionMixture.Quantile((1 + _options.Level) / 2));
        }
        if (_dispersion is not { } phi) { return default; }
        var trials = block.Trials.Length == 0 ? 1 : block.Trials[row];
        phi /= block.Weight[row] > 0 ? block.Weight[row] / trials : 1;
        if (_model.IsQuadratic)
        {
            var half = _exact * Math.Sqrt(phi + Math.Max(0, _etaCovariance[0]));
            return (_eta[0] - half, _eta[0] + half);
        }
        if (!_mixture.Prepare(_eta[0], Math.Sqrt(Math.Max(0, _etaCovariance[0])), phi, trials)) { return default; }
        var tail = (1 - _options.Level) / 2;
        return (_mixture.Quantile(tail), _mixture.Quantile(1 - tail));
    }

    int[] Layout()
    {
        var layout = new int[_predictors * (_columns + 1)];
        for (var l = 0; l < _predictors; l++)
        {
            for (var c = 0; c < _columns; c++) { layout[l * (_columns + 1) + c] = _model.Parameter(_estimate.Shape, _model.IsOrdinal ? 0 : l, c); }
            layout[l * (_columns + 1) + _columns] = _model.IsOrdinal ? _model.Parameter(_estimate.Shape, l, -1) : -1;
        }
        return layout;
    }
}
