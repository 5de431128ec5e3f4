namespace FisherFlow.StateSpace;

/// <summary>Kalman's filter on information <c>I = P⁻¹</c> and <c>b = Im</c>: an observation adds <c>hhᵀ/r</c> and <c>hy/r</c>, as evidence does everywhere here.</summary>
/// <remarks>
/// A diffuse start is I = 0, exactly. A step of time loses information: with <c>M = T⁻ᵀIT⁻¹</c> and <c>Q = GGᵀ</c>, <c>I ← M − MG(GᵀMG + 1)⁻¹GᵀM</c>, which a singular I survives. T must be invertible.
/// Cost: <c>O(d²)</c> an observation, <c>O(d³)</c> a step and a question. Source: Anderson &amp; Moore (1979), § 6.3.
/// </remarks>
public sealed class InformationFilter : StateFilter
{
    readonly double[,] _back;   // T⁻¹
    double[,] _information;
    double[] _vector;
    (double[] Mean, double[,] Covariance)? _solved;
    bool _asked;

    /// <summary>Starts before the first observation.</summary>
    /// <exception cref="ArgumentException">T is singular, or the start's covariance is.</exception>
    public InformationFilter(LinearGaussianModel model) : base(model)
    {
        _back = Square.Inverse(model.Transition) ?? throw new ArgumentException("the information form needs a transition that can be undone, and this one is singular; use the covariance form", nameof(model));
        _information = model.StartCovariance is null ? new double[model.Dimension, model.Dimension] : Square.Inverse(model.StartCovariance) ?? throw new ArgumentException("the covariance of the start is singular; use the covariance form", nameof(model));
        _vector = Square.Product(_information, model.StartMean);
    }

    /// <inheritdoc/>
    public override bool IsDetermined => Solved() is not null;

    /// <summary>I <c>[d, d]</c>.</summary>
    public double[,] Information() => (double[,])_information.Clone();

    /// <inheritdoc/>
    public override double[] Mean() => (double[])(Solved() ?? throw Diffuse()).Mean.Clone();

    /// <inheritdoc/>
    public override double[,] Covariance() => (double[,])(Solved() ?? throw Diffuse()).Covariance.Clone();

    /// <inheritdoc/>
    public override void Predict()
    {
        var backward = Square.Transpose(_back);
        _information = Square.Congruence(backward, _information);
        _vector = Square.Product(backward, _vector);
        var g = Model.NoiseRoot;
        if (g.GetLength(1) > 0)
        {
            var mg = Square.Product(_information, g);
            var inner = Square.Inverse(Square.Sum(Square.Product(Square.Transpose(g), mg), Square.Identity(g.GetLength(1))))!;
            _vector = Subtract(_vector, Square.Product(mg, Square.Product(inner, Square.Product(Square.Transpose(g), _vector))));
            _information = Square.Sum(_information, Square.Congruence(mg, inner), -1);
        }
        _asked = false;
    }

    private protected override void Update(ReadOnlySpan<double> row, double value)
    {
        for (var i = 0; i < row.Length; i++)
        {
            _vector[i] += row[i] * value / Model.ObservationVariance;
            for (var j = 0; j < row.Length; j++) { _information[i, j] += row[i] * row[j] / Model.ObservationVariance; }
        }
        _asked = false;
    }

    (double[] Mean, double[,] Covariance)? Solved()
    {
        if (_asked) { return _solved; }
        _asked = true;
        return _solved = Square.Inverse(_information, smallest: 1e-10) is { } covariance ? (Square.Product(covariance, _vector), covariance) : null;
    }

    static double[] Subtract(double[] a, double[] b)
    {
        for (var i = 0; i < a.Length; i++) { a[i] -= b[i]; }
        return a;
    }
}
