using System.Numerics.Tensors;

namespace FisherFlow.Likelihoods;

/// <summary>Levenberg and Marquardt's way up: steps damped in the units of each coordinate, by how well the last quadratic foretold what was gained.</summary>
/// <remarks>Sources: Marquardt (1963); Moré (1978), for the units; Nielsen (1999), for the damping.</remarks>
sealed class Search(Target target, int mostSteps)
{
    const double FirstDamping = 1e-3;
    const double LargestDamping = 1e25;
    const double Accepted = 1e-4;      // share of the promised gain that a step must bring
    const double Epsilon = 2.220446049250313e-16;
    const int MostPolishing = 100;

    /// <summary>Steps taken or tried.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether the search ended because no step was left to take, and not because there were too many.</summary>
    public bool Ended { get; private set; }

    /// <summary>Climbs from a point; null when the point itself has no value.</summary>
    public Linearisation? Climb(ReadOnlySpan<double> start)
    {
        (Steps, Ended) = (0, false);
        if (target.Linearise(start) is not { } at) { return null; }
        var q = start.Length;
        var (units, damping, step, trial) = (new double[q], new double[q], new double[q], new double[q]);
        var (strength, growth) = (FirstDamping, 2.0);
        while (Steps < mostSteps)
        {
            Steps++;
            // A coordinate's unit only grows: a direction that goes flat on the way is not then taken in one leap.
            for (var j = 0; j < q; j++)
            {
                units[j] = Math.Max(units[j], at.Scale[j]);
                damping[j] = strength * units[j] * units[j];
            }
            if (!at.TryStep(damping, step)) { (strength, growth) = (strength * growth, 2 * growth); continue; }
            var promised = at.Predicted(step);
            if (!(promised > Noise(at)) || strength > LargestDamping)
            {
                Ended = promised <= Noise(at) || strength > LargestDamping;
                break;
            }
            TensorPrimitives.Add<double>(at.Phi, step, trial);
            var gain = target.Value(trial) - at.Value;
            if (gain > Accepted * promised && target.Linearise(trial) is { } next)
            {
                var ratio = gain / promised;
                var excess = 2 * ratio - 1;
                (at, strength, growth) = (next, Math.Max(strength * Math.Max(1.0 / 3, 1 - excess * excess * excess), 1e-18), 2);
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
        for (var i = 0; i < MostPolishing && left > 0; i++)
        {
            TensorPrimitives.Add<double>(at.Phi, step, trial);
            if (target.Linearise(trial) is not { } next) { break; }
            Steps++;
            var nextLeft = Gauge(next, step);
            if (!(nextLeft < 0.8 * left) || next.Value < at.Value - 1e3 * Noise(at)) { break; }
            (at, left) = (next, nextLeft);
        }
        return at;
    }

    /// <summary><c>sᵀI⁻¹s</c> and the undamped step; NaN when there is none.</summary>
    static double Gauge(Linearisation at, double[] step) => at.TryStep(default, step) ? TensorPrimitives.Dot<double>(at.Score, step) : double.NaN;

    /// <summary>The gain that rounding of the value could feign.</summary>
    public static double Noise(Linearisation at) => 16 * Epsilon * Math.Abs(at.Value) + Epsilon * Epsilon * at.Magnitude * at.Magnitude;
}
