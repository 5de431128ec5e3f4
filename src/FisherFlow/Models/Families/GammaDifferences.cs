using FisherFlow.Differentiation;
using MathNet.Numerics;

namespace FisherFlow.Models.Families;

/// <summary>Differences of the gamma function and its derivatives between z and z + y for many counts y at one z, without cancellation for large z.</summary>
/// <remarks>Small counts by their finite products and sums, large arguments by Stirling's series, the rest by the functions themselves.</remarks>
readonly struct GammaDifferences
{
    readonly double _z;
    readonly double _logZ;
    readonly double _logGamma;
    readonly double _digamma;
    readonly double _trigamma;

    /// <summary>Prepares differences from z &gt; 0.</summary>
    public GammaDifferences(double z)
    {
        _z = z;
        _logZ = Math.Log(z);
        _logGamma = SpecialFunctions.GammaLn(z);
        _digamma = Transcendental.DigammaLessLog(z);
        _trigamma = Transcendental.TrigammaLessInverse(z);
    }

    /// <summary><c>log Γ(z + y) − log Γ(z) − y log z</c>, <c>κ(z + y) − κ(z)</c> and <c>τ(z) − τ(z + y)</c> for y ≥ 0.</summary>
    /// <remarks><c>κ(z) = ψ(z) − log z</c>, <c>τ(z) = ψ′(z) − 1/z</c>.</remarks>
    public (double Rise, double Digamma, double Trigamma) At(double y)
    {
        var total = _z + y;
        if (total < Transcendental.Asymptotic && y == Math.Floor(y))
        {
            var (product, harmonic, squares) = (1.0, 0.0, 0.0);
            for (var k = 0; k < y; k++)
            {
                var inverse = 1 / (_z + k);
                product *= 1 + k / _z;
                harmonic += inverse;
                squares += inverse * inverse;
            }
            return (Math.Log(product), harmonic - Transcendental.Log1P(y / _z), y == 0 ? 0 : squares - 1 / _z + 1 / total);
        }
        var rise = _z >= Transcendental.Asymptotic || total < Transcendental.Asymptotic
            ? Transcendental.LogGammaRise(_z, y)
            : Transcendental.LogGammaLessXLogX(total) + total * (Math.Log(total) - 1) - _logGamma - y * _logZ;
        return (rise, Transcendental.DigammaLessLog(total) - _digamma, _trigamma - Transcendental.TrigammaLessInverse(total));
    }
}
