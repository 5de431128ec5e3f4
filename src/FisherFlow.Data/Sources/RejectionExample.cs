namespace FisherFlow.Data.Sources;

/// <summary>One row that was left out, for a message.</summary>
/// <param name="File">The file it is in.</param>
/// <param name="Line">The line at which the record starts, from 1.</param>
/// <param name="Column">The name of the column at fault; empty when the record as a whole is.</param>
/// <param name="Reason">Why it was left out.</param>
/// <param name="Text">The field as it stands in the data, shortened to <see cref="RejectionLog.MaximumTextLength"/> characters.</param>
public sealed record RejectionExample(string File, long Line, string Column, RejectionReason Reason, string Text)
{
    /// <summary>The example as a line of text, such as <c>flights.csv line 17, column delay: "abc" is not a number</c>.</summary>
    public override string ToString()
    {
        var place = Column.Length == 0 ? $"{File} line {Line}" : $"{File} line {Line}, column {Column}";
        return $"{place}: {Complaint}";
    }

    string Complaint => Reason switch
    {
        RejectionReason.Missing when Text.Length == 0 => "the field is empty",
        RejectionReason.Missing => $"\"{Text}\" stands for a missing value",
        RejectionReason.NotNumeric => $"\"{Text}\" is not a number",
        RejectionReason.NotFinite => $"\"{Text}\" does not give a finite number of at most 1e50 in size",
        RejectionReason.NotADate => $"\"{Text}\" is not a date (2001-01-31 or 2001-01-31 13:05)",
        RejectionReason.UnknownLevel => $"\"{Text}\" is a level that the fit has not seen",
        RejectionReason.OutsideSupport => $"\"{Text}\" is not a response that the family can produce",
        _ => Text,
    };
}
