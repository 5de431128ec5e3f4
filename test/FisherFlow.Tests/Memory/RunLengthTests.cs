using FisherFlow.Memory;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Memory;

/// <summary>Whether detectors have the average run lengths that they were made for, and how soon they find a change.</summary>
/// <remarks>FISHERFLOW_SIMULATIONS=full measures over 2 000 streams; the table in docs/benchmarks-simulations.md is its output.</remarks>
public sealed class RunLengthTests
{
    const int Before = 100;

    public static TheoryData<string> Names => [.. _all.Select(c => c.Name)];

    static readonly (string Name, bool Calibrated, Func<double, IChangeDetector> Create, Func<Normals, double, double> Draw)[] _all =
    [
        ("score", true, steps => new ScoreChart(steps), Normal),
        ("cusum", true, steps => new PageCusum(steps), Normal),
        ("cusum, one side", true, steps => new PageCusum(steps, 1, Side.Upper), Normal),
        ("page-hinkley", true, steps => SelfStarting.PageHinkley(steps), (normals, shift) => 40 + 7 * Normal(normals, shift)),
        ("nyblom", true, steps => new CumulativeScores(steps), Normal),
        ("bridge", true, steps => new CumulativeScores(steps, BridgeStatistic.Supremum), Normal),
        ("adwin, fair coins", true, steps => new Adwin(steps), (normals, shift) => normals.Uniform() < 0.5 + 0.5 * shift * 0.39 ? 1 : 0),
        ("adwin, uniform", false, steps => new Adwin(steps), (normals, shift) => StandardNormal.Lower(Normal(normals, shift))),
        ("e-detector", false, steps => new EDetector(steps), Normal),
        ("bayes, normal", false, steps => new BayesianChangepoints(steps), Normal),
        ("bayes, coins of 0.1", false, steps => new BayesianChangepoints(steps, RunModel.Bernoulli), (normals, shift) => normals.Uniform() < 0.1 + 0.3 * shift ? 1 : 0),
    ];

    /// <summary>Within 10 % over 2 000 streams (a Monte-Carlo standard error of about 2.2 %); within four standard errors over fewer; detectors that only bound it may be late.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Detectors_keep_the_average_run_length_that_they_were_made_for(string name)
    {
        var detector = Array.Find(_all, c => c.Name == name);
        double[] targets = Runs.Of(0, 1) == 0 ? [200] : name.StartsWith("bayes", StringComparison.Ordinal) ? [200, 1000] : [200, 1000, 5000];
        foreach (var target in targets)
        {
            var lengths = new double[Runs.Of(300, 2000)];
            var one = detector.Create(target);
            for (var run = 0; run < lengths.Length; run++)
            {
                var normals = new Normals(1000 + run);
                one.Reset();
                while (!one.Observe(detector.Draw(normals, 0)) && one.Count < 40 * target) { }
                lengths[run] = one.Count;
            }
            var (mean, error) = Runs.Coverage(lengths);
            TestContext.Current.TestOutputHelper?.WriteLine($"ARL | {name} | {target} | {mean:F0} | {error:F0} |");
            var band = Math.Max(0.1 * target, 4 * error);
            Assert.True(mean >= target - (detector.Calibrated ? band : 4 * error), $"{name}: {mean:F1} steps on average (standard error {error:F1}), {target} wanted");
            Assert.True(!detector.Calibrated || mean <= target + band, $"{name}: {mean:F1} steps on average (standard error {error:F1}), {target} wanted");
        }
    }

    /// <summary>Every detector finds a shift of two standard deviations sooner than one of half a standard deviation, and puts it near where it was.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Detectors_find_large_changes_soon_and_say_where_they_were(string name)
    {
        var detector = Array.Find(_all, c => c.Name == name);
        var delays = new List<double>();
        foreach (var shift in new[] { 0.5, 1, 2 })
        {
            var one = detector.Create(1000);
            var (delay, misplaced, found) = (0.0, 0.0, 0);
            for (var run = 0; run < Runs.Of(60, 2000); run++)
            {
                var normals = new Normals(7000 + run);
                one.Reset();
                while (one.Count < Before && !one.IsAlarmed) { one.Observe(detector.Draw(normals, 0)); }
                if (one.IsAlarmed) { continue; }
                while (!one.Observe(detector.Draw(normals, shift)) && one.Count < 20_000) { }
                found++;
                delay += one.Count - Before;
                misplaced += Math.Abs(one.ChangePoint - Before);
            }
            TestContext.Current.TestOutputHelper?.WriteLine($"delay | {name} | {shift} | {delay / found:F1} | {misplaced / found:F1} |");
            delays.Add(delay / found);
        }
        Assert.True(delays[2] < delays[0], $"{name}: {string.Join(", ", delays)}");
    }

    /// <summary>A table of thresholds by simulation: all of them from the same streams, as a larger threshold is passed later.</summary>
    [Fact]
    public void The_thresholds_of_ADWIN_are_those_of_a_simulation()
    {
        double[] thresholds = [.. Enumerable.Range(0, 18).Select(i => 1.5 + 0.25 * i)];
        var (horizon, streams) = (Runs.Of(1000, 20_000), Runs.Of(200, 2000));
        var (alarms, steps) = (new long[thresholds.Length], new long[thresholds.Length]);
        var detector = Adwin.WithThreshold(double.PositiveInfinity);
        for (var stream = 0; stream < streams; stream++)
        {
            var (normals, passed) = (new Normals(50_000 + stream), 0);
            detector.Reset();
            for (var step = 1; step <= horizon && passed < thresholds.Length; step++)
            {
                detector.Observe(normals.Uniform() < 0.5 ? 1 : 0);
                for (; passed < thresholds.Length && detector.Statistic >= thresholds[passed]; passed++) { (alarms[passed], steps[passed]) = (alarms[passed] + 1, steps[passed] + step); }
            }
            for (; passed < thresholds.Length; passed++) { steps[passed] += horizon; }
        }
        double[] lengths = [.. steps.Zip(alarms, (s, a) => s / (double)Math.Max(1, a))];
        for (var i = 0; i < thresholds.Length; i++) { TestContext.Current.TestOutputHelper?.WriteLine($"threshold {thresholds[i]} run length {lengths[i]:F1} from {alarms[i]} alarms"); }
        for (var i = 0; i < thresholds.Length; i++)
        {
            if (alarms[i] < 100 || lengths[i] < 100 || lengths[i] > 1e6) { continue; }
            Assert.Equal(1, new Adwin(lengths[i]).Threshold / thresholds[i], 0.01 + 4 / Math.Sqrt(alarms[i]) / Math.Log(lengths[i]));
        }
    }

    static double Normal(Normals normals, double shift) => normals.Next() + shift;
}
