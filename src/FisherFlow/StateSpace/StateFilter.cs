namespace FisherFlow.StateSpace;

/// <summary>A filter: what is known of the state given all observations so far.</summary>
/// <remarks>
/// One time step is <see cref="Predict"/> followed by any number of <see cref="Observe(ReadOnlySpan{double}, double)"/> (none when the observation is missing); the first state needs no prediction.
/// The log-likelihood is the sum of the prediction errors' log-densities; observations met while the state is still diffuse have none and are not counted. Threads: one caller at a time.
/// </remarks>
public abstract class StateFilter
{
    private protected StateFilter(LinearGaussianModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
    }

    /// <summary>The model.</summary>
    public LinearGaussianModel Model { get; }

    /// <summary>Whether enough was observed to determine the state.</summary>
    public abstract bool IsDetermined { get; }

    /// <summary>The mean of the state <c>[d]</c>.</summary>
    /// <exception cref="InvalidOperationException">The state is still diffuse.</exception>
    public abstract double[] Mean();

    /// <summary>The covariance of the state <c>[d, d]</c>.</summary>
    /// <exception cref="InvalidOperationException">The state is still diffuse.</exception>
    public abstract double[,] Covariance();

    /// <summary><c>Σ log N(yₜ; hᵀm, hᵀPh + r)</c>.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>Prediction errors in it.</summary>
    public long Innovations { get; private set; }

    /// <summary><c>Σ v²/s</c> over prediction errors v of variance s.</summary>
    public double SquaredInnovations { get; private set; }

    /// <summary><c>Σ log s</c>.</summary>
    public double LogVariances { get; private set; }

    /// <summary>One step of time: <c>m ← Tm</c>, <c>P ← TPTᵀ + Q</c>.</summary>
    public abstract void Predict();

    /// <summary>Learns from an observation through the model's own row.</summary>
    public void Observe(double value) => Observe(Model.Observation, value);

    /// <summary>Learns from an observation.</summary>
    /// <param name="row">h <c>[d]</c>.</param>
    /// <param name="value">y; one that is not a number is missing, and teaches nothing.</param>
    public void Observe(ReadOnlySpan<double> row, double value)
    {
        if (row.Length != Model.Dimension) { throw new ArgumentException($"the row has {row.Length} numbers, and the state {Model.Dimension}", nameof(row)); }
        if (double.IsNaN(value)) { return; }
        if (IsDetermined)
        {
            var (error, variance) = Forecast(row);
            var miss = value - error;
            SquaredInnovations += miss * miss / variance;
            LogVariances += Math.Log(variance);
            LogLikelihood -= 0.5 * (Math.Log(2 * Math.PI * variance) + miss * miss / variance);
            Innovations++;
        }
        Update(row, value);
    }

    /// <summary>Filters a series, one observation a step; a value that is not a number is missing.</summary>
    /// <param name="series">y <c>[n]</c>.</param>
    public void Run(ReadOnlySpan<double> series)
    {
        for (var t = 0; t < series.Length; t++)
        {
            if (t > 0) { Predict(); }
            Observe(series[t]);
        }
    }

    /// <summary>What an observation will be: mean and variance, its own noise included.</summary>
    /// <param name="row">h <c>[d]</c>.</param>
    public (double Mean, double Variance) Forecast(ReadOnlySpan<double> row) =>
        (Square.Dot(row, Mean()), Square.Dot(row, Square.Product(Covariance(), row)) + Model.ObservationVariance);

    private protected abstract void Update(ReadOnlySpan<double> row, double value);

    private protected static InvalidOperationException Diffuse() => new("the state is diffuse: too few observations so far to determine it");
}
