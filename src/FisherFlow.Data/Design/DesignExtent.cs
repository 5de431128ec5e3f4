namespace FisherFlow.Data.Design;

/// <summary>How far an encoder's dictionaries had grown after some row; they only grow, so this names a state of theirs for ever.</summary>
public sealed class DesignExtent
{
    internal DesignExtent(int columns, int[] levels) => (Columns, Levels) = (columns, levels);

    /// <summary>Design columns.</summary>
    public int Columns { get; }

    /// <summary>Levels of every dictionary, in the encoder's order.</summary>
    internal int[] Levels { get; }
}
