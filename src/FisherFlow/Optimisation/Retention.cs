using System.Globalization;

namespace FisherFlow.Optimisation;

/// <summary>How the information of earlier batches counts beside that of the latest.</summary>
public enum RetentionKind
{
    /// <summary>Evidence adds up: <c>I ← λI + I_B</c>. Scores and information are totals over the batch, and the gain falls as 1/t.</summary>
    Sum,

    /// <summary>Information per observation, averaged: <c>I ← ρI + (1 − ρ)I_B/n</c>. Scores are means, and the gain stays.</summary>
    Average,

    /// <summary>The information stays what it was at the start: a fixed metric, the identity unless another is given.</summary>
    Fixed,
}

/// <summary>The memory axis: how long information counts.</summary>
/// <param name="Kind">Sum, average or fixed.</param>
/// <param name="Share">The share of old information kept at each batch: λ of a sum, ρ of an average.</param>
/// <param name="Corrected">Whether an average is divided by <c>1 − ρᵗ</c>, so that its empty start does not count.</param>
public readonly record struct Retention(RetentionKind Kind, double Share, bool Corrected)
{
    /// <summary>Nothing is forgotten: <c>I ← I + I_B</c>.</summary>
    public static Retention Sum => new(RetentionKind.Sum, 1, false);

    /// <summary>The information stays what it was at the start.</summary>
    public static Retention Fixed => new(RetentionKind.Fixed, 1, false);

    /// <summary>Old evidence fades: <c>I ← λI + I_B</c>, an effective length of <c>1/(1 − λ)</c> batches.</summary>
    public static Retention Fading(double share) => share is > 0 and <= 1
        ? new(RetentionKind.Sum, share, false)
        : throw new ArgumentOutOfRangeException(nameof(share), share, "evidence keeps a share above 0 and at most 1");

    /// <summary>An average per observation: <c>I ← ρI + (1 − ρ)I_B/n</c>.</summary>
    /// <param name="share">ρ, at least 0 and below 1.</param>
    /// <param name="corrected">Whether it is divided by <c>1 − ρᵗ</c> (as Adam does, and RMSprop does not).</param>
    public static Retention Average(double share, bool corrected = true) => share is >= 0 and < 1
        ? new(RetentionKind.Average, share, corrected)
        : throw new ArgumentOutOfRangeException(nameof(share), share, "an average keeps a share of at least 0 and below 1");

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        RetentionKind.Sum => Share == 1 ? "sum" : string.Create(CultureInfo.InvariantCulture, $"fading {Share}"),
        RetentionKind.Average => string.Create(CultureInfo.InvariantCulture, $"average {Share}{(Corrected ? "" : " uncorrected")}"),
        _ => "fixed",
    };
}
