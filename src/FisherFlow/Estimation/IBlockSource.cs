using System.Diagnostics.CodeAnalysis;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>A stream of encoded observations that may be read more than once.</summary>
public interface IBlockSource
{
    /// <summary>Whether <see cref="Rewind"/> can start the stream again.</summary>
    bool CanRewind { get; }

    /// <summary>The next block, valid until the next call; false at the end.</summary>
    bool TryRead([NotNullWhen(true)] out Block? block);

    /// <summary>Starts the stream again from its first row.</summary>
    void Rewind();
}
