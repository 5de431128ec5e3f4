using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>The questions: products with C, by turns where that is cheaper than by rows. They change nothing.</summary>
sealed partial class LowRankColumns
{
    /// <summary>Row i of V, up to now.</summary>
    /// <param name="i">The parameter.</param>
    /// <param name="row">Receives it, <c>[r]</c> or longer.</param>
    void Direction(int i, Span<double> row)
    {
        row = row[.._width];
        row.Clear();
        if (_turn.Length == 0 || _turn[i] == Untouched) { return; }
        var from = _base.AsSpan(i * _width, _width);
        for (var a = 0; a < _width; a++)
        {
            if (from[a] != 0) { Dot.Axpy(_scale * from[a], _missed.AsSpan((_turn[i] * _width + a) * _width, _width), row); }
        }
    }

    /// <summary>Row i of C.</summary>
    /// <param name="i">The parameter.</param>
    /// <param name="row">Receives it, <c>[count]</c>.</param>
    public void Row(int i, Span<double> row)
    {
        row.Clear();
        var directions = new double[_width];
        Direction(i, directions);
        directions.AsSpan(0, Rank).CopyTo(row);
        for (var p = 0; p < Rows; p++)
        {
            var at = _columns.AsSpan(_starts[p].._starts[p + 1]).BinarySearch(i);
            if (at >= 0) { row[Rank + p] = _values[_starts[p] + at]; }
        }
    }

    /// <summary><c>t ← Cᵀ(w∘x)</c>.</summary>
    /// <param name="x">A direction <c>[d]</c>.</param>
    /// <param name="w">Factors <c>[d]</c>, or empty for ones.</param>
    /// <param name="t">The product <c>[count]</c>.</param>
    public void Transposed(ReadOnlySpan<double> x, ReadOnlySpan<double> w, Span<double> t)
    {
        t.Clear();
        var sums = new double[(_turns + 1) * _width];
        for (var i = 0; i < _turn.Length; i++)
        {
            if (_turn[i] != Untouched) { Dot.Axpy(w.IsEmpty ? x[i] : x[i] * w[i], _base.AsSpan(i * _width, _width), sums.AsSpan(_turn[i] * _width, _width)); }
        }
        MakeUp(sums, t[..Rank]);
        for (var p = 0; p < Rows; p++)
        {
            var sum = 0.0;
            for (var e = _starts[p]; e < _starts[p + 1]; e++) { sum += _values[e] * x[_columns[e]] * (w.IsEmpty ? 1 : w[_columns[e]]); }
            t[Rank + p] = sum;
        }
    }

    /// <summary><c>y ← y + C·t</c>.</summary>
    /// <param name="t">Factors of the columns <c>[count]</c>.</param>
    /// <param name="y">The sum <c>[d]</c>.</param>
    public void AddProduct(ReadOnlySpan<double> t, Span<double> y)
    {
        var lines = new double[(_turns + 1) * _width];
        Expect(t[..Rank], lines);
        for (var i = 0; i < _turn.Length; i++)
        {
            if (_turn[i] != Untouched) { y[i] += Dot.Product(_base.AsSpan(i * _width, _width), lines.AsSpan(_turn[i] * _width, _width)); }
        }
        for (var p = 0; p < Rows; p++)
        {
            for (var e = _starts[p]; e < _starts[p + 1]; e++) { y[_columns[e]] += _values[e] * t[Rank + p]; }
        }
    }

