using System.Numerics.Tensors;

namespace FisherFlow.Likelihoods;

/// <summary>Levenberg and Marquardt's way up: steps damped in the units of each coordinate, by how well the last quadratic foretold what was gained.</summary>
/// <remarks>Sources: Marquardt (1963); Moré (1978), for the units; Nielsen (1999), for the damping.</remarks>
sealed class Search(ITarget target, int mostSteps)
{
    const double LargestDamping = 1e25;
    const double Accepted = 1e-4;      // share of the promised gain that a step must bring
    const int MostPolishing = 100;
    const int MostReadings = 2;        // of a source for polishing

    /// <summary>Ways to climb, the usual one first; the others are for starts from which it ends elsewhere than at a maximum.</summary>
    public static readonly Manner[] Manners = [new(1e-3, KeepsUnits: true), new(1e-3, KeepsUnits: false), new(1, KeepsUnits: false), new(1e3, KeepsUnits: true)];

    /// <summary>Steps taken or tried.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether the search ended because no step was left to take, and not because there were too many.</summary>
    public bool Ended { get; private set; }

    /// <summary>Climbs from a point; null when the point itself has no value.</summary>
    /// <param name="start">The point φ <c>[q]</c>.</param>
    /// <param name="manner">How carefully.</param>
    public Linearisation? Climb(ReadOnlySpan<double> start, Manner manner)
    {
        (Steps, Ended) = (0, false);
        if (target.Linearise(start) is not { } at) { return null; }
        var q = start.Length;
        var (units, damping, step, trial) = (new double[q], new double[q], new double[q], new double[q]);
        var (strength, growth) = (manner.FirstDamping, 2.0);
        while (Steps < mostSteps)
        {
            Steps++;
            // Where a coordinate's unit only grows, a direction that goes flat on the way is not then taken in one leap.
            for (var j = 0; j < q; j++)
            {
                units[j] = manner.KeepsUnits ? Math.Max(units[j], at.Scale[j]) : Math.Max(at.Scale[j], 1e-8 * units[j]);
                damping[j] = strength * units[j] * units[j];
            }
            if (!at.TryStep(damping, step)) { (strength, growth) = (strength * growth, 2 * growth); continue; }
            var promised = at.Predicted(step);
            if (!(promised > at.Noise) || strength > LargestDamping)
            {
                Ended = promised <= at.Noise || strength > LargestDamping;
                break;
            }
            TensorPrimitives.Add<double>(at.Phi, step, trial);
            // Where rows are read again, value and quadratic come from one reading; in memory the value alone is cheaper, and often says no.
            var next = target.IsReread ? target.Linearise(trial) : null;
            var gain = (target.IsReread ? next?.Value ?? double.NegativeInfinity : target.Value(trial)) - at.Value;
            if (gain > Accepted * promised && (next ?? target.Linearise(trial)) is { } better)
            {
                var ratio = gain / promised;
                var excess = 2 * ratio - 1;
                (at, strength, growth) = (better, Math.Max(strength * Math.Max(1.0 / 3, 1 - excess * excess * excess), 1e-18), 2);
            }
            else { (strength, growth) = (strength * growth, 2 * growth); }
        }
        return Ended ? Polish(at) : at;
    }

    /// <summary>Undamped steps below what differences of values can tell, as long as each takes away most of what is left of the score.</summary>
    Linearisation Polish(Linearisation at)
    {
        var q = at.Score.Length;
        var (step, trial) = (new double[q], new double[q]);
        var left = Gauge(at, step);
        for (var i = 0; i < (target.IsReread ? MostReadings : MostPolishing) && left > 0; i++)
        {
            TensorPrimitives.Add<double>(at.Phi, step, trial);
            if (target.Linearise(trial) is not { } next) { break; }
            Steps++;
            var nextLeft = Gauge(next, step);
            if (!(nextLeft < 0.8 * left) || next.Value < at.Value - 1e3 * at.Noise) { break; }
            (at, left) = (next, nextLeft);
        }
        return at;
    }

    /// <summary><c>sᵀI⁻¹s</c> and the undamped step; NaN when there is none.</summary>
    static double Gauge(Linearisation at, double[] step) => at.TryStep(default, step) ? TensorPrimitives.Dot<double>(at.Score, step) : double.NaN;

    /// <summary>How a climb begins and what its steps are measured by.</summary>
    /// <param name="FirstDamping">The damping of the first step.</param>
    /// <param name="KeepsUnits">Whether a coordinate is measured by the most that was ever known of it (Moré), or by what is known now (Marquardt).</param>
    public readonly record struct Manner(double FirstDamping, bool KeepsUnits);
}
