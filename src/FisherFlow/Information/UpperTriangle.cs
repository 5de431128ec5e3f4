using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>What can be read off an upper triangular <c>R [n, n]</c> with <c>RᵀR = I</c>.</summary>
static class UpperTriangle
{
    /// <summary><c>log det I = 2 Σ log |rᵢᵢ|</c>.</summary>
    /// <param name="upper">Upper triangle <c>[n, n]</c>.</param>
    /// <param name="n">Its size.</param>
    public static double LogDeterminant(ReadOnlySpan<double> upper, int n)
    {
        var sum = 0.0;
        for (var i = 0; i < n; i++) { sum += Math.Log(Math.Abs(upper[i * n + i])); }
        return 2 * sum;
    }

    /// <summary>The diagonal of <c>I⁻¹ = R⁻¹R⁻ᵀ</c>: squared norms of the rows of <c>R⁻¹</c>.</summary>
    /// <param name="upper">Upper triangle <c>[n, n]</c>, replaced by <c>R⁻¹</c>.</param>
    /// <param name="n">Its size.</param>
    /// <param name="diagonal">The diagonal <c>[n]</c>.</param>
    public static void InverseDiagonal(Span<double> upper, int n, Span<double> diagonal)
    {
        Kernels.InvertUpper(upper, n, n);
        for (var i = 0; i < n; i++) { diagonal[i] = TensorPrimitives.SumOfSquares(upper.Slice(i * n, n)[i..]); }
    }

    /// <summary>The symmetric matrix whose upper triangle is given.</summary>
    /// <param name="upper">Upper triangle <c>[n, n]</c>.</param>
    /// <param name="n">Its size.</param>
    public static double[,] Mirror(ReadOnlySpan<double> upper, int n)
    {
        var dense = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = i; j < n; j++) { dense[i, j] = dense[j, i] = upper[i * n + j]; }
        }
        return dense;
    }

    /// <summary><c>y ← I·x</c> for the symmetric matrix whose upper triangle is given.</summary>
    /// <param name="upper">Upper triangle <c>[n, n]</c>.</param>
    /// <param name="n">Its size.</param>
    /// <param name="x">A direction <c>[n]</c>.</param>
    /// <param name="y">The product <c>[n]</c>.</param>
    public static void Multiply(ReadOnlySpan<double> upper, int n, ReadOnlySpan<double> x, Span<double> y)
    {
        y.Clear();
        for (var i = 0; i < n; i++)
        {
            var row = upper.Slice(i * n, n)[i..];
            y[i] += TensorPrimitives.Dot(row, x[i..]);
            TensorPrimitives.MultiplyAdd(row[1..], x[i], y[(i + 1)..], y[(i + 1)..]);
        }
    }

    /// <summary>Transposes in place, by tiles.</summary>
    /// <param name="a">Matrix <c>[n, n]</c>.</param>
    /// <param name="n">Its size.</param>
    public static void Transpose(Span<double> a, int n)
    {
        const int Tile = 16;
        for (var top = 0; top < n; top += Tile)
        {
            for (var left = top; left < n; left += Tile)
            {
                for (var i = top; i < Math.Min(n, top + Tile); i++)
                {
                    for (var j = Math.Max(i + 1, left); j < Math.Min(n, left + Tile); j++)
                    {
                        (a[i * n + j], a[j * n + i]) = (a[j * n + i], a[i * n + j]);
                    }
                }
            }
        }
    }

    /// <summary>The upper triangle, row by row and nothing else, <c>[n(n + 1)/2]</c>.</summary>
    /// <param name="upper">Upper triangle <c>[n, n]</c>.</param>
    /// <param name="n">Its size.</param>
    public static double[] Pack(ReadOnlySpan<double> upper, int n)
    {
        var packed = new double[n * (n + 1) / 2];
        var at = 0;
        for (var i = 0; i < n; i++)
        {
            upper.Slice(i * n, n)[i..].CopyTo(packed.AsSpan(at));
            at += n - i;
        }
        return packed;
    }

    /// <summary>Undoes <see cref="Pack"/>.</summary>
    /// <param name="packed">Upper triangle <c>[n(n + 1)/2]</c>.</param>
    /// <param name="n">Its size.</param>
    /// <exception cref="InvalidDataException">The length is not that of <paramref name="n"/> parameters, or a number is not finite.</exception>
    public static double[] Unpack(ReadOnlySpan<double> packed, int n)
    {
        if (n < 0 || packed.Length != (long)n * (n + 1) / 2) { throw new InvalidDataException($"{n} parameters come with {packed.Length} numbers of a triangle"); }
        if (!RowCheck.IsFinite(packed)) { throw new InvalidDataException("the information holds a number that is not finite"); }
        var upper = new double[n * n];
        var at = 0;
        for (var i = 0; i < n; i++)
        {
            packed.Slice(at, n - i).CopyTo(upper.AsSpan(i * n + i));
            at += n - i;
        }
        return upper;
    }
}
