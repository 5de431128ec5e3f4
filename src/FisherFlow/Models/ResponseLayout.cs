namespace FisherFlow.Models;

/// <summary>What a response has besides its value: nothing, a censoring status with an upper limit and perhaps an entry, or further components.</summary>
/// <param name="Details">Numbers a row.</param>
/// <param name="IsCensored">Whether they are the status (0 none, 1 right, 2 left, 3 interval), the upper limit, and as the third the entry.</param>
public readonly record struct ResponseLayout(int Details, bool IsCensored)
{
    /// <summary>A response that may be censored.</summary>
    public static ResponseLayout Censored => new(2, true);

    /// <summary>A response that may be censored, and is there at all because it exceeded its entry.</summary>
    public static ResponseLayout Truncated => new(3, true);

    /// <summary>A response of several components, of which the first is its value.</summary>
    public static ResponseLayout Components(int count) => new(count - 1, false);
}
