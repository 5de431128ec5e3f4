namespace FisherFlow.Data.Sources;

/// <summary>What the texts of a column are, judged by the records that were looked at.</summary>
public enum ColumnKind
{
    /// <summary>Every field that is not missing is a number.</summary>
    Numeric,

    /// <summary>Some field is neither a number, a truth value nor a date: the column is categorical.</summary>
    Text,

    /// <summary>Every field that is not missing is a truth value: true, false, T or F.</summary>
    Boolean,

    /// <summary>Every field that is not missing is a date, with or without a time.</summary>
    Date,
}
