namespace FisherFlow.StateSpace;

/// <summary>Small matrices: the dozen operations that filters of a few states need, written for reading.</summary>
static class Square
{
    public static double[,] Identity(int n, double value = 1)
    {
        var a = new double[n, n];
        for (var i = 0; i < n; i++) { a[i, i] = value; }
        return a;
    }

    public static void Require(double[,] a, int n, string name)
    {
        if (a.GetLength(0) != n || a.GetLength(1) != n) { throw new ArgumentException($"it is [{a.GetLength(0)}, {a.GetLength(1)}], and a state of {n} numbers needs [{n}, {n}]", name); }
        foreach (var value in a)
        {
            if (!double.IsFinite(value)) { throw new ArgumentException($"it holds {value}", name); }
        }
    }

    public static double[,] Product(double[,] a, double[,] b)
    {
        var c = new double[a.GetLength(0), b.GetLength(1)];
        for (var i = 0; i < a.GetLength(0); i++)
        {
            for (var k = 0; k < a.GetLength(1); k++)
            {
                for (var j = 0; j < b.GetLength(1) && a[i, k] != 0; j++) { c[i, j] += a[i, k] * b[k, j]; }
            }
        }
        return c;
    }

    public static double[] Product(double[,] a, ReadOnlySpan<double> x)
    {
        var y = new double[a.GetLength(0)];
        for (var i = 0; i < y.Length; i++)
        {
            for (var j = 0; j < x.Length; j++) { y[i] += a[i, j] * x[j]; }
        }
        return y;
    }

    public static double[,] Transpose(double[,] a)
    {
        var t = new double[a.GetLength(1), a.GetLength(0)];
        for (var i = 0; i < t.GetLength(0); i++)
        {
            for (var j = 0; j < t.GetLength(1); j++) { t[i, j] = a[j, i]; }
        }
        return t;
    }

    /// <summary><c>a + factor·b</c>.</summary>
    public static double[,] Sum(double[,] a, double[,] b, double factor = 1)
    {
        var c = (double[,])a.Clone();
        for (var i = 0; i < c.GetLength(0); i++)
        {
            for (var j = 0; j < c.GetLength(1); j++) { c[i, j] += factor * b[i, j]; }
        }
        return c;
    }

    /// <summary><c>T A Tᵀ</c>, symmetric to the bit.</summary>
    public static double[,] Congruence(double[,] t, double[,] a)
    {
        var c = Product(Product(t, a), Transpose(t));
        for (var i = 0; i < c.GetLength(0); i++)
        {
            for (var j = 0; j < i; j++) { c[i, j] = c[j, i] = (c[i, j] + c[j, i]) / 2; }
        }
        return c;
    }

    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) { sum += x[i] * y[i]; }
        return sum;
    }

    /// <summary>The inverse by elimination with row exchanges, or null when a pivot is below <paramref name="smallest"/> of its row.</summary>
    public static double[,]? Inverse(double[,] a, double smallest = 1e-14)
    {
        var n = a.GetLength(0);
        var (work, inverse) = ((double[,])a.Clone(), Identity(n));
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
            {
                if (Math.Abs(work[i, k]) > Math.Abs(work[pivot, k])) { pivot = i; }
            }
            var size = 0.0;
            for (var j = 0; j < n; j++) { size = Math.Max(size, Math.Abs(a[k, j])); }
            if (!(Math.Abs(work[pivot, k]) > smallest * size)) { return null; }
            for (var j = 0; j < n; j++)
            {
                (work[k, j], work[pivot, j]) = (work[pivot, j], work[k, j]);
                (inverse[k, j], inverse[pivot, j]) = (inverse[pivot, j], inverse[k, j]);
            }
            for (var i = 0; i < n; i++)
            {
                var factor = work[i, k] / work[k, k];
                if (i == k || factor == 0) { continue; }
                for (var j = 0; j < n; j++)
                {
                    work[i, j] -= factor * work[k, j];
                    inverse[i, j] -= factor * inverse[k, j];
                }
            }
        }
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) { inverse[i, j] /= work[i, i]; }
        }
        return inverse;
    }

    /// <summary>G <c>[n, rank]</c> with <c>GGᵀ = A</c> for a positive semi-definite A: Cholesky with the largest pivot first, up to one that is <paramref name="negligible"/> beside the largest variance.</summary>
    public static double[,] Root(double[,] a, double negligible = 1e-14)
    {
        var n = a.GetLength(0);
        var (rest, columns) = ((double[,])a.Clone(), new List<double[]>());
        var scale = 0.0;
        for (var i = 0; i < n; i++) { scale = Math.Max(scale, a[i, i]); }
        while (columns.Count < n)
        {
            var p = 0;
            for (var i = 1; i < n; i++) { p = rest[i, i] > rest[p, p] ? i : p; }
            if (!(rest[p, p] > negligible * scale)) { break; }
            var (column, root) = (new double[n], Math.Sqrt(rest[p, p]));
            for (var i = 0; i < n; i++) { column[i] = rest[i, p] / root; }
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++) { rest[i, j] -= column[i] * column[j]; }
            }
            columns.Add(column);
        }
        for (var i = 0; i < n; i++)
        {
            if (rest[i, i] < -1e-10 * scale || (scale == 0 && a[i, i] < 0)) { throw new ArgumentException($"the covariance of the noise is not positive semi-definite (diagonal {a[i, i]} at {i})"); }
        }
        var g = new double[n, columns.Count];
        for (var j = 0; j < columns.Count; j++)
        {
            for (var i = 0; i < n; i++) { g[i, j] = columns[j][i]; }
        }
        return g;
    }
}
