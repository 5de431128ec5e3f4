using System.Globalization;

namespace FisherFlow.Memory;

/// <summary>The detectors that can be asked for by name.</summary>
public enum DetectorKind
{
    /// <summary>Each value by itself: <see cref="ScoreChart"/>.</summary>
    Score,
    /// <summary>Page's cumulative sum: <see cref="PageCusum"/>.</summary>
    Cusum,
    /// <summary>Page and Hinkley's: <see cref="SelfStarting.PageHinkley"/>.</summary>
    PageHinkley,
    /// <summary>Nyblom's and Hansen's mean square of cumulative values: <see cref="CumulativeScores"/>.</summary>
    Nyblom,
    /// <summary>The largest cumulative value, by the law of a Brownian bridge: <see cref="CumulativeScores"/>.</summary>
    Bridge,
    /// <summary>Shiryaev and Roberts' sum of e-values: <see cref="Memory.EDetector"/>.</summary>
    EDetector,
    /// <summary>Bayesian online changepoints: <see cref="BayesianChangepoints"/>.</summary>
    Bayes,
    /// <summary>An adaptive window of probabilities: <see cref="Memory.Adwin"/>.</summary>
    Adwin,
}

/// <summary>A detector by name and average run length, as in <c>cusum:100000</c>.</summary>
/// <param name="Kind">Which.</param>
/// <param name="AverageRunLength">Average number of observations between false alarms, all coefficients together.</param>
public sealed record DetectorChoice(DetectorKind Kind, double AverageRunLength)
{
    /// <summary>The run length when none is named: a million observations.</summary>
    public const double DefaultRunLength = 1e6;

    /// <summary>The fewest steps between false alarms that every kind of detector can be made for.</summary>
    internal const double FewestSteps = 100;

    static readonly (string Name, DetectorKind Kind)[] _names =
    [
        ("score", DetectorKind.Score), ("cusum", DetectorKind.Cusum), ("page-hinkley", DetectorKind.PageHinkley), ("nyblom", DetectorKind.Nyblom),
        ("bridge", DetectorKind.Bridge), ("e-detector", DetectorKind.EDetector), ("bayes", DetectorKind.Bayes), ("adwin", DetectorKind.Adwin),
    ];

    /// <summary>All names, with commas between them.</summary>
    public static string Names => string.Join(", ", _names.Select(n => n.Name));

    /// <summary>The name on the command line.</summary>
    public string Name => Array.Find(_names, n => n.Kind == Kind).Name;

    /// <summary>Reads <c>NAME</c> or <c>NAME:ARL</c>; null when it is neither.</summary>
    public static DetectorChoice? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = Array.Find(_names, n => n.Name == (colon < 0 ? text : text[..colon]));
        if (kind.Name is null) { return null; }
        if (colon < 0) { return new(kind.Kind, DefaultRunLength); }
        return double.TryParse(text.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var length) && length is >= 1000 and <= 1e12 ? new(kind.Kind, length) : null;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}:{AverageRunLength:R}");

    /// <summary>A detector of this kind for N(0, 1) values (ADWIN: for their probabilities).</summary>
    /// <param name="steps">Average number of steps between false alarms.</param>
    public IChangeDetector Create(double steps) => Kind switch
    {
        DetectorKind.Score => new ScoreChart(steps),
        DetectorKind.Cusum => new PageCusum(steps),
        DetectorKind.PageHinkley => SelfStarting.PageHinkley(steps),
        DetectorKind.Nyblom => new CumulativeScores(steps, BridgeStatistic.MeanSquare, Window(steps)),
        DetectorKind.Bridge => new CumulativeScores(steps, BridgeStatistic.Supremum, Window(steps)),
        DetectorKind.EDetector => new EDetector(steps),
        DetectorKind.Bayes => new BayesianChangepoints(steps),
        _ => new Adwin(steps),
    };

    /// <summary>Steps of a window: 24 batches, so that a change waits for no more than two windows' halves.</summary>
    static int Window(double steps) => 2 * (int)Math.Clamp(steps / 8, 5, 12);
}
