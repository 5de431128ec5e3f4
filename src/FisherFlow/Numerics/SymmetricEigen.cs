using System.Runtime.Intrinsics;

namespace FisherFlow.Numerics;

/// <summary>The eigendecomposition of a symmetric matrix: Householder tridiagonalisation, then implicit QL.</summary>
/// <remarks>
/// Eigenvectors live in rows, so that every rotation and reflection runs along memory. Cost: about <c>9n³</c> flops. Errors of eigenvalues are a small
/// multiple of <c>u·‖A‖</c>. Source: Golub &amp; Van Loan (2013), algorithms 8.3.1 and 8.3.3; Wilkinson's shift. The bits do not depend on the processor.
/// </remarks>
static unsafe class SymmetricEigen
{
    /// <summary>Sweeps allowed for one eigenvalue; two suffice on average, and none has been seen to need ten.</summary>
    const int MaxSweeps = 60;

    /// <summary>Decomposes; see <see cref="Kernels.SymmetricEigen"/>.</summary>
    public static bool Run(double* a, nint aStride, int n, double* values, double* v, nint vStride)
    {
        if (n == 0) { return true; }
        var work = Scratch.Get<double>(ScratchUse.Panel, n * n + 3 * n);
        double* off = work + (nint)n * n, tau = off + n, w = tau + n;
        var largest = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = i; j < n; j++)
            {
                if (!double.IsFinite(a[i * aStride + j])) { return false; }
                largest = Math.Max(largest, Math.Abs(a[i * aStride + j]));
            }
        }
        // A power of two brings every matrix into the range where squares neither overflow nor vanish, and changes no digit.
        var scale = largest is 0 or (> 1e-100 and < 1e100) ? 0 : -Math.ILogB(largest);
        for (var i = 0; i < n; i++)
        {
            for (var j = i; j < n; j++) { work[(nint)i * n + j] = scale == 0 ? a[i * aStride + j] : Math.ScaleB(a[i * aStride + j], scale); }
        }
        Tridiagonalise(work, n, values, off, tau, w);
        FormRows(work, n, tau, v, vStride);
        if (!Diagonalise(n, values, off, v, vStride)) { return false; }
        Sort(n, values, v, vStride);
        if (scale != 0) { for (var i = 0; i < n; i++) { values[i] = Math.ScaleB(values[i], -scale); } }
        return true;
    }

    /// <summary>Reduces the upper triangle to a diagonal and an off-diagonal; row k keeps the reflector that cleared it, from column k + 1 on.</summary>
    static void Tridiagonalise(double* a, int n, double* diagonal, double* off, double* tau, double* w)
    {
        for (var k = 0; k < n - 1; k++)
        {
            var m = n - k - 1;
            double* v = a + (nint)k * n + k + 1, sub = a + (nint)(k + 1) * n + k + 1;
            diagonal[k] = a[(nint)k * n + k];
            tau[k] = Reflector(v, m, out off[k]);
            if (tau[k] == 0) { continue; }
            // w = τAv from the upper triangle alone, then w −= ½τ(wᵀv)v and A −= vwᵀ + wvᵀ.
            new Span<double>(w, m).Clear();
            for (var i = 0; i < m; i++)
            {
                var row = sub + (nint)i * n;
                w[i] += row[i] * v[i] + Dot.Product(row + i + 1, v + i + 1, m - i - 1);
                Dot.Axpy(v[i], row + i + 1, w + i + 1, m - i - 1);
            }
            for (var i = 0; i < m; i++) { w[i] *= tau[k]; }
            Dot.Axpy(-0.5 * tau[k] * Dot.Product(w, v, m), v, w, m);
            for (var i = 0; i < m; i++)
            {
                var row = sub + (nint)i * n;
                Dot.Axpy(-v[i], w + i, row + i, m - i);
                Dot.Axpy(-w[i], v + i, row + i, m - i);
            }
        }
        diagonal[n - 1] = a[(nint)n * n - 1];
        off[n - 1] = 0;
    }

    /// <summary>Makes <c>(1, v)</c> and τ with <c>(I − τvvᵀ)x = (beta, 0)</c>; x becomes v.</summary>
    static double Reflector(double* x, int m, out double beta)
    {
        var rest = Dot.Product(x + 1, x + 1, m - 1);
        if (rest == 0)
        {
            beta = x[0];
            return 0;
        }
        var alpha = x[0];
        beta = -Math.CopySign(Math.Sqrt(alpha * alpha + rest), alpha);
        var factor = 1 / (alpha - beta);
        for (var i = 1; i < m; i++) { x[i] *= factor; }
        x[0] = 1;
        return (beta - alpha) / beta;
    }

    /// <summary>Forms Qᵀ, the product of the reflectors, row by row from the last reflector to the first.</summary>
    static void FormRows(double* a, int n, double* tau, double* q, nint stride)
    {
        for (var i = 0; i < n; i++)
        {
            new Span<double>(q + i * stride, n).Clear();
            q[i * stride + i] = 1;
        }
        for (var k = n - 2; k >= 0; k--)
        {
            if (tau[k] == 0) { continue; }
            var m = n - k - 1;
            var v = a + (nint)k * n + k + 1;
            for (var i = k + 1; i < n; i++)
            {
                var row = q + i * stride + k + 1;
                Dot.Axpy(-tau[k] * Dot.Product(row, v, m), v, row, m);
            }
        }
    }

    /// <summary>Implicit QL on the tridiagonal, each rotation applied to two rows of the eigenvectors.</summary>
    static bool Diagonalise(int n, double* d, double* e, double* v, nint stride)
    {
        for (var l = 0; l < n; l++)
        {
            for (var sweep = 0; ; sweep++)
            {
                var m = l;
                while (m < n - 1 && Math.Abs(e[m]) > double.Epsilon + 1.1e-16 * (Math.Abs(d[m]) + Math.Abs(d[m + 1]))) { m++; }
                if (m == l) { break; }
                if (sweep == MaxSweeps) { return false; }
                Sweep(l, m, n, d, e, v, stride);
            }
        }
        return true;
    }

    /// <summary>One sweep from row m down to row l with Wilkinson's shift.</summary>
    static void Sweep(int l, int m, int n, double* d, double* e, double* v, nint stride)
    {
        var g = (d[l + 1] - d[l]) / (2 * e[l]);
        var shift = d[m] - d[l] + e[l] / (g + Math.CopySign(double.Hypot(g, 1), g));
        double s = 1, c = 1, p = 0;
        for (var i = m - 1; i >= l; i--)
        {
            double f = s * e[i], b = c * e[i];
            var r = double.Hypot(f, shift);
            e[i + 1] = r;
            if (r == 0)
            {
                // The tridiagonal has split by itself: start again below the split.
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            s = f / r;
            c = shift / r;
            var t = d[i + 1] - p;
            var u = (d[i] - t) * s + 2 * c * b;
            p = s * u;
            d[i + 1] = t + p;
            shift = c * u - b;
            Rotate(v + (i + 1) * stride, v + i * stride, n, c, s);
        }
        d[l] -= p;
        e[l] = shift;
        e[m] = 0;
    }

    /// <summary><c>(x, y) ← (cx + sy, cy − sx)</c>.</summary>
    static void Rotate(double* x, double* y, int n, double c, double s)
    {
        var j = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var vc = Vector256.Create(c);
            var vs = Vector256.Create(s);
            for (; j <= n - 4; j += 4)
            {
                var a = Vector256.Load(x + j);
                var b = Vector256.Load(y + j);
                Vector256.Store(vc * a + vs * b, x + j);
                Vector256.Store(vc * b - vs * a, y + j);
            }
        }
        for (; j < n; j++)
        {
            double a = x[j], b = y[j];
            x[j] = c * a + s * b;
            y[j] = c * b - s * a;
        }
    }

    static void Sort(int n, double* d, double* v, nint stride)
    {
        for (var i = 0; i < n - 1; i++)
        {
            var least = i;
            for (var j = i + 1; j < n; j++) { if (d[j] < d[least]) { least = j; } }
            if (least == i) { continue; }
            (d[i], d[least]) = (d[least], d[i]);
            double* x = v + i * stride, y = v + least * stride;
            for (var j = 0; j < n; j++) { (x[j], y[j]) = (y[j], x[j]); }
        }
    }
}
