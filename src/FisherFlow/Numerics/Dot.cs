using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FisherFlow.Numerics;

/// <summary>Sums over vectors whose bits are the same on every processor.</summary>
/// <remarks>
/// Sixteen running sums, element i going to sum <c>i mod 16</c>, then a fixed tree over the sums, then the tail of fewer than sixteen elements in order.
/// Products are rounded before they are added (no fused multiply-add), so that width and instruction set cannot show.
/// </remarks>
static unsafe class Dot
{
    const int Lanes = 16;

    /// <summary><c>Σ xᵢyᵢ</c> for <paramref name="x"/> and <paramref name="y"/> of one length <c>[n]</c>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Product(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length) { throw new ArgumentException($"x has {x.Length} elements and y has {y.Length}; a dot product needs as many of each.", nameof(y)); }
        fixed (double* px = x, py = y) { return Product(px, py, x.Length); }
    }

    /// <summary><c>y ← y + a·x</c>, both <c>[n]</c>; each product is rounded before it is added.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Axpy(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        if (x.Length != y.Length) { throw new ArgumentException($"x has {x.Length} elements and y has {y.Length}; axpy needs as many of each.", nameof(y)); }
        fixed (double* px = x, py = y) { Axpy(a, px, py, x.Length); }
    }

    /// <summary><c>Σ xᵢyᵢ</c> over <paramref name="n"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Product(double* x, double* y, int n)
    {
        var i = 0;
        var sum = 0.0;
        if (n >= Lanes)
        {
            Vector256<double> s0, s1, s2, s3;
            if (Vector512.IsHardwareAccelerated)
            {
                Vector512<double> a = default, b = default;
                for (; i <= n - Lanes; i += Lanes)
                {
                    a += Vector512.Load(x + i) * Vector512.Load(y + i);
                    b += Vector512.Load(x + i + 8) * Vector512.Load(y + i + 8);
                }
                s0 = a.GetLower(); s1 = a.GetUpper(); s2 = b.GetLower(); s3 = b.GetUpper();
            }
            else
            {
                s0 = s1 = s2 = s3 = default;
                for (; i <= n - Lanes; i += Lanes)
                {
                    s0 += Vector256.Load(x + i) * Vector256.Load(y + i);
                    s1 += Vector256.Load(x + i + 4) * Vector256.Load(y + i + 4);
                    s2 += Vector256.Load(x + i + 8) * Vector256.Load(y + i + 8);
                    s3 += Vector256.Load(x + i + 12) * Vector256.Load(y + i + 12);
                }
            }
            var t = (s0 + s2) + (s1 + s3);
            sum = (t.GetElement(0) + t.GetElement(2)) + (t.GetElement(1) + t.GetElement(3));
        }
        var tail = 0.0;
        for (; i < n; i++) { tail += x[i] * y[i]; }
        return sum + tail;
    }

    /// <summary><c>y ← y + a·x</c> over <paramref name="n"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Axpy(double a, double* x, double* y, int n)
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var b = Vector512.Create(a);
            for (; i <= n - 8; i += 8) { (Vector512.Load(y + i) + Vector512.Load(x + i) * b).Store(y + i); }
        }
        else
        {
            var b = Vector256.Create(a);
            for (; i <= n - 4; i += 4) { (Vector256.Load(y + i) + Vector256.Load(x + i) * b).Store(y + i); }
        }
        for (; i < n; i++) { y[i] += a * x[i]; }
    }
}
