using FisherFlow.Snapshots;
using MathNet.Numerics;

namespace FisherFlow.Memory;

/// <summary>What values between two changes are drawn from.</summary>
public enum RunModel
{
    /// <summary>Normal with unknown mean and variance, under a normal-inverse-gamma prior.</summary>
    Normal,
    /// <summary>0 or 1 with an unknown probability, under a beta prior.</summary>
    Bernoulli,
}

/// <summary>Bayesian online changepoints: how long it is since the last change, as a probability for each length; at most so many lengths at once.</summary>
/// <remarks>
/// For every step s at which a run may have begun it keeps what that run has seen, its posterior weight (a change before each step has probability 1/ARL) and <c>Λₛ</c>, the likelihood ratio of a run that began at s against no change at all.
/// Alarm where <c>Σₛ Λₛ ≥ ARL</c>, that is where "one change since the last reset" has become more probable than "none" under that prior; as <c>Λ</c> are e-values under the prior's predictive law the average run length is
/// at least the one asked for, on average over the prior. The change point is the s of the largest Λ. Memory: <see cref="MostRuns"/>; beyond it the run of least weight is dropped, which delays alarms and never causes one. Cost: <c>O(MostRuns)</c> a step.
/// Source: Adams &amp; MacKay (2007), equations 3 to 8; Shiryaev (1963) for the alarm.
/// </remarks>
public sealed class BayesianChangepoints : IChangeDetector
{
    readonly RunModel _model;
    readonly RunPrior _prior;
    readonly Run[] _runs;   // the first began at the reset and stays
    int _count;

    /// <summary>A detector with at least a given average number of steps between false alarms.</summary>
    /// <param name="averageRunLength">The fewest steps to a false alarm on average.</param>
    /// <param name="model">What values are.</param>
    /// <param name="prior">What is believed of a run before its first value; null for the default of <see cref="RunPrior"/>.</param>
    /// <param name="mostRuns">Lengths kept at once, at least 8.</param>
    public BayesianChangepoints(double averageRunLength, RunModel model = RunModel.Normal, RunPrior? prior = null, int mostRuns = 100)
    {
        AverageRunLength = DetectorNumbers.RequireRunLength(averageRunLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRuns, 8);
        (_model, _prior, _runs) = (model, prior ?? new(), new Run[mostRuns + 1]);
        _prior.Require();
        Reset();
    }

    /// <inheritdoc/>
    public string Method => "bayes";

    /// <inheritdoc/>
    public double AverageRunLength { get; }

    /// <summary>Lengths kept at once.</summary>
    public int MostRuns => _runs.Length - 1;

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public double Statistic { get; private set; }

    /// <inheritdoc/>
    public double Threshold => AverageRunLength;

    /// <inheritdoc/>
    public bool IsAlarmed { get; private set; }

    /// <inheritdoc/>
    public long ChangePoint { get; private set; }

    /// <summary>The posterior of the run length: its support, longest first, and the probabilities.</summary>
    /// <returns>Pairs (steps since the last change, probability); probabilities add to one.</returns>
    public (long Length, double Probability)[] RunLengths() =>
        [.. _runs.Take(_count).Select(run => (Count - run.Start, Math.Exp(run.LogWeight)))];

    /// <inheritdoc/>
    public bool Observe(double value)
    {
        DetectorNumbers.RequireFinite(value);
        if (_model == RunModel.Bernoulli && value is not (0 or 1)) { throw new ArgumentOutOfRangeException(nameof(value), value, "a Bernoulli stream has the values 0 and 1"); }
        if (IsAlarmed) { return true; }
        Begin();
        var unchanged = LogPredictive(_runs[0], value);
        var largest = double.NegativeInfinity;
        for (var i = 0; i < _count; i++)
        {
            ref var run = ref _runs[i];
            var predictive = i == 0 ? unchanged : LogPredictive(run, value);
            run.LogWeight += predictive;
            run.LogRatio += predictive - unchanged;
            largest = Math.Max(largest, run.LogWeight);
            Learn(ref run, value);
        }
        Count++;
        Normalise(largest);
        return IsAlarmed = Statistic >= Threshold;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _runs[0] = Fresh(0);
        (_count, Count, Statistic, ChangePoint, IsAlarmed) = (1, 0, 0, 0, false);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(Statistic);
        writer.Write(ChangePoint);
        writer.Write(IsAlarmed);
        writer.Write(_count);
        foreach (var run in _runs.AsSpan(0, _count))
        {
            writer.Write(run.Start);
            writer.Write([run.LogWeight, run.LogRatio, run.Seen, run.Mean, run.Squares]);
        }
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader)
    {
        (Count, Statistic, ChangePoint, IsAlarmed, _count) = (reader.ReadInt64(), reader.ReadDouble(), reader.ReadInt64(), reader.ReadBoolean(), reader.ReadInt32());
        for (var i = 0; i < _count; i++)
        {
            var start = reader.ReadInt64();
            var numbers = reader.ReadDoubles();
            _runs[i] = new() { Start = start, LogWeight = numbers[0], LogRatio = numbers[1], Seen = numbers[2], Mean = numbers[3], Squares = numbers[4] };
        }
    }

