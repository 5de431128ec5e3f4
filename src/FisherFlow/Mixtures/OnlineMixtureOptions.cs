using System.ComponentModel.DataAnnotations;
using FisherFlow.Snapshots;

namespace FisherFlow.Mixtures;

/// <summary>How a mixture is learned.</summary>
public sealed record OnlineMixtureOptions
{
    /// <summary>The power a in the step <c>n^(−a)</c>.</summary>
    /// <value>0.6.</value>
    [Range(0.5, 1, MinimumIsExclusive = true)]
    public double Step { get; init; } = 0.6;

    /// <summary>Rows that are held and fitted by EM before the first step.</summary>
    /// <value>1000.</value>
    [Range(2, int.MaxValue)]
    public int StartRows { get; init; } = 1000;

    /// <summary>Random starts besides those by the size of residuals and of responses; the likeliest is taken.</summary>
    /// <value>4.</value>
    [Range(0, 1000)]
    public int Starts { get; init; } = 4;

    /// <summary>Seed of the random starts.</summary>
    /// <value>0.</value>
    public int Seed { get; init; }

    /// <summary>Rows kept beyond the first to put the sum of quadratics right; 0 for as many as 12 MiB hold.</summary>
    internal int SampledRows { get; init; }

    internal OnlineMixtureOptions Checked()
    {
        if (!(Step is > 0.5 and <= 1)) { throw new ArgumentOutOfRangeException(nameof(Step), Step, "the step's power lies above 0.5 and not above 1"); }
        if (StartRows < 2) { throw new ArgumentOutOfRangeException(nameof(StartRows), StartRows, "two rows at least are held"); }
        return Starts is >= 0 and <= 1000 ? this : throw new ArgumentOutOfRangeException(nameof(Starts), Starts, "there are 0 to 1000 random starts");
    }

    internal void Save(StateWriter writer)
    {
        writer.Write(Step);
        writer.Write(StartRows);
        writer.Write(Starts);
        writer.Write(Seed);
    }

    internal static OnlineMixtureOptions Load(StateReader reader) =>
        new() { Step = reader.ReadDouble(), StartRows = reader.ReadInt32(), Starts = reader.ReadInt32(), Seed = reader.ReadInt32() };
}
