using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>What can be read off an upper triangular <c>R [n, n]</c> with <c>RᵀR = I</c>.</summary>
static class Triangular
{
    const double Epsilon = 2.220446049250313e-16;

    /// <summary>The relative size below which a pivot of <paramref name="n"/> parameters is rounding: <c>8nε</c>.</summary>
    public static double Rounding(int n) => 8 * n * Epsilon;

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