    /// <summary>A run may begin at the coming step: it takes its share from all others.</summary>
    void Begin()
    {
        if (Count == 0) { return; }
        var hazard = 1 / AverageRunLength;
        var stay = double.LogP1(-hazard);
        for (var i = 0; i < _count; i++) { _runs[i].LogWeight += stay; }
        if (_count == _runs.Length) { DropLightest(); }
        _runs[_count++] = Fresh(Count) with { LogWeight = Math.Log(hazard) };
    }

    void DropLightest()
    {
        var lightest = 1;
        for (var i = 2; i < _count; i++)
        {
            if (_runs[i].LogWeight < _runs[lightest].LogWeight) { lightest = i; }
        }
        _runs.AsSpan(lightest + 1, _count - lightest - 1).CopyTo(_runs.AsSpan(lightest));
        _count--;
    }

    void Normalise(double largest)
    {
        var (total, statistic, best) = (0.0, 0.0, 0);
        for (var i = 0; i < _count; i++) { total += Math.Exp(_runs[i].LogWeight - largest); }
        var log = largest + Math.Log(total);
        for (var i = 0; i < _count; i++)
        {
            _runs[i].LogWeight -= log;
            if (i == 0) { continue; }
            statistic += Math.Exp(_runs[i].LogRatio);
            if (best == 0 || _runs[i].LogRatio > _runs[best].LogRatio) { best = i; }
        }
        (Statistic, ChangePoint) = (Math.Min(statistic, double.MaxValue), _runs[best].Start);
    }

    static Run Fresh(long start) => new() { Start = start };

    double LogPredictive(in Run run, double value)
    {
        if (_model == RunModel.Bernoulli)
        {
            var one = (_prior.Ones + run.Mean * run.Seen) / (_prior.Ones + _prior.Zeros + run.Seen);
            return Math.Log(value == 1 ? one : 1 - one);
        }
        var k = _prior.Strength + run.Seen;
        var a = _prior.Shape + run.Seen / 2;
        var apart = run.Mean - _prior.Mean;
        var b = _prior.Scale + run.Squares / 2 + _prior.Strength * run.Seen * apart * apart / (2 * k);
        var off = value - (_prior.Strength * _prior.Mean + run.Seen * run.Mean) / k;
        var spread = 2 * b * (k + 1) / k;
        return LogGammaStep(a) - 0.5 * Math.Log(Math.PI * spread) - (a + 0.5) * double.LogP1(off * off / spread);
    }

    /// <summary><c>log Γ(a + ½) − log Γ(a)</c>; from 10 on by its asymptotic series, whose next term is below 10⁻¹⁰ there.</summary>
    static double LogGammaStep(double a) => a < 10
        ? SpecialFunctions.GammaLn(a + 0.5) - SpecialFunctions.GammaLn(a)
        : 0.5 * Math.Log(a) - 1 / (8 * a) + 1 / (192 * a * a * a) - 1 / (640 * a * a * a * a * a);

    static void Learn(ref Run run, double value)
    {
        run.Seen++;
        var step = value - run.Mean;
        run.Mean += step / run.Seen;
        run.Squares += step * (value - run.Mean);
    }

    struct Run
    {
        public long Start;
        public double LogWeight, LogRatio, Seen, Mean, Squares;
    }
}

/// <summary>What is believed of a run before its first value.</summary>
public sealed record RunPrior
{
    /// <summary>Normal: the mean's centre.</summary>
    /// <value>0.</value>
    public double Mean { get; init; }

    /// <summary>Normal: how many values the centre is worth.</summary>
    /// <value>0.1: means between runs differ by about three of their standard deviations.</value>
    public double Strength { get; init; } = 0.1;

    /// <summary>Normal: shape of the inverse-gamma law of the variance, half the values it is worth.</summary>
    /// <value>1.</value>
    public double Shape { get; init; } = 1;

    /// <summary>Normal: scale of the inverse-gamma law of the variance.</summary>
    /// <value>1: variances about 1.</value>
    public double Scale { get; init; } = 1;

    /// <summary>Bernoulli: how many ones the prior is worth.</summary>
    /// <value>½ (Jeffreys).</value>
    public double Ones { get; init; } = 0.5;

    /// <summary>Bernoulli: how many zeros the prior is worth.</summary>
    /// <value>½ (Jeffreys).</value>
    public double Zeros { get; init; } = 0.5;

    internal void Require()
    {
        foreach (var (name, value) in new[] { (nameof(Strength), Strength), (nameof(Shape), Shape), (nameof(Scale), Scale), (nameof(Ones), Ones), (nameof(Zeros), Zeros) })
        {
            if (!(value > 0 && double.IsFinite(value))) { throw new ArgumentOutOfRangeException(name, value, "a prior is worth a positive number of values"); }
        }
        if (!double.IsFinite(Mean)) { throw new ArgumentOutOfRangeException(nameof(Mean), Mean, "the centre is a number"); }
    }
}
