using FisherFlow.Snapshots;
using MathNet.Numerics;

namespace FisherFlow.Memory;

/// <summary>Makes a normal stream of unknown mean and variance into independent N(0, 1) values for a detector: <c>Φ⁻¹(F_{n−2}(√((n−1)/n)·(xₙ − x̄ₙ₋₁)/sₙ₋₁))</c>.</summary>
/// <remarks>
/// Each value is held against those before it, and Student's law of that comparison is exact, so the detector keeps its average run length from the first value on, with no sample to learn from first.
/// The price: a change in the first few values is learned instead of found. Two values give no step. Statistic, threshold and change point are the inner detector's; the change point counts all values.
/// Source: Hawkins (1987), self-starting CUSUM charts; Wallace (1959) for the transformation at 100 degrees of freedom and more, where its error is below 10⁻⁴.
/// </remarks>
public sealed class SelfStarting : IChangeDetector
{
    const int First = 2;
    const int Exact = 100;

    readonly IChangeDetector _detector;
    readonly string? _method;
    double _mean, _squares;
    long _values;

    /// <summary>Feeds a detector.</summary>
    /// <param name="detector">One that takes N(0, 1) values; it belongs to this one from now on.</param>
    public SelfStarting(IChangeDetector detector) : this(detector, null) { }

    SelfStarting(IChangeDetector detector, string? method)
    {
        ArgumentNullException.ThrowIfNull(detector);
        (_detector, _method) = (detector, method);
    }

    /// <summary>Page and Hinkley's detector: cumulative deviations from the running mean, less an allowance, against their minimum.</summary>
    /// <remarks>
    /// The deviations are made independent N(0, 1) first; what is left is <see cref="PageCusum"/>, and with it the average run length is exact whatever mean and variance the stream has.
    /// With deviations in the stream's own unit, as the test is usually written, the run length depends on both. Source: Page (1954); Hinkley (1971).
    /// </remarks>
    /// <param name="averageRunLength">Average steps to a false alarm.</param>
    /// <param name="shift">The size of the shift to look for, in standard deviations.</param>
    /// <param name="side">In which direction.</param>
    public static SelfStarting PageHinkley(double averageRunLength, double shift = 1, Side side = Side.Both) =>
        new(new PageCusum(averageRunLength, shift, side), "page-hinkley");

    /// <inheritdoc/>
    public string Method => _method ?? _detector.Method;

    /// <inheritdoc/>
    public double AverageRunLength => _detector.AverageRunLength;

    /// <inheritdoc/>
    public long Count => _values;

    /// <inheritdoc/>
    public double Statistic => _detector.Statistic;

    /// <inheritdoc/>
    public double Threshold => _detector.Threshold;

    /// <inheritdoc/>
    public bool IsAlarmed => _detector.IsAlarmed;

    /// <inheritdoc/>
    public long ChangePoint => _detector.ChangePoint + First;

    /// <summary>Mean of the values seen.</summary>
    public double Mean => _mean;

    /// <inheritdoc/>
    public bool Observe(double value)
    {
        DetectorNumbers.RequireFinite(value);
        if (IsAlarmed) { return true; }
        if (_values >= First && _squares > 0)
        {
            var degrees = _values - 1;
            var t = Math.Sqrt(_values / (_values + 1.0)) * (value - _mean) / Math.Sqrt(_squares / degrees);
            _detector.Observe(NormalScore(t, degrees));
        }
        _values++;
        var step = value - _mean;
        _mean += step / _values;
        _squares += step * (value - _mean);
        return IsAlarmed;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        (_mean, _squares, _values) = (0, 0, 0);
        _detector.Reset();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(_mean);
        writer.Write(_squares);
        writer.Write(_values);
        _detector.Save(writer);
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader)
    {
        (_mean, _squares, _values) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64());
        _detector.Restore(reader);
    }

    /// <summary>The normal value as far out as t is under Student's law.</summary>
    internal static double NormalScore(double t, long degrees)
    {
        var z = degrees < Exact
            ? StandardNormal.TwoSidedQuantile(Math.Max(1e-300, SpecialFunctions.BetaRegularized(degrees / 2.0, 0.5, degrees / (degrees + t * t))))
            : (8.0 * degrees + 1) / (8.0 * degrees + 3) * Math.Sqrt(degrees * double.LogP1(t * t / degrees));
        return Math.CopySign(z, t);
    }
}
