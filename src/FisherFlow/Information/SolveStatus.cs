namespace FisherFlow.Information;

/// <summary>Whether a solve succeeded; a singular <c>I</c> is data, not an exception: it is normal while <c>n &lt; d</c>.</summary>
/// <param name="FailedPivot">The first parameter whose pivot was not positive, or null.</param>
public readonly record struct SolveStatus(int? FailedPivot)
{
    /// <summary>A solve that succeeded.</summary>
    public static SolveStatus Solved => default;

    /// <summary>Whether every pivot was positive.</summary>
    public bool IsSolved => FailedPivot is null;
}
