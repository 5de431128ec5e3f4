using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FisherFlow.Numerics;

/// <summary>Folds rows into a triangular factor, <c>[R; A] → R</c>, by blocked Householder reflections.</summary>
/// <remarks>
/// Rows are taken by blocks and transposed, so that vectors run along rows and stay full however narrow the design. Four reflectors are
/// made at a time and applied together as <c>I − V Tᵀ Vᵀ</c>; the head of each is a unit vector in R, so only the rows' part of V is stored.
/// Cost: <c>2np²</c> flops. Source: Schreiber &amp; Van Loan (1989), the compact WY form; Golub &amp; Van Loan (2013), §5.1–5.2.
/// </remarks>
static unsafe class HouseholderFold<TLanes, TVector>
    where TLanes : struct, IDoubleLanes<TVector>
    where TVector : struct
{
    /// <summary>Rows taken at a time.</summary>
    const int BlockRows = 256;

    /// <summary>Reflectors applied together.</summary>
    const int Panel = 4;

    /// <summary>Below or above these the square of a norm loses digits or overflows, and the column is scaled first.</summary>
    const double Smallest = 1e-280, Largest = 1e280;

    /// <summary>Folds <paramref name="n"/> rows; they are only read.</summary>
    public static void Run(double* r, nint rStride, int p, double* rows, nint rowStride, int n)
    {
        var columns = (p + Panel - 1) / Panel * Panel;   // the last panel is filled up with empty columns
        var height = Math.Min(BlockRows, (n + 7) / 8 * 8);
        var a = Scratch.Get<double>(ScratchUse.Panel, columns * height);
        var t = stackalloc double[Panel * Panel];
        for (var first = 0; first < n; first += BlockRows)
        {
            var count = Math.Min(BlockRows, n - first);
            var length = (count + 7) / 8 * 8;
            Transpose(rows + first * rowStride, rowStride, count, p, a, length, columns);
            for (var k = 0; k < p; k += Panel)
            {
                var width = Math.Min(Panel, p - k);
                Reflectors(r + k * rStride + k, rStride, a + k * length, length, width, t);
                if (width == Panel)
                {
                    for (var j = k + Panel; j < p; j += 2) { Apply(r + k * rStride + j, rStride, Math.Min(2, p - j), a + k * length, a + j * length, length, t); }
                }
            }
        }
    }

    /// <summary>Copies rows into columns of <paramref name="length"/>, padded with zeros below and to the right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Transpose(double* rows, nint rowStride, int count, int p, double* a, int length, int columns)
    {
        var i = 0;
        if (Avx.IsSupported)
        {
            for (; i <= count - 4; i += 4)
            {
                var from = rows + i * rowStride;
                var to = a + i;
                var j = 0;
                for (; j <= p - 4; j += 4, to += 4 * length)
                {
                    // Four by four: interleave pairs of rows, then exchange halves.
                    Vector256<double> r0 = Vector256.Load(from + j), r1 = Vector256.Load(from + rowStride + j);
                    Vector256<double> r2 = Vector256.Load(from + 2 * rowStride + j), r3 = Vector256.Load(from + 3 * rowStride + j);
                    Vector256<double> low0 = Avx.UnpackLow(r0, r1), high0 = Avx.UnpackHigh(r0, r1), low1 = Avx.UnpackLow(r2, r3), high1 = Avx.UnpackHigh(r2, r3);
                    Avx.Permute2x128(low0, low1, 0x20).Store(to);
                    Avx.Permute2x128(high0, high1, 0x20).Store(to + length);
                    Avx.Permute2x128(low0, low1, 0x31).Store(to + 2 * length);
                    Avx.Permute2x128(high0, high1, 0x31).Store(to + 3 * length);
                }
                for (; j < p; j++, to += length)
                {
                    to[0] = from[j];
                    to[1] = from[rowStride + j];
                    to[2] = from[2 * rowStride + j];
                    to[3] = from[3 * rowStride + j];
                }
            }
        }
        for (; i < count; i++) { for (var j = 0; j < p; j++) { a[(nint)j * length + i] = rows[i * rowStride + j]; } }
        for (var j = 0; j < p && count < length; j++) { new Span<double>(a + (nint)j * length + count, length - count).Clear(); }
        new Span<double>(a + (nint)p * length, (columns - p) * length).Clear();
    }

    /// <summary>Makes the reflectors of up to four columns, applies each to the columns of the panel after it, and forms T.</summary>
    /// <remarks>Two passes over the panel for each reflector: all products with its column at once, then the update of what follows.</remarks>
    static void Reflectors(double* r, nint rStride, double* v, int length, int width, double* t)
    {
        var d = stackalloc double[Panel];
        var w = stackalloc double[Panel];
        for (var k = 0; k < width; k++)
        {
            var column = v + k * length;
            var head = r + k * rStride + k;
            Products(v, column, length, d);
            var scale = 1.0;
            if (!(d[k] >= Smallest && d[k] <= Largest))
            {
                scale = Rescale(column, length);
                if (scale == 0)
                {
                    for (var i = 0; i <= k; i++) { t[i * Panel + k] = 0; }   // nothing to reflect
                    continue;
                }
                Products(v, column, length, d);
            }
            var alpha = *head / scale;
            var beta = -Math.CopySign(Hypotenuse(alpha, d[k]), alpha);
            double factor = 1 / (alpha - beta), tau = (beta - alpha) / beta;
            *head = beta * scale;
            for (var i = 0; i < k; i++)
            {
                // Column k of T: −τ T[0..k, 0..k] Vᵀv; the heads are different unit vectors and add nothing.
                var sum = 0.0;
                for (var l = i; l < k; l++) { sum += t[i * Panel + l] * d[l]; }
                t[i * Panel + k] = -tau * factor * sum;
            }
            t[k * Panel + k] = tau;
            for (var j = k + 1; j < Panel; j++)
            {
                if (j >= width)
                {
                    w[j] = 0;
                    continue;
                }
                w[j] = tau * (head[j - k] + factor * d[j]);
                head[j - k] -= w[j];
            }
            Update(v, k, length, factor, w);
        }
    }

    /// <summary>Divides a column by its largest magnitude, which is returned: zero for an empty column, one when it is not finite.</summary>
    static double Rescale(double* x, int length)
    {
        var largest = 0.0;
        for (var i = 0; i < length; i++) { largest = Math.Max(largest, Math.Abs(x[i])); }
        if (largest == 0) { return 0; }
        if (!double.IsFinite(largest)) { return 1; }
        for (var i = 0; i < length; i++) { x[i] /= largest; }
        return largest;
    }

    /// <summary>The products of one column with each of the panel's four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Products(double* v, double* x, int length, double* d)
    {
        double* v1 = v + length, v2 = v1 + length, v3 = v2 + length;
        var zero = TLanes.Broadcast(0);
        TVector s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        for (var i = 0; i < length; i += TLanes.Count)
        {
            var u = TLanes.Load(x + i);
            s0 = TLanes.MultiplyAdd(u, TLanes.Load(v + i), s0);
            s1 = TLanes.MultiplyAdd(u, TLanes.Load(v1 + i), s1);
            s2 = TLanes.MultiplyAdd(u, TLanes.Load(v2 + i), s2);
            s3 = TLanes.MultiplyAdd(u, TLanes.Load(v3 + i), s3);
        }
        TLanes.Sums(s0, s1, s2, s3, d);
    }

    /// <summary>Column k becomes the reflector, <c>v ← factor·x</c>, and the columns after it lose <c>w v</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Update(double* v, int k, int length, double factor, double* w)
    {
        double* x = v + k * length, v1 = v + length, v2 = v1 + length, v3 = v2 + length;
        var f = TLanes.Broadcast(factor);
        TVector w1 = TLanes.Broadcast(-w[1]), w2 = TLanes.Broadcast(-w[2]), w3 = TLanes.Broadcast(-w[3]);
        for (var i = 0; i < length; i += TLanes.Count)
        {
            var u = TLanes.Multiply(TLanes.Load(x + i), f);
            TLanes.Store(u, x + i);
            if (k < 1) { TLanes.Store(TLanes.MultiplyAdd(u, w1, TLanes.Load(v1 + i)), v1 + i); }
            if (k < 2) { TLanes.Store(TLanes.MultiplyAdd(u, w2, TLanes.Load(v2 + i)), v2 + i); }
            if (k < 3) { TLanes.Store(TLanes.MultiplyAdd(u, w3, TLanes.Load(v3 + i)), v3 + i); }
        }
    }

    /// <summary><c>√(a² + s)</c> for a sum of squares <c>s</c> in the safe range and any <c>a</c>.</summary>
    static double Hypotenuse(double a, double s) => Math.Abs(a) < 1e140 ? Math.Sqrt(a * a + s) : double.Hypot(a, Math.Sqrt(s));

    /// <summary>Applies four reflectors to one or two columns: <c>w = Tᵀ(R + VᵀA)</c>, <c>R −= w</c>, <c>A −= Vw</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Apply(double* r, nint rStride, int columns, double* v, double* a, int length, double* t)
    {
        double* v0 = v, v1 = v + length, v2 = v + 2 * length, v3 = v + 3 * length, a0 = a, a1 = a + length;
        var zero = TLanes.Broadcast(0);
        TVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
        for (var i = 0; i < length; i += TLanes.Count)
        {
            TVector x = TLanes.Load(a0 + i), y = TLanes.Load(a1 + i);
            var u = TLanes.Load(v0 + i); s00 = TLanes.MultiplyAdd(u, x, s00); s01 = TLanes.MultiplyAdd(u, y, s01);
            u = TLanes.Load(v1 + i); s10 = TLanes.MultiplyAdd(u, x, s10); s11 = TLanes.MultiplyAdd(u, y, s11);
            u = TLanes.Load(v2 + i); s20 = TLanes.MultiplyAdd(u, x, s20); s21 = TLanes.MultiplyAdd(u, y, s21);
            u = TLanes.Load(v3 + i); s30 = TLanes.MultiplyAdd(u, x, s30); s31 = TLanes.MultiplyAdd(u, y, s31);
        }
        var w = stackalloc double[2 * Panel];
        TLanes.Sums(s00, s10, s20, s30, w);
        TLanes.Sums(s01, s11, s21, s31, w + Panel);
        for (var c = 0; c < columns; c++) { Weigh(r + c, rStride, w + c * Panel, t); }
        TVector w00 = TLanes.Broadcast(-w[0]), w10 = TLanes.Broadcast(-w[1]), w20 = TLanes.Broadcast(-w[2]), w30 = TLanes.Broadcast(-w[3]);
        TVector w01 = TLanes.Broadcast(-w[4]), w11 = TLanes.Broadcast(-w[5]), w21 = TLanes.Broadcast(-w[6]), w31 = TLanes.Broadcast(-w[7]);
        for (var i = 0; i < length; i += TLanes.Count)
        {
            TVector x = TLanes.Load(a0 + i), y = TLanes.Load(a1 + i);
            var u = TLanes.Load(v0 + i); x = TLanes.MultiplyAdd(u, w00, x); y = TLanes.MultiplyAdd(u, w01, y);
            u = TLanes.Load(v1 + i); x = TLanes.MultiplyAdd(u, w10, x); y = TLanes.MultiplyAdd(u, w11, y);
            u = TLanes.Load(v2 + i); x = TLanes.MultiplyAdd(u, w20, x); y = TLanes.MultiplyAdd(u, w21, y);
            u = TLanes.Load(v3 + i); x = TLanes.MultiplyAdd(u, w30, x); y = TLanes.MultiplyAdd(u, w31, y);
            TLanes.Store(x, a0 + i);
            TLanes.Store(y, a1 + i);
        }
    }

    /// <summary><c>w ← Tᵀ(r + w)</c> and <c>r ← r − w</c> for one column of four rows of R.</summary>
    static void Weigh(double* r, nint rStride, double* w, double* t)
    {
        double b0 = r[0] + w[0], b1 = r[rStride] + w[1], b2 = r[2 * rStride] + w[2], b3 = r[3 * rStride] + w[3];
        w[0] = t[0] * b0;
        w[1] = t[1] * b0 + t[5] * b1;
        w[2] = t[2] * b0 + t[6] * b1 + t[10] * b2;
        w[3] = t[3] * b0 + t[7] * b1 + t[11] * b2 + t[15] * b3;
        r[0] -= w[0];
        r[rStride] -= w[1];
        r[2 * rStride] -= w[2];
        r[3 * rStride] -= w[3];
    }
}