    /// <summary><c>G ← Cᵀ diag(w) C</c>.</summary>
    /// <remarks>Cost: <c>O(d·r² + nnz·r²)</c>.</remarks>
    /// <param name="w">Weights <c>[d]</c>.</param>
    /// <returns>The upper triangle, <c>[count, count]</c>.</returns>
    public double[] Gram(ReadOnlySpan<double> w)
    {
        int n = Count, square = _width * _width;
        var gram = new double[n * n];
        var sums = new double[(_turns + 1) * square];
        for (int i = 0, run; i < _turn.Length; i += run)
        {
            run = 1;
            while (i + run < _turn.Length && _turn[i + run] == _turn[i]) { run++; }
            if (_turn[i] == Untouched) { continue; }
            Kernels.RankUpdate(sums.AsSpan(_turn[i] * square, square), _width, _base.AsSpan(i * _width, run * _width), _width, run, _width, w.Slice(i, run));
        }
        double[] sum = new double[square], half = new double[square];
        for (var turn = 0; turn <= _turns; turn++)
        {
            // Σ MᵀSM over the turns, M what rows of that turn have missed.
            var s = sums.AsSpan(turn * square, square);
            for (var a = 0; a < _width; a++) { for (var b = 0; b < a; b++) { s[a * _width + b] = s[b * _width + a]; } }
            var m = _missed.AsSpan(turn * square, square);
            Kernels.Multiply(half, _width, s, _width, m, _width, _width, _width, _width);
            for (var a = 0; a < _width; a++)
            {
                for (var b = 0; b < Rank; b++)
                {
                    if (m[a * _width + b] != 0) { Dot.Axpy(_scale * _scale * m[a * _width + b], half.AsSpan(a * _width, _width), sum.AsSpan(b * _width, _width)); }
                }
            }
        }
        for (var a = 0; a < Rank; a++) { sum.AsSpan(a * _width + a, Rank - a).CopyTo(gram.AsSpan(a * n + a)); }
        double[] met = new double[(_turns + 1) * _width], cross = new double[Rank];
        for (var p = 0; p < Rows; p++)
        {
            met.AsSpan().Clear();
            cross.AsSpan().Clear();
            for (var e = _starts[p]; e < _starts[p + 1]; e++)
            {
                var i = _columns[e];
                if (_turn.Length > 0 && _turn[i] != Untouched) { Dot.Axpy(w[i] * _values[e], _base.AsSpan(i * _width, _width), met.AsSpan(_turn[i] * _width, _width)); }
            }
            MakeUp(met, cross);
            for (var a = 0; a < Rank; a++) { gram[a * n + Rank + p] = cross[a]; }
            for (var q = p; q < Rows; q++) { gram[(Rank + p) * n + Rank + q] = Inner(p, q, w); }
        }
        return gram;
    }

    /// <summary><c>qᵢ ← cᵢᵀGcᵢ</c> for every row <c>cᵢ</c> of C.</summary>
    /// <remarks>Cost: <c>O(d·r²)</c>, and <c>O(b²·nnz)</c> for rows not yet compressed.</remarks>
    /// <param name="g">A symmetric <c>[count, count]</c>, or empty for the identity.</param>
    /// <param name="q">The quadratic forms <c>[d]</c>.</param>
    public void QuadraticForms(ReadOnlySpan<double> g, Span<double> q)
    {
        int n = Count, rank = Rank, square = _width * _width;
        q.Clear();
        var forms = new double[(_turns + 1) * square];   // M G Mᵀ by turn
        var line = new double[_width];
        for (var row = 0; row < (_turns + 1) * _width; row++)
        {
            var m = _missed.AsSpan(row * _width, _width);
            for (var b = 0; b < rank; b++) { line[b] = g.IsEmpty ? m[b] : TensorPrimitives.Dot(g.Slice(b * n, rank), m[..rank]); }
            var first = row / _width * _width;
            for (var a = 0; a < _width; a++)
            {
                forms[row * _width + a] = _scale * _scale * TensorPrimitives.Dot<double>(line.AsSpan(0, rank), _missed.AsSpan((first + a) * _width, rank));
            }
        }
        for (var i = 0; i < _turn.Length; i++)
        {
            if (_turn[i] == Untouched) { continue; }
            var u = _base.AsSpan(i * _width, _width);
            line.AsSpan().Clear();
            for (var a = 0; a < _width; a++)
            {
                if (u[a] != 0) { Dot.Axpy(u[a], forms.AsSpan((_turn[i] * _width + a) * _width, _width), line); }
            }
            q[i] = Dot.Product(u, line);
        }
        if (Rows == 0) { return; }
        double[] met = new double[Dimension], lines = new double[(_turns + 1) * _width];
        for (var p = 0; p < Rows; p++)
        {
            if (!g.IsEmpty) { Expect(g.Slice((rank + p) * n, rank), lines); }
            for (var other = g.IsEmpty ? p : 0; other < (g.IsEmpty ? p + 1 : Rows); other++)
            {
                var factor = g.IsEmpty ? 1 : g[(rank + p) * n + rank + other];
                for (var e = _starts[other]; e < _starts[other + 1]; e++) { met[_columns[e]] += factor * _values[e]; }
            }
            for (var e = _starts[p]; e < _starts[p + 1]; e++)
            {
                var i = _columns[e];
                q[i] += _values[e] * met[i];
                if (!g.IsEmpty && _turn.Length > 0 && _turn[i] != Untouched) { q[i] += 2 * _values[e] * Dot.Product(_base.AsSpan(i * _width, _width), lines.AsSpan(_turn[i] * _width, _width)); }
            }
            for (var e = 0; e < _starts[^1]; e++) { met[_columns[e]] = 0; }
        }
    }

