namespace FisherFlow.Data.Sources;

/// <summary>Why a row was left out.</summary>
public enum RejectionReason
{
    /// <summary>A field that is needed is empty, or one of NA, N/A, NaN, null.</summary>
    Missing,

    /// <summary>A field of a numeric column is not a number.</summary>
    NotNumeric,

    /// <summary>A value is infinite or undefined: as written, or by a transformation such as the logarithm of zero.</summary>
    NotFinite,

    /// <summary>A field of a date column is not a date.</summary>
    NotADate,

    /// <summary>A level that was never seen in fitting, so nothing is known about it.</summary>
    UnknownLevel,

    /// <summary>A response that the family cannot produce, such as a negative count.</summary>
    OutsideSupport,

    /// <summary>The record has more or fewer fields than the header has columns.</summary>
    WrongFieldCount,
}
