namespace FisherFlow.Data.States;

/// <summary>The steps of writing a state, between which it may be interrupted.</summary>
enum StateWriteStep
{
    /// <summary>The partial file is there, and empty.</summary>
    Created,

    /// <summary>Everything is in the partial file, but perhaps not on the disk.</summary>
    Written,

    /// <summary>The partial file is on the disk.</summary>
    Flushed,

    /// <summary>The new file has taken the place of the old.</summary>
    Renamed,
}
