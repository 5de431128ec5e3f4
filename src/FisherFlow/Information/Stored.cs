using FisherFlow.Snapshots;

namespace FisherFlow.Information;

/// <summary>What is demanded of numbers that come back from a state.</summary>
static class Stored
{
    /// <summary>Reads a vector of a promised length of finite numbers.</summary>
    /// <param name="reader">The state.</param>
    /// <param name="length">How many there must be.</param>
    /// <exception cref="InvalidDataException">The length is another, or a number is not finite.</exception>
    public static double[] Numbers(StateReader reader, long length)
    {
        var numbers = reader.ReadDoubles();
        if (numbers.Length != length) { throw new InvalidDataException($"an information of {length} numbers comes with {numbers.Length}"); }
        if (!RowCheck.IsFinite(numbers)) { throw new InvalidDataException("the information holds a number that is not finite"); }
        return numbers;
    }

    /// <summary>The numbers themselves.</summary>
    /// <param name="numbers">Numbers <c>[n]</c>.</param>
    /// <exception cref="InvalidDataException">One of them is negative.</exception>
    public static double[] NonNegative(double[] numbers)
    {
        var at = Array.FindIndex(numbers, x => x < 0);
        return at < 0 ? numbers : throw new InvalidDataException($"the information of parameter {at} is negative: {numbers[at]}");
    }
}
