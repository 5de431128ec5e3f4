using FisherFlow.Snapshots;

namespace FisherFlow.Memory;

/// <summary>A sliding window over any associative merge, without subtraction: <c>Total = x₁ ⊕ x₂ ⊕ … ⊕ xₙ</c>.</summary>
/// <remarks>
/// What cannot be taken back (a factor, a sketch, a maximum) can still leave a window: the oldest elements are held as suffix folds <c>xᵢ ⊕ (xᵢ₊₁ ⊕ …)</c>,
/// one for each, and the newest as themselves beside one fold <c>(… ⊕ xₙ₋₁) ⊕ xₙ</c>. Dropping the oldest uncovers the next suffix fold; when none is left, the newest are
/// folded from the right once. Order of merging: <c>Total = (x₁ ⊕ (x₂ ⊕ (… ⊕ x_f))) ⊕ ((x_{f+1} ⊕ x_{f+2}) ⊕ …)</c> with f = <see cref="OldCount"/>, so the bits of the
/// total can be recomputed from scratch. Cost: at most two merges for every element that passes through, and one for every total. Memory: one element or fold for each in the window.
/// Source: the queue of two stacks (Hood &amp; Melville 1981) with folds, as in Tangwongsan, Hirzel &amp; Schneider (2017), § 2.
/// </remarks>
/// <typeparam name="T">The element; merging must not change its arguments.</typeparam>
/// <param name="merge">The merge <c>⊕</c>: associative up to rounding; a new value, its arguments unchanged.</param>
public sealed class TwoStackQueue<T>(Func<T, T, T> merge) where T : notnull
{
    readonly Stack<T> _old = [];
    readonly List<T> _new = [];
    T? _newFold;

    /// <summary>Elements in the window.</summary>
    public int Count => _old.Count + _new.Count;

    /// <summary>How many of the oldest elements are held as suffix folds: <c>f</c> of the order of merging.</summary>
    public int OldCount => _old.Count;

    /// <summary>The merge of everything in the window, oldest first.</summary>
    /// <exception cref="InvalidOperationException">The window is empty: a merge need not have an identity.</exception>
    public T Total => (_old.Count, _new.Count) switch
    {
        (0, 0) => throw new InvalidOperationException("the window is empty, and a merge of nothing has no value; ask Count first"),
        (_, 0) => _old.Peek(),
        (0, _) => _newFold!,
        _ => merge(_old.Peek(), _newFold!),
    };

    /// <summary>Takes in the newest element.</summary>
    public void Push(T element)
    {
        _newFold = _new.Count == 0 ? element : merge(_newFold!, element);
        _new.Add(element);
    }

    /// <summary>Lets the oldest element go.</summary>
    /// <exception cref="InvalidOperationException">The window is empty.</exception>
    public void Drop()
    {
        if (_old.Count == 0) { Turn(); }
        _old.Pop();
    }

    /// <summary>Lets everything go.</summary>
    public void Clear()
    {
        _old.Clear();
        _new.Clear();
        _newFold = default;
    }

    /// <summary>Writes the window, bit for bit.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="save">Writes an element.</param>
    public void Save(StateWriter writer, Action<StateWriter, T> save)
    {
        writer.Write(_old.Count);
        foreach (var fold in _old.Reverse()) { save(writer, fold); }
        writer.Write(_new.Count);
        foreach (var element in _new) { save(writer, element); }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="load">Reads an element.</param>
    public void Restore(StateReader reader, Func<StateReader, T> load)
    {
        Clear();
        for (var left = reader.ReadInt32(); left > 0; left--) { _old.Push(load(reader)); }
        for (var left = reader.ReadInt32(); left > 0; left--) { Push(load(reader)); }
    }

    /// <summary>Folds the new elements from the right, so that each suffix is at hand when those before it have gone.</summary>
    void Turn()
    {
        if (_new.Count == 0) { throw new InvalidOperationException("the window is empty: there is nothing to drop"); }
        var fold = _new[^1];
        _old.Push(fold);
        for (var i = _new.Count - 2; i >= 0; i--)
        {
            fold = merge(_new[i], fold);
            _old.Push(fold);
        }
        _new.Clear();
        _newFold = default;
    }
}