    /// <summary><c>diag(D) + CCᵀ</c>, all of it.</summary>
    /// <param name="diagonal">D, <c>[d]</c>.</param>
    public double[,] ToDense(ReadOnlySpan<double> diagonal)
    {
        var dense = new double[Dimension, Dimension];
        var rows = new double[Dimension][];
        for (var i = 0; i < Dimension; i++)
        {
            Row(i, rows[i] = new double[Count]);
            for (var j = 0; j <= i; j++) { dense[i, j] = dense[j, i] = Dot.Product(rows[i], rows[j]); }
            dense[i, i] += diagonal[i];
        }
        return dense;
    }

    /// <summary>Sums over rows of the base, kept by turn, become a sum over rows of V: <c>t ← t + Σ Mᵀs</c>, M what rows of a turn have missed.</summary>
    void MakeUp(ReadOnlySpan<double> sums, Span<double> t)
    {
        for (var row = 0; row < sums.Length; row++)
        {
            if (sums[row] != 0) { Dot.Axpy(_scale * sums[row], _missed.AsSpan(row * _width, t.Length), t); }
        }
    }

    /// <summary>What rows of the base must be multiplied with, by turn, to give the products of rows of V with t: <c>Mt</c>.</summary>
    void Expect(ReadOnlySpan<double> t, Span<double> lines)
    {
        for (var row = 0; row < lines.Length; row++) { lines[row] = _scale * TensorPrimitives.Dot(_missed.AsSpan(row * _width, t.Length), t); }
    }

    /// <summary><c>Σ wᵢ xₚᵢ x_qᵢ</c> of two rows not yet compressed.</summary>
    double Inner(int p, int q, ReadOnlySpan<double> w)
    {
        ReadOnlySpan<int> left = _columns.AsSpan(_starts[p].._starts[p + 1]), right = _columns.AsSpan(_starts[q].._starts[q + 1]);
        ReadOnlySpan<double> x = _values.AsSpan(_starts[p].._starts[p + 1]), y = _values.AsSpan(_starts[q].._starts[q + 1]);
        if (w.IsEmpty && left.SequenceEqual(right)) { return Dot.Product(x, y); }
        var sum = 0.0;
        for (int a = 0, b = 0; a < left.Length && b < right.Length;)
        {
            if (left[a] == right[b])
            {
                sum += x[a] * y[b] * (w.IsEmpty ? 1 : w[left[a]]);
                a++;
                b++;
            }
            else if (left[a] < right[b]) { a++; }
            else { b++; }
        }
        return sum;
    }
}
