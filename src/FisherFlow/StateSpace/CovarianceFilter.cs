namespace FisherFlow.StateSpace;

/// <summary>Kalman's filter on mean and covariance, with Joseph's update: <c>P ← (1 − kh)P(1 − kh)ᵀ + r·kkᵀ</c>, <c>k = Ph/(hᵀPh + r)</c>.</summary>
/// <remarks>Needs a start with a covariance. Cost: <c>O(d³)</c> a step, <c>O(d²)</c> an observation. Source: Kalman (1960); Bucy &amp; Joseph (1968).</remarks>
public sealed class CovarianceFilter : StateFilter
{
    double[] _mean;
    double[,] _covariance;

    /// <summary>Starts before the first observation.</summary>
    /// <exception cref="ArgumentException">The model's start is diffuse.</exception>
    public CovarianceFilter(LinearGaussianModel model) : base(model)
    {
        _mean = (double[])model.StartMean.Clone();
        _covariance = (double[,])(model.StartCovariance ?? throw new ArgumentException("a diffuse start has no covariance: give StartCovariance, or use the information or square-root form", nameof(model))).Clone();
    }

    /// <inheritdoc/>
    public override bool IsDetermined => true;

    /// <inheritdoc/>
    public override double[] Mean() => (double[])_mean.Clone();

    /// <inheritdoc/>
    public override double[,] Covariance() => (double[,])_covariance.Clone();

    /// <inheritdoc/>
    public override void Predict()
    {
        _mean = Square.Product(Model.Transition, _mean);
        _covariance = Square.Sum(Square.Congruence(Model.Transition, _covariance), Model.ProcessNoise);
    }

    private protected override void Update(ReadOnlySpan<double> row, double value)
    {
        var gain = Square.Product(_covariance, row);
        var variance = Square.Dot(row, gain) + Model.ObservationVariance;
        var miss = value - Square.Dot(row, _mean);
        for (var i = 0; i < gain.Length; i++)
        {
            gain[i] /= variance;
            _mean[i] += gain[i] * miss;
        }
        var keep = Square.Identity(gain.Length);
        for (var i = 0; i < gain.Length; i++)
        {
            for (var j = 0; j < gain.Length; j++) { keep[i, j] -= gain[i] * row[j]; }
        }
        _covariance = Square.Congruence(keep, _covariance);
        for (var i = 0; i < gain.Length; i++)
        {
            for (var j = 0; j < gain.Length; j++) { _covariance[i, j] += Model.ObservationVariance * gain[i] * gain[j]; }
        }
    }
}
