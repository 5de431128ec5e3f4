namespace FisherFlow.StateSpace;

/// <summary>A linear-Gaussian state space: <c>xₜ = T xₜ₋₁ + wₜ</c>, <c>w ~ N(0, Q)</c>, seen as <c>yₜ = hₜᵀxₜ + εₜ</c>, <c>ε ~ N(0, r)</c>.</summary>
/// <remarks>
/// Shapes: state <c>[d]</c>, T and Q <c>[d, d]</c>, h <c>[d]</c>. Several observations at one time are several scalar ones with independent noise. The start is the law of x₁, before the first observation:
/// <c>N(m, P)</c>, or diffuse (nothing is known) where <see cref="StartCovariance"/> is null. Source: Durbin &amp; Koopman (2012), chapter 3.
/// </remarks>
public sealed class LinearGaussianModel
{
    /// <summary>A model; the matrices are copied.</summary>
    /// <param name="transition">T <c>[d, d]</c>.</param>
    /// <param name="processNoise">Q <c>[d, d]</c>, symmetric and positive semi-definite.</param>
    /// <param name="observation">h <c>[d]</c>, where no other row is given with an observation.</param>
    /// <param name="observationVariance">r, positive.</param>
    public LinearGaussianModel(double[,] transition, double[,] processNoise, double[] observation, double observationVariance)
    {
        ArgumentNullException.ThrowIfNull(transition);
        ArgumentNullException.ThrowIfNull(processNoise);
        ArgumentNullException.ThrowIfNull(observation);
        var d = observation.Length;
        Square.Require(transition, d, nameof(transition));
        Square.Require(processNoise, d, nameof(processNoise));
        if (!(observationVariance > 0 && double.IsFinite(observationVariance))) { throw new ArgumentOutOfRangeException(nameof(observationVariance), observationVariance, "the variance of observations is positive and finite"); }
        Transition = (double[,])transition.Clone();
        ProcessNoise = (double[,])processNoise.Clone();
        Observation = (double[])observation.Clone();
        ObservationVariance = observationVariance;
        StartMean = new double[d];
        NoiseRoot = Square.Root(ProcessNoise);
    }

    /// <summary>Length of the state <c>d</c>.</summary>
    public int Dimension => Observation.Length;

    /// <summary>T <c>[d, d]</c>.</summary>
    public double[,] Transition { get; }

    /// <summary>Q <c>[d, d]</c>.</summary>
    public double[,] ProcessNoise { get; }

    /// <summary>h <c>[d]</c>.</summary>
    public double[] Observation { get; }

    /// <summary>r.</summary>
    public double ObservationVariance { get; }

    /// <summary>m <c>[d]</c>, the mean of the first state.</summary>
    /// <value>0.</value>
    public double[] StartMean { get; init; }

    /// <summary>P <c>[d, d]</c>, the covariance of the first state, or null for a diffuse start.</summary>
    /// <value>null.</value>
    public double[,]? StartCovariance { get; init; }

    /// <summary>G <c>[d, rank]</c> with <c>GGᵀ = Q</c>.</summary>
    internal double[,] NoiseRoot { get; }

    /// <summary>A level that walks at random: <c>μₜ = μₜ₋₁ + N(0, q)</c>, <c>y = μ + N(0, r)</c>.</summary>
    /// <param name="q">Variance of a step of the level.</param>
    /// <param name="r">Variance of an observation.</param>
    public static LinearGaussianModel LocalLevel(double q, double r) => new(new double[,] { { 1 } }, new[,] { { q } }, [1], r);

    /// <summary>A level with a slope, both of which walk at random: <c>μₜ = μₜ₋₁ + νₜ₋₁ + N(0, q₁)</c>, <c>νₜ = νₜ₋₁ + N(0, q₂)</c>.</summary>
    /// <param name="level">q₁.</param>
    /// <param name="slope">q₂.</param>
    /// <param name="r">Variance of an observation.</param>
    public static LinearGaussianModel LocalTrend(double level, double slope, double r) =>
        new(new double[,] { { 1, 1 }, { 0, 1 } }, new[,] { { level, 0 }, { 0, slope } }, [1, 0], r);

    /// <summary>Regression coefficients that walk at random, each with variance q a step; the rows of the design come with the observations.</summary>
    /// <param name="coefficients">How many.</param>
    /// <param name="q">Variance of a step of a coefficient.</param>
    /// <param name="r">Variance of an observation.</param>
    public static LinearGaussianModel DriftingRegression(int coefficients, double q, double r) =>
        new(Square.Identity(coefficients), Square.Identity(coefficients, q), new double[coefficients], r);
}
