using System.Runtime.CompilerServices;

namespace FisherFlow.Numerics;

/// <summary>Folds rows into a triangular factor, <c>[R; A] → R</c>, by blocked Householder reflections.</summary>
/// <remarks>
/// Rows are taken by blocks and transposed, so that vectors run along rows and stay full however narrow the design. Four reflectors are
/// made at a time and applied together as <c>I − V Tᵀ Vᵀ</c>; the head of each is a unit vector in R, so only the rows' part of V is stored.
/// Cost: <c>2np²</c> flops. Source: Schreiber &amp; Van Loan (1989), the compact WY form; Golub &amp; Van Loan (2013), §5.1–5.2.
/// </remarks>
static unsafe class HouseholderFold<TLanes, TVector>
    where TLanes : struct, ILanes<TVector, double>
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
        var columns = (p + 1) / 2 * 2;   // trailing columns are updated in pairs
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

    static void Transpose(double* rows, nint rowStride, int count, int p, double* a, int length, int columns)
    {
        for (var j = 0; j < p; j++)
        {
            var column = a + j * length;
            for (var i = 0; i < count; i++) { column[i] = rows[i * rowStride + j]; }
            for (var i = count; i < length; i++) { column[i] = 0; }
        }
        for (var j = p; j < columns; j++) { new Span<double>(a + j * length, length).Clear(); }
    }

    /// <summary>Makes the reflectors of up to four columns, applies each to the columns of the panel after it, and forms T.</summary>
    static void Reflectors(double* r, nint rStride, double* v, int length, int width, double* t)
    {
        for (var k = 0; k < width; k++)
        {
            var column = v + k * length;
            var tau = Reflector(r + k * rStride + k, column, length);
            for (var j = k + 1; j < width; j++)
            {
                var other = v + j * length;
                var w = tau * (r[k * rStride + j] + Product(column, other, length));
                r[k * rStride + j] -= w;
                Axpy(-w, column, other, length);
            }
            t[k * Panel + k] = tau;
            for (var i = 0; i < k; i++)
            {
                // Column k of T: −τ T[0..k, 0..k] Vᵀv; the heads are different unit vectors and add nothing.
                t[i * Panel + k] = Product(v + i * length, column, length);
            }
            for (var i = 0; i < k; i++)
            {
                var sum = 0.0;
                for (var l = i; l < k; l++) { sum += t[i * Panel + l] * t[l * Panel + k]; }
                t[i * Panel + k] = -tau * sum;
            }
        }
    }

    /// <summary>Turns <c>(head, x)</c> into <c>(±norm, 0)</c>; x becomes v with <c>H = I − τ(1, v)(1, v)ᵀ</c>, and τ is returned.</summary>
    static double Reflector(double* head, double* x, int length)
    {
        var square = Product(x, x, length);
        var scale = 1.0;
        if (!(square >= Smallest && square <= Largest))
        {
            var largest = 0.0;
            for (var i = 0; i < length; i++) { largest = Math.Max(largest, Math.Abs(x[i])); }
            if (largest == 0) { return 0; }
            if (double.IsFinite(largest))
            {
                scale = largest;
                for (var i = 0; i < length; i++) { x[i] /= scale; }
                square = Product(x, x, length);
            }
        }
        var alpha = *head / scale;
        var beta = -Math.CopySign(Hypotenuse(alpha, square), alpha);
        var factor = 1 / (alpha - beta);
        for (var i = 0; i < length; i++) { x[i] *= factor; }
        *head = beta * scale;
        return (beta - alpha) / beta;
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
        w[0] = TLanes.Sum(s00); w[1] = TLanes.Sum(s10); w[2] = TLanes.Sum(s20); w[3] = TLanes.Sum(s30);
        w[4] = TLanes.Sum(s01); w[5] = TLanes.Sum(s11); w[6] = TLanes.Sum(s21); w[7] = TLanes.Sum(s31);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Product(double* x, double* y, int length)
    {
        var sum = TLanes.Broadcast(0);
        for (var i = 0; i < length; i += TLanes.Count) { sum = TLanes.MultiplyAdd(TLanes.Load(x + i), TLanes.Load(y + i), sum); }
        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Axpy(double a, double* x, double* y, int length)
    {
        var factor = TLanes.Broadcast(a);
        for (var i = 0; i < length; i += TLanes.Count) { TLanes.Store(TLanes.MultiplyAdd(factor, TLanes.Load(x + i), TLanes.Load(y + i)), y + i); }
    }
}
