namespace FisherFlow.Information;

/// <summary>An order of elimination that keeps a sparse Cholesky factor sparse: next comes a parameter with the fewest neighbours.</summary>
/// <remarks>
/// On the quotient graph: an eliminated parameter becomes an element, the set of neighbours that it has joined; elements that meet are merged. Degrees are
/// the approximate ones that count what an element adds beyond the newest. Ties go to the lowest index. Cost: about that of writing the factor down.
/// Source: Amestoy, Davis &amp; Duff (1996), SIAM J. Matrix Anal. Appl. 17.
/// </remarks>
sealed class MinimumDegree
{
    readonly int[][] _neighbours;   // of each parameter: parameters not yet joined by an element
    readonly List<int>[] _elements; // of each parameter: the elements that it is in
    readonly int[]?[] _members;     // of each element
    readonly bool[] _isGone;        // eliminated, or an absorbed element
    readonly int[] _degree;
    readonly int[] _outside;        // of an element: members outside the newest one
    readonly int[] _stamp;
    readonly PriorityQueue<int, (int Degree, int Index)> _queue = new();
    int _clock;

    MinimumDegree(int n, ReadOnlySpan<(int First, int Second)> pairs)
    {
        var lists = new List<int>[n];
        for (var i = 0; i < n; i++) { lists[i] = []; }
        foreach (var (first, second) in pairs)
        {
            lists[first].Add(second);
            lists[second].Add(first);
        }
        _neighbours = [.. lists.Select(list => list.ToArray())];
        _elements = [.. lists.Select(_ => new List<int>())];
        (_members, _isGone, _degree) = (new int[n][], new bool[n], new int[n]);
        (_outside, _stamp) = (new int[n], new int[n]);
        for (var i = 0; i < n; i++)
        {
            _degree[i] = lists[i].Count;
            _queue.Enqueue(i, (_degree[i], i));
        }
    }

    /// <summary>The order, <c>[n]</c>: which parameter is eliminated when.</summary>
    /// <param name="n">Parameters.</param>
    /// <param name="pairs">Pairs that meet, each once.</param>
    public static int[] Order(int n, ReadOnlySpan<(int First, int Second)> pairs)
    {
        var graph = new MinimumDegree(n, pairs);
        var order = new int[n];
        for (var k = 0; k < n; k++)
        {
            int next;
            do { graph._queue.TryDequeue(out next, out var priority); if (priority.Degree != graph._degree[next]) { next = -1; } } while (next < 0 || graph._members[next] is not null);
            order[k] = next;
            graph.Eliminate(next);
        }
        return order;
    }

    void Eliminate(int p)
    {
        var joined = Join(p);
        _members[p] = joined;
        _neighbours[p] = [];
        // How many members each element has beyond the new one.
        var marked = ++_clock;
        foreach (var i in joined)
        {
            foreach (var e in _elements[i])
            {
                if (_isGone[e]) { continue; }
                if (_stamp[e] != marked) { (_stamp[e], _outside[e]) = (marked, _members[e]!.Length); }
                _outside[e]--;
            }
        }
        var inside = ++_clock;
        foreach (var i in joined) { _stamp[i] = inside; }
        _stamp[p] = inside;
        foreach (var i in joined)
        {
            _elements[i].RemoveAll(e => _isGone[e] || _outside[e] <= 0);   // an element within the new one says nothing more
            _neighbours[i] = Array.FindAll(_neighbours[i], j => _stamp[j] != inside);
            var degree = _neighbours[i].Length + joined.Length - 1;
            foreach (var e in _elements[i]) { degree += _outside[e]; }
            _elements[i].Add(p);
            if (degree == _degree[i]) { continue; }
            _degree[i] = degree;
            _queue.Enqueue(i, (degree, i));
        }
    }

    /// <summary>Everything that p is joined to; its elements are absorbed.</summary>
    int[] Join(int p)
    {
        var joined = new List<int>();
        var marked = ++_clock;
        _stamp[p] = marked;
        foreach (var j in _neighbours[p]) { Take(j); }
        foreach (var e in _elements[p])
        {
            if (_isGone[e]) { continue; }
            foreach (var j in _members[e]!) { Take(j); }
            _isGone[e] = true;
        }
        return [.. joined];

        void Take(int j)
        {
            if (_stamp[j] == marked || _members[j] is not null) { return; }
            _stamp[j] = marked;
            joined.Add(j);
        }
    }
}
