using FisherFlow.Snapshots;

namespace FisherFlow.Memory;

/// <summary>Estimators that forget at different rates, weighted by how well each has predicted: <c>log wₖ ← τ·log wₖ + log pₖ(y)</c>.</summary>
/// <remarks>
/// No single rate is right for a stream that now jumps and now rests, and the rate it needs is not known beforehand; the weights follow the rate that predicts best at the time. Tempering by τ &lt; 1 lets old predictions
/// count less and less, so that a member which has been wrong for long can return. On every stretch the mixture's loss is at most the best member's and <c>log K</c>, at τ = 1. Cost: the members' and <c>O(K)</c> a step.
/// Source: Raftery, Kárný &amp; Ettler (2010), dynamic model averaging, with their forgetting exponent; Zhang, Lu &amp; Zhou (2018) for why an ensemble.
/// </remarks>
/// <typeparam name="T">A member: an estimator of any kind.</typeparam>
public sealed class ForgettingEnsemble<T> where T : class
{
    readonly double[] _logWeights, _weights;

    /// <summary>An ensemble with equal weights.</summary>
    /// <param name="members">One member for each rate, at least two; they stay the caller's to feed.</param>
    /// <param name="tempering">τ, above 0 and not above 1.</param>
    public ForgettingEnsemble(IReadOnlyList<T> members, double tempering = 0.99)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentOutOfRangeException.ThrowIfLessThan(members.Count, 2, nameof(members));
        if (!(tempering is > 0 and <= 1)) { throw new ArgumentOutOfRangeException(nameof(tempering), tempering, "the tempering lies above 0 and not above 1"); }
        (Members, Tempering) = (members, tempering);
        (_logWeights, _weights) = (new double[members.Count], new double[members.Count]);
        Normalise();
    }

    /// <summary>The rates that cover memories from two steps to a thousand: .5, .8, .9, .95, .98, .99, .999.</summary>
    public static IReadOnlyList<double> Rates { get; } = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999];

    /// <summary>The members.</summary>
    public IReadOnlyList<T> Members { get; }

    /// <summary>τ.</summary>
    public double Tempering { get; }

    /// <summary>The weights <c>[K]</c>, which sum to one.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The weighted mean of a number that every member gives: an estimate, a prediction.</summary>
    public double Mean(Func<T, double> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var sum = 0.0;
        for (var k = 0; k < _weights.Length; k++) { sum += _weights[k] * value(Members[k]); }
        return sum;
    }

    /// <summary>The mixture's mean and variance from the members' own: between members as well as within.</summary>
    public (double Mean, double Variance) Mixture(Func<T, (double Mean, double Variance)> law)
    {
        var mean = Mean(member => law(member).Mean);
        return (mean, Mean(member => law(member) is var (m, v) ? v + (m - mean) * (m - mean) : 0));
    }

    /// <summary>Judges what members predicted of a step's data, before they learn from it; a likelihood that is not a number counts as none.</summary>
    /// <param name="logLikelihoods">The members' predictive log-likelihoods of the new data, <c>[K]</c>.</param>
    public void Judge(ReadOnlySpan<double> logLikelihoods)
    {
        if (logLikelihoods.Length != _weights.Length) { throw new ArgumentException($"{logLikelihoods.Length} log-likelihoods for {_weights.Length} members", nameof(logLikelihoods)); }
        for (var k = 0; k < _weights.Length; k++)
        {
            // No member is ever ruled out: what is impossible today counts as 10⁻³⁰⁰.
            _logWeights[k] = Tempering * _logWeights[k] + (double.IsNaN(logLikelihoods[k]) ? -690 : Math.Clamp(logLikelihoods[k], -690, 690));
        }
        Normalise();
    }

    /// <summary>Writes the weights, bit for bit; members are their owner's.</summary>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_logWeights);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Restore(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadDoubles().CopyTo(_logWeights, 0);
        Normalise();
    }

    void Normalise()
    {
        var (largest, total) = (double.NegativeInfinity, 0.0);
        foreach (var log in _logWeights) { largest = Math.Max(largest, log); }
        for (var k = 0; k < _weights.Length; k++)
        {
            _logWeights[k] -= largest;
            total += _weights[k] = Math.Exp(_logWeights[k]);
        }
        for (var k = 0; k < _weights.Length; k++) { _weights[k] /= total; }
    }
}
