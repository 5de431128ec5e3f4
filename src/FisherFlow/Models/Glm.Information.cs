using FisherFlow.Models.Families;
using FisherFlow.Models.Links;

namespace FisherFlow.Models;

/// <summary>The estimates of a row's information: what takes the place of the expected weights.</summary>
public sealed partial class Glm<TFamily, TLink>
{
    readonly InformationKind _kind;
    readonly int _samples;
    readonly ulong _seed;

    Glm(Glm<TFamily, TLink> other, InformationKind kind, int samples, ulong seed)
        : this(other._family, other._link, other._quasi) => (_kind, _samples, _seed) = (kind, samples, seed);

    /// <inheritdoc/>
    /// <remarks>
    /// Observed: <c>w = prior·(μ′²/V − (y − μ)·(μ″/V − μ′²V′/V²))</c>. Empirical: <c>w = r²</c>. Monte Carlo: the mean of <c>(y − μ)²μ′²/V²</c> over
    /// outcomes of one unit of prior weight and dispersion 1, times the prior weight. Families without quantiles (Tweedie beyond 2) have nothing to sample from.
    /// </remarks>
    public IModel WithInformation(InformationKind kind, int samples = 1, ulong seed = 0)
    {
        if (kind == InformationKind.MonteCarlo)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
            if (!_family.HasDistribution) { throw new NotSupportedException($"outcomes of this {ModelNames.Name(_family.Kind)} family cannot be sampled, as it has no quantiles; expected, observed and empirical information are there"); }
        }
        return new Glm<TFamily, TLink>(this, kind, samples, seed);
    }

    /// <summary>Whether μ″/μ′ = μ′V′/V for every η, so that a residual says nothing about information.</summary>
    bool IsCanonical => (_family.Kind, _link.Kind) is
        (Family.Gaussian, Link.Identity) or (Family.Binomial, Link.Logit) or (Family.Poisson, Link.Log) or (Family.Gamma, Link.Inverse) or (Family.InverseGaussian, Link.InverseSquare);

    /// <summary>Puts the kind's weights <c>[n]</c> in the place of the expected ones.</summary>
    void Reweigh(Block block, int start, double auxiliary, ReadOnlySpan<double> eta, Span<double> weights, ReadOnlySpan<double> scores)
    {
        switch (_kind)
        {
            case InformationKind.Empirical:
                for (var i = 0; i < weights.Length; i++) { weights[i] = scores[i] * scores[i]; }
                break;
            case InformationKind.Observed when !IsCanonical:
                Observe(_family.At(auxiliary), eta, weights, scores);
                break;
            case InformationKind.MonteCarlo:
                Sample(_family.At(auxiliary), block, start, eta, weights);
                break;
            default: break;
        }
    }

    /// <summary><c>w ← w − r·(μ″/μ′ − μ′V′/V)</c>, which is −∂r/∂η.</summary>
    void Observe(TFamily family, ReadOnlySpan<double> eta, Span<double> weights, ReadOnlySpan<double> scores)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0) { continue; }
            var point = MeanAt(eta[i]);
            var observed = weights[i] - scores[i] * (_link.Curvature(eta[i]) - point.Slope * family.VarianceSlope(point) / family.Variance(point));
            if (double.IsFinite(observed)) { weights[i] = observed; }
        }
    }

    void Sample(TFamily family, Block block, int start, ReadOnlySpan<double> eta, Span<double> weights)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0) { continue; }
            var point = MeanAt(eta[i]);
            var trials = block.Trials.Length == 0 ? 1 : block.Trials[start + i];
            var squares = 0.0;
            for (var k = 0; k < _samples; k++)
            {
                var u = CounterNoise.Uniform(_seed, block.FirstRow + start + i, k);
                var residual = typeof(TFamily) == typeof(Binomial) && trials == 1
                    ? u > point.Complement ? point.Complement : -point.Mean
                    : family.Quantile(u, point.Mean, 1, trials) - point.Mean;
                squares += residual * residual;
            }
            var ratio = point.Slope / family.Variance(point);
            var sampled = block.Weight[start + i] * trials * ratio * ratio * (squares / _samples);
            if (double.IsFinite(sampled)) { weights[i] = sampled; }
        }
    }
}
