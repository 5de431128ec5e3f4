using FisherFlow.Numerics;

namespace FisherFlow.Mixtures;

/// <summary>The sampling variance of <c>I⁻¹s</c>, summed over rows of which each is kept with a probability of its own: <c>Σ w²c(c − 1)(I⁻¹s)(I⁻¹s)ᵀ</c> for a row that stands for c.</summary>
/// <remarks>Source: Horvitz &amp; Thompson (1952); for priority samples Duffield, Lund &amp; Thorup (2007), whose draws do not correlate either.</remarks>
sealed class MixtureNoise
{
    readonly MixtureSolution _solution;
    readonly int[] _places;   // [p]: among the kept columns, or −1
    readonly double[] _variances, _gradient, _move;

    public MixtureNoise(MixtureSolution solution)
    {
        _solution = solution;
        _places = new int[solution.Model.Columns];
        Array.Fill(_places, -1);
        for (var i = 0; i < solution.Kept.Length; i++) { _places[solution.Kept[i]] = i; }
        (_variances, _gradient, _move) = (new double[solution.Size], new double[solution.Size], new double[solution.Size]);
    }

    /// <summary>The variances' sum in units of information: squared standard errors over all directions together.</summary>
    public double Gauge { get; private set; }

    /// <summary>Standard deviations of the answer's parameters <c>[r]</c>, in standard errors.</summary>
    public double[] Deviations => [.. _variances.Select((variance, i) => Math.Sqrt(variance / _solution.Covariance![i * (_solution.Size + 1)]))];

    /// <summary>Adds so many times a row's part, whose score about its predictors is <c>[3K]</c>.</summary>
    public void Add(in MixtureRow row, ReadOnlySpan<double> score, double times)
    {
        var components = _solution.Model.Components;
        Array.Clear(_gradient);
        for (var k = 0; k < components; k++)
        {
            for (var i = 0; i < row.Columns.Length; i++)
            {
                if (_places[row.Columns[i]] is >= 0 and var place) { _gradient[_solution.Coefficient(k, place)] = score[k] * row.Values[i]; }
            }
            _gradient[_solution.Scale(k)] = score[components + k];
            if (k > 0) { _gradient[_solution.Odds(k)] = score[2 * components + k]; }
        }
        Array.Clear(_move);
        for (var i = 0; i < _gradient.Length; i++)
        {
            if (_gradient[i] != 0) { Dot.Axpy(_gradient[i], _solution.Covariance.AsSpan(i * _move.Length, _move.Length), _move); }
        }
        for (var i = 0; i < _move.Length; i++) { _variances[i] += times * _move[i] * _move[i]; }
        Gauge += times * Dot.Product(_gradient, _move);
    }
}
