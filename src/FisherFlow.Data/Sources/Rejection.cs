namespace FisherFlow.Data.Sources;

/// <summary>Why a row was left out, and which field was at fault.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Column">The field's position in the header; −1 when the record as a whole is at fault.</param>
/// <param name="Text">The field as it stands in the data; for <see cref="RejectionReason.WrongFieldCount"/> what was found, such as "4 fields, not 5".</param>
public readonly record struct Rejection(RejectionReason Reason, int Column, string Text)
{
    /// <summary>A record of <paramref name="found"/> fields under a header of <paramref name="expected"/> columns.</summary>
    /// <param name="found">The fields of the record.</param>
    /// <param name="expected">The columns of the header.</param>
    public static Rejection OfFieldCount(int found, int expected) =>
        new(RejectionReason.WrongFieldCount, -1, $"{found} {(found == 1 ? "field" : "fields")}, not {expected}");
}
