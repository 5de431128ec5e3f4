using FisherFlow.Snapshots;

namespace FisherFlow.Memory;

/// <summary>Watches a stream of values, one a step, for a change; made from the average number of steps between false alarms that its user can bear.</summary>
/// <remarks>
/// Values are standardised: independent N(0, 1) as long as nothing changes, unless the detector says otherwise (<see cref="SelfStarting"/> makes them so from any normal stream).
/// For batches the value is a standardised score: <see cref="BatchScore"/>. After an alarm the detector stays alarmed until <see cref="Reset"/>.
/// Allocates nothing a step. Threads: one caller at a time.
/// </remarks>
public interface IChangeDetector
{
    /// <summary>The method, by its name on the command line.</summary>
    string Method { get; }

    /// <summary>Average number of steps to a false alarm that it was made for.</summary>
    double AverageRunLength { get; }

    /// <summary>Steps since the last reset.</summary>
    long Count { get; }

    /// <summary>The statistic after the last step; an alarm is where it reaches <see cref="Threshold"/>.</summary>
    double Statistic { get; }

    /// <summary>Where the alarm is.</summary>
    double Threshold { get; }

    /// <summary>Whether a change was found since the last reset.</summary>
    bool IsAlarmed { get; }

    /// <summary>When alarmed, the estimated number of steps since the last reset that were before the change.</summary>
    long ChangePoint { get; }

    /// <summary>Takes one step; a value that is not finite is an error, and leaves the state as it was.</summary>
    /// <returns>Whether a change is found.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    bool Observe(double value);

    /// <summary>Forgets everything seen.</summary>
    void Reset();

    /// <summary>Writes the state, bit for bit.</summary>
    void Save(StateWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote, into a detector made with the same numbers.</summary>
    void Restore(StateReader reader);
}
