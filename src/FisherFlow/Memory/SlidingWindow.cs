using FisherFlow.Snapshots;

namespace FisherFlow.Memory;

/// <summary>The merge of all elements whose position is within a span of the newest: a window by rows or by time.</summary>
/// <remarks>
/// Positions are row numbers, seconds, or whatever does not decrease; an element of several rows has the position of its last one.
/// Kept: positions in <c>(newest − span, newest]</c>. Cost and memory: <see cref="TwoStackQueue{T}"/>.
/// </remarks>
/// <typeparam name="T">The element; merging must not change its arguments.</typeparam>
public sealed class SlidingWindow<T> where T : notnull
{
    readonly TwoStackQueue<T> _elements;
    readonly Queue<double> _positions = [];

    /// <summary>An empty window.</summary>
    /// <param name="span">Its length, in the unit of the positions; positive.</param>
    /// <param name="merge">The merge: associative up to rounding; a new value, its arguments unchanged.</param>
    public SlidingWindow(double span, Func<T, T, T> merge)
    {
        if (!(span > 0)) { throw new ArgumentOutOfRangeException(nameof(span), span, "a window has a positive length"); }
        (Span, _elements) = (span, new(merge));
    }

    /// <summary>The length of the window.</summary>
    public double Span { get; }

    /// <summary>Elements inside.</summary>
    public int Count => _elements.Count;

    /// <summary>Position of the newest element; −∞ before the first.</summary>
    public double Newest { get; private set; } = double.NegativeInfinity;

    /// <summary>The merge of what is inside, oldest first.</summary>
    /// <exception cref="InvalidOperationException">The window is empty.</exception>
    public T Total => _elements.Total;

    /// <summary>Takes in an element and lets go what is now too old.</summary>
    /// <param name="element">The element.</param>
    /// <param name="position">Its position, not before the newest.</param>
    /// <returns>How many elements left.</returns>
    public int Push(T element, double position)
    {
        if (!(position >= Newest)) { throw new ArgumentOutOfRangeException(nameof(position), position, $"positions do not decrease, and the newest is {Newest}"); }
        Newest = position;
        _elements.Push(element);
        _positions.Enqueue(position);
        var gone = 0;
        for (; _positions.Peek() <= position - Span; gone++)
        {
            _positions.Dequeue();
            _elements.Drop();
        }
        return gone;
    }

    /// <summary>Lets everything go; the newest position stays.</summary>
    public void Clear()
    {
        _elements.Clear();
        _positions.Clear();
    }

    /// <summary>Writes the window, bit for bit.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="save">Writes an element.</param>
    public void Save(StateWriter writer, Action<StateWriter, T> save)
    {
        writer.Write(Newest);
        writer.Write(_positions.ToArray());
        _elements.Save(writer, save);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="load">Reads an element.</param>
    public void Restore(StateReader reader, Func<StateReader, T> load)
    {
        Newest = reader.ReadDouble();
        _positions.Clear();
        foreach (var position in reader.ReadDoubles()) { _positions.Enqueue(position); }
        _elements.Restore(reader, load);
    }
}
