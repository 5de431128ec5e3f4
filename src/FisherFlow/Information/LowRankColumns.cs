using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>A tall matrix <c>C = [V X]</c>: orthogonal directions <c>V [d, r]</c>, and <c>X</c>, the weighted rows that came since they were made.</summary>
/// <remarks>
/// <see cref="Compress"/> replaces C by the leading directions of <c>CCᵀ</c>, found from <c>CᵀC</c>. That turns V by a small matrix, which a sparse stream cannot
/// afford to do to all d rows of V: a row is kept as it was when it was last touched, with the number of turns it has seen, and the product of the turns it
/// has missed is kept once for all of them. Cost of compressing b rows: <c>O(nnz·r² + (r + b)³)</c>, and <c>O(d·r²)</c> once in <see cref="Turns"/> times.
/// The questions and the state are in the other parts of this class.
/// </remarks>
sealed partial class LowRankColumns
{
    const int Turns = 64;
    const byte Untouched = byte.MaxValue;   // a row of V that is zero

    readonly int _width;             // r: room for directions
    readonly int _rowLimit;
    readonly long _entryLimit;
    double[] _base = [];             // [d, r], made by the first compression
    byte[] _turn = [];               // [d]: how many turns row i has seen
    int _turns;
    readonly double[] _missed;       // [turns, r, r]: what a row that has seen t turns has missed
    double _scale = 1;               // V = scale · base · missed
    readonly double[] _squares;      // [r]: VᵀV is diagonal
    readonly List<int> _starts = [0];
    int[] _columns = [];
    double[] _values = [];
    double[] _small = [], _spectrum = [], _mix = [];
    readonly double[] _line;

    public LowRankColumns(int dimension, int width, int rowLimit)
    {
        Dimension = dimension;
        (_width, _rowLimit, _entryLimit) = (width, rowLimit, Math.Max(1 << 20, (long)dimension * width / 4));
        _missed = new double[(Turns + 1) * width * width];
        _squares = new double[width];
        _line = new double[width];
        SetIdentity(0);
    }

    /// <summary>Number of parameters <c>d</c>.</summary>
    public int Dimension { get; private set; }

    /// <summary>Directions in V.</summary>
    public int Rank { get; private set; }

    /// <summary>Rows in X.</summary>
    public int Rows => _starts.Count - 1;

    /// <summary>Columns of C.</summary>
    public int Count => Rank + Rows;

    /// <summary>Whether X must be compressed before another row comes.</summary>
    public bool IsFull => Rows >= _rowLimit || _starts[^1] >= _entryLimit;

    /// <summary>Appends the column <c>root · x</c>.</summary>
    /// <param name="row">The non-zeros of x.</param>
    /// <param name="root">Root of its weight.</param>
    public void Append(RowEntries row, double root) => Append(row.Columns, row.Values, root);

    void Append(ReadOnlySpan<int> columns, ReadOnlySpan<double> values, double root)
    {
        var start = _starts[^1];
        if (_columns.Length < start + columns.Length)
        {
            var length = Math.Max(start + columns.Length, 2 * _columns.Length);
            Array.Resize(ref _columns, length);
            Array.Resize(ref _values, length);
        }
        columns.CopyTo(_columns.AsSpan(start));
        TensorPrimitives.Multiply(values, root, _values.AsSpan(start));
        _starts.Add(start + columns.Length);
    }

    /// <summary><c>C ← √λ·C</c>.</summary>
    public void Scale(double retention)
    {
        var root = Math.Sqrt(retention);
        _scale *= root;
        TensorPrimitives.Multiply(_squares, retention, _squares);
        TensorPrimitives.Multiply(_values.AsSpan(0, _starts[^1]), root, _values);
        if (_scale is > 1e-100 and < 1e100) { return; }
        Settle();
    }

    /// <summary>Replaces C by its leading directions.</summary>
    /// <returns>The largest eigenvalue that was dropped or taken off: what <c>CCᵀ</c> lost at most in any direction.</returns>
    public double Compress(in Truncation rule)
    {
        int rank = Rank, rows = Rows, n = rank + rows;
        if (rows == 0) { return 0; }
        if (_base.Length == 0) { (_base, _turn) = (new double[checked(Dimension * _width)], Filled(Dimension)); }
        if (_small.Length < n * n) { (_small, _spectrum) = (new double[n * n], new double[n]); }
        _small.AsSpan(0, n * n).Clear();
        for (var a = 0; a < rank; a++) { _small[a * n + a] = _squares[a]; }
        for (var p = 0; p < rows; p++)
        {
            _line.AsSpan().Clear();
            for (var e = _starts[p]; e < _starts[p + 1]; e++) { Dot.Axpy(_values[e] * _scale, Touch(_columns[e]), _line); }
            for (var a = 0; a < rank; a++) { _small[a * n + rank + p] = _line[a]; }
            for (var q = p; q < rows; q++) { _small[(rank + p) * n + rank + q] = Inner(p, q, default); }
        }
        var loss = Choose(n, rule, out var kept, out var lowered);
        if (_mix.Length < (rank + rows) * _width) { _mix = new double[(_width + _rowLimit) * _width]; }
        Mix(n, kept, lowered);
        for (var a = 0; a < rank; a++) { TensorPrimitives.Multiply(_mix.AsSpan(a * _width, _width), _scale, _mix.AsSpan(a * _width, _width)); }
        Turn(_mix, rank);
        for (var p = 0; p < rows; p++)
        {
            var mix = _mix.AsSpan((rank + p) * _width, _width);
            for (var e = _starts[p]; e < _starts[p + 1]; e++) { Dot.Axpy(_values[e], mix, Touch(_columns[e])); }
        }
        Rank = kept;
        _starts.Clear();
        _starts.Add(0);
        return loss;
    }

