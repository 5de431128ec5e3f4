using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>A stream of encoded observations.</summary>
public interface IBlockSource
{
    /// <summary>An empty block of the right layout.</summary>
    Block CreateBlock();

    /// <summary>Fills the block from its start; false when the stream has ended and the block is empty.</summary>
    bool Read(Block block);

    /// <summary>Whether <see cref="Rewind"/> can start the stream again.</summary>
    bool CanRewind { get; }

    /// <summary>Starts the stream again from its first row.</summary>
    /// <exception cref="NotSupportedException">The stream cannot be read twice (standard input).</exception>
    void Rewind();
}
