using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace FisherFlow.Likelihoods;

/// <summary>A C# function turned into programs over blocks of rows, by running it once for every row over numbers that write down what is done with them.</summary>
/// <remarks>
/// What a function does with θ may depend on the row (a censored one takes another branch), so no row is evaluated by a program that was not recorded from it. Blocks that were read are remembered
/// by a 128-bit hash of their numbers, so that the many evaluations of a fit read them once. <b>Memory</b>: 1 MiB of hashes at most, and the programs'.
/// </remarks>
sealed class RecordedRows<TFunction>(LikelihoodModel owner) where TFunction : IRowFunction
{
    /// <summary>Rows that are read together.</summary>
    public const int Block = 256;

    const int MostPatterns = 16;
    const int MostBlocks = 1 << 15;

    readonly Recorder _recorder = new(owner.Space.Natural);
    readonly Recorded[] _parameters = new Recorded[owner.Space.Natural];
    readonly List<RowPattern> _patterns = [];
    readonly HashSet<UInt128> _read = [];
    readonly double[] _values = new double[Block];
    readonly double[] _weights = new double[Block];
    readonly double[] _gradients = new double[Block * owner.Space.Natural];
    bool _isRecordable = true;

    bool IsDirect => _patterns.Count == 1 && _patterns[0].IsOfColumns;

    /// <summary>Values and gradients of at most <see cref="Block"/> rows; false where the function cannot be recorded.</summary>
    public bool TryEvaluate(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, Span<double> values, Span<double> gradients)
    {
        if (!TryRead(rows, values.Length)) { return false; }
        if (IsDirect)
        {
            _patterns[0].Model(isOfColumns: true).Evaluate(theta, rows, values, gradients);
            return true;
        }
        var m = theta.Length;
        foreach (var pattern in _patterns)
        {
            if (pattern.Count == 0) { continue; }
            var some = gradients.IsEmpty ? default : _gradients.AsSpan(0, pattern.Count * m);
            pattern.Model(isOfColumns: false).Evaluate(theta, pattern.Constants, _values.AsSpan(0, pattern.Count), some);
            for (var i = 0; i < pattern.Count; i++)
            {
                var row = pattern.Rows[i];
                values[row] = _values[i];
                if (!gradients.IsEmpty) { some.Slice(i * m, m).CopyTo(gradients[(row * m)..]); }
            }
        }
        return true;
    }

    /// <summary>Adds the weighted Hessians of at most <see cref="Block"/> rows; false, and nothing is added, where the function cannot be recorded.</summary>
    public bool TryAddHessian(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> hessian)
    {
        if (!TryRead(rows, weights.Length)) { return false; }
        if (IsDirect)
        {
            _patterns[0].Model(isOfColumns: true).AddHessian(theta, rows, weights, hessian);
            return true;
        }
        foreach (var pattern in _patterns)
        {
            if (pattern.Count == 0) { continue; }
            for (var i = 0; i < pattern.Count; i++) { _weights[i] = weights[pattern.Rows[i]]; }
            pattern.Model(isOfColumns: false).AddHessian(theta, pattern.Constants, _weights.AsSpan(0, pattern.Count), hessian);
        }
        return true;
    }

    /// <summary>Runs the function for each row, unless these very rows are known to be of the one kind that needs nothing but themselves.</summary>
    bool TryRead(ReadOnlySpan<double> rows, int count)
    {
        if (!_isRecordable) { return false; }
        var hash = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(rows));
        if (IsDirect && _read.Contains(hash)) { return true; }
        try
        {
            Read(rows, count);
        }
        catch (NotRecordableException)
        {
            return _isRecordable = false;
        }
        if (_read.Count == MostBlocks) { _read.Clear(); }
        _read.Add(hash);
        return true;
    }

    void Read(ReadOnlySpan<double> rows, int count)
    {
        var width = owner.Columns.Count;
        foreach (var pattern in _patterns) { pattern.Clear(); }
        for (var j = 0; j < _parameters.Length; j++) { _parameters[j] = Recorded.Parameter(_recorder, j); }
        RowPattern? last = null;
        for (var i = 0; i < count; i++)
        {
            var row = rows.Slice(i * width, width);
            _recorder.Begin();
            var root = TFunction.Value<Recorded>(_parameters, row).IndexIn(_recorder);
            if (last is null || !last.Fits(_recorder, root)) { last = Find(root, row); }
            last.Add(i, row, _recorder.Constants);
        }
    }

    RowPattern Find(int root, ReadOnlySpan<double> row)
    {
        foreach (var pattern in _patterns)
        {
            if (pattern.Fits(_recorder, root)) { return pattern; }
        }
        if (_patterns.Count == MostPatterns) { throw new NotRecordableException(); }
        var found = new RowPattern(owner, _recorder, root, row, Block);
        _patterns.Add(found);
        return found;
    }
}