    /// <summary>Appends the columns of another matrix and compresses.</summary>
    /// <returns>What was lost at most in any direction.</returns>
    public double Absorb(LowRankColumns other, in Truncation rule)
    {
        var loss = 0.0;
        for (var p = 0; p < other.Rows; p++)
        {
            if (IsFull) { loss += Compress(rule); }
            var (start, end) = (other._starts[p], other._starts[p + 1]);
            Append(other._columns.AsSpan(start..end), other._values.AsSpan(start..end), 1);
        }
        if (other.Rank == 0) { return loss; }
        loss += Compress(rule);
        int mine = Rank, theirs = other.Rank, n = mine + theirs;
        if (_base.Length == 0) { (_base, _turn) = (new double[checked(Dimension * _width)], Filled(Dimension)); }
        double[] left = new double[_width], right = new double[other._width], mixed = new double[_width];
        (_small, _spectrum) = (new double[n * n], new double[n]);
        for (var a = 0; a < mine; a++) { _small[a * n + a] = _squares[a]; }
        for (var b = 0; b < theirs; b++) { _small[(mine + b) * n + mine + b] = other._squares[b]; }
        for (var i = 0; i < Dimension; i++)
        {
            Direction(i, left);
            other.Direction(i, right);
            for (var a = 0; a < mine; a++) { Dot.Axpy(left[a], right.AsSpan(0, theirs), _small.AsSpan(a * n + mine, theirs)); }
        }
        loss += Choose(n, rule, out var kept, out var lowered);
        _mix = new double[Math.Max(n, _width + _rowLimit) * _width];
        Mix(n, kept, lowered);
        for (var i = 0; i < Dimension; i++)
        {
            Direction(i, left);
            other.Direction(i, right);
            mixed.AsSpan().Clear();
            for (var a = 0; a < mine; a++) { Dot.Axpy(left[a], _mix.AsSpan(a * _width, _width), mixed); }
            for (var b = 0; b < theirs; b++) { Dot.Axpy(right[b], _mix.AsSpan((mine + b) * _width, _width), mixed); }
            mixed.CopyTo(_base.AsSpan(i * _width));
            _turn[i] = 0;
        }
        (Rank, _turns, _scale) = (kept, 0, 1);
        SetIdentity(0);
        return loss;
    }

    static byte[] Filled(int dimension)
    {
        var turn = new byte[dimension];
        Array.Fill(turn, Untouched);
        return turn;
    }

    /// <summary>Decomposes CᵀC and decides how many directions stay and how much their eigenvalues are lowered.</summary>
    double Choose(int n, in Truncation rule, out int kept, out double lowered)
    {
        if (!Kernels.SymmetricEigen(_small, n, n, _spectrum, _small, n)) { throw new InvalidOperationException("the sum of weighted rows has overflowed"); }
        return rule.Choose(_spectrum.AsSpan(0, n), out kept, out lowered);
    }

    /// <summary>Fills the matrix that turns C into its new directions, <c>[n, r]</c>, and their squared lengths.</summary>
    void Mix(int n, int kept, double lowered)
    {
        _mix.AsSpan(0, n * _width).Clear();
        _squares.AsSpan().Clear();
        for (var j = 0; j < kept; j++)
        {
            var value = _spectrum[n - 1 - j];
            var shrink = Math.Sqrt(Math.Max(0, (value - lowered) / value));
            for (var a = 0; a < n; a++) { _mix[a * _width + j] = _small[(n - 1 - j) * n + a] * shrink; }
            _squares[j] = Math.Max(0, value - lowered);
        }
    }

    /// <summary>Row i of the base, brought up to now.</summary>
    Span<double> Touch(int i)
    {
        var row = _base.AsSpan(i * _width, _width);
        if (_turn[i] == _turns) { return row; }
        if (_turn[i] != Untouched) { TurnRow(row, _turn[i]); }
        _turn[i] = (byte)_turns;
        return row;
    }

    void TurnRow(Span<double> row, int turn)
    {
        Span<double> old = _width <= 256 ? stackalloc double[_width] : new double[_width];
        row.CopyTo(old);
        row.Clear();
        for (var a = 0; a < _width; a++)
        {
            if (old[a] != 0) { Dot.Axpy(old[a], _missed.AsSpan((turn * _width + a) * _width, _width), row); }
        }
    }

    /// <summary>Turns V by a matrix <c>[rank, r]</c> that holds the scale; only the record of missed turns hears of it.</summary>
    void Turn(ReadOnlySpan<double> matrix, int rank)
    {
        Span<double> line = _line;
        for (var row = 0; row < (_turns + 1) * _width; row++)
        {
            var missed = _missed.AsSpan(row * _width, _width);
            line.Clear();
            for (var a = 0; a < rank; a++) { Dot.Axpy(missed[a], matrix.Slice(a * _width, _width), line); }
            line.CopyTo(missed);
        }
        _scale = 1;
        SetIdentity(++_turns);
        if (_turns == Turns - 1) { Settle(); }
    }

    /// <summary>Brings every row up to now and the scale into the rows.</summary>
    void Settle()
    {
        for (var i = 0; i < _turn.Length; i++)
        {
            if (_turn[i] == Untouched) { continue; }
            var row = Touch(i);
            TensorPrimitives.Multiply(row, _scale, row);
            _turn[i] = 0;
        }
        (_turns, _scale) = (0, 1);
        SetIdentity(0);
    }

    void SetIdentity(int turn)
    {
        var square = _missed.AsSpan(turn * _width * _width, _width * _width);
        square.Clear();
        for (var a = 0; a < _width; a++) { square[a * _width + a] = 1; }
    }
}
