using FisherFlow.Models;

namespace FisherFlow.Likelihoods;

/// <summary>The random numbers of one outcome: a function of seed, row, sample and how many were taken before, so that the same bits come however rows are batched.</summary>
public struct OutcomeNoise
{
    /// <summary>Tells the numbers of one outcome apart; odd, so that seeds that follow each other share none.</summary>
    const ulong NextDraw = 0xD1342543DE82EF95;

    readonly ulong _seed;
    readonly long _row;
    readonly int _sample;
    readonly double _given;   // the uniform number itself, where outcomes are integrated over; 0 where they are drawn
    int _taken;

    internal OutcomeNoise(ulong seed, long row, int sample) => (_seed, _row, _sample) = (seed, row, sample);

    internal OutcomeNoise(double uniform) => _given = uniform;

    /// <summary>The next uniform number, strictly between 0 and 1.</summary>
    /// <exception cref="LikelihoodException">The expected information was asked for, which integrates over one number a row, and this is the second.</exception>
    public double Uniform()
    {
        var taken = _taken++;
        if (_given == 0) { return CounterNoise.Uniform(unchecked(_seed + NextDraw * (ulong)taken), _row, _sample); }
        if (taken > 0) { throw new LikelihoodException("the expected information integrates over one random number for a row, and these outcomes take more: ask for monte-carlo:K"); }
        return _given;
    }

    /// <summary>The next standard normal number, <c>Φ⁻¹</c> of the next uniform one.</summary>
    public double Normal() => Normal(Uniform());

    internal static double Normal(double uniform) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, uniform);
}
