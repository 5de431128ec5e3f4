namespace FisherFlow.Information;

/// <summary>What merging two structures may lose.</summary>
public enum Exactness
{
    /// <summary>Nothing but rounding: the structure is a sum.</summary>
    Exact,

    /// <summary>A bounded amount: the structure is a sketch.</summary>
    Bounded,
}
