using FisherFlow.Data;

namespace FisherFlow.Cli.Output;

/// <summary>The axes on which losses are drawn: rows by their logarithm, losses over the range in which methods differ.</summary>
/// <param name="FirstRows">The first point.</param>
/// <param name="LastRows">The last point.</param>
/// <param name="Least">The bottom of the losses.</param>
/// <param name="Greatest">Their top; what is worse is drawn there.</param>
sealed record LossAxes(long FirstRows, long LastRows, double Least, double Greatest)
{
    const double Margin = 0.05;

    /// <summary>Axes for these results: from the best loss to a little above the worst end, or the best constant's.</summary>
    /// <remarks>Single rows say little and vary much: the curves begin at the fourth point where there are as many.</remarks>
    public static LossAxes For(ComparisonResult result)
    {
        var points = result.Contenders.SelectMany(c => Shown(c)).ToList();
        var finite = points.Select(p => p.Loss).OfType<double>().ToList();
        if (finite.Count == 0) { return new(1, 2, 0, 1); }
        var ends = result.Contenders.Where(c => !c.HasDiverged).Select(c => c.Loss).Append(result.NullLoss).OfType<double>().DefaultIfEmpty(finite.Max());
        var (least, greatest) = (finite.Min(), Math.Max(ends.Max(), Quantile(finite, 0.8)));
        var room = Math.Max(Margin * (greatest - least), 1e-9 * Math.Max(1, Math.Abs(least)));
        return new(points.Min(p => p.Rows), Math.Max(points.Max(p => p.Rows), points.Min(p => p.Rows) + 1), least - room, greatest + room);
    }

    /// <summary>The points that are drawn of a method.</summary>
    public static IReadOnlyList<LossPoint> Shown(ContenderResult contender) => contender.Curve.Count > 5 ? [.. contender.Curve.Skip(3)] : contender.Curve;

    /// <summary>Where rows lie, 0 to 1.</summary>
    public double Across(long rows) => (Math.Log(rows) - Math.Log(FirstRows)) / (Math.Log(LastRows) - Math.Log(FirstRows));

    /// <summary>Where a loss lies, 0 at the bottom to 1.</summary>
    public double Up(double? loss) => loss is { } x ? Math.Clamp((x - Least) / (Greatest - Least), 0, 1) : 1;

    static double Quantile(List<double> values, double share)
    {
        values.Sort();
        return values[(int)(share * (values.Count - 1))];
    }
}
