namespace FisherFlow.Memory;

/// <summary>What detectors may be made from and fed with.</summary>
static class DetectorNumbers
{
    /// <summary>Refuses an average run length that no detector can be made for.</summary>
    public static double RequireRunLength(double averageRunLength) => averageRunLength is >= 2 and <= 1e12
        ? averageRunLength
        : throw new ArgumentOutOfRangeException(nameof(averageRunLength), averageRunLength, "the average number of steps to a false alarm is between 2 and 10¹²");

    /// <summary>Refuses a shift that is no size.</summary>
    public static double RequireShift(double shift) => shift > 0 && double.IsFinite(shift)
        ? shift
        : throw new ArgumentOutOfRangeException(nameof(shift), shift, "the shift to look for is a positive number of standard deviations");

    /// <summary>Refuses a value that would poison the state.</summary>
    public static double RequireFinite(double value) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "a detector takes finite values; count and leave out what is missing");
}
