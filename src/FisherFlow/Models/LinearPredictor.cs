using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FisherFlow.Information;

namespace FisherFlow.Models;

/// <summary>Linear predictors of design rows, <c>η = offset + Xθ</c>.</summary>
static class LinearPredictor
{
    /// <summary>Fills <paramref name="eta"/> <c>[n]</c> from θ <c>[d]</c> and offsets <c>[n]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(in DesignRows rows, ReadOnlySpan<double> theta, ReadOnlySpan<double> offset, Span<double> eta)
    {
        var k = rows.DenseColumns;
        offset[..rows.Count].CopyTo(eta);
        if (k > 0)
        {
            var coefficients = theta[..k];
            for (var i = 0; i < rows.Count; i++) { eta[i] += Dot(rows.Dense.Slice(i * k, k), coefficients); }
        }
        if (rows.Slots == 0) { return; }
        if (rows.Values.IsEmpty) { AddLevels(rows, theta, eta); }
        else { AddSlots(rows, theta, eta); }
    }

    /// <summary>A dot product in four fixed lanes, so that its bits do not depend on the machine's vector width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        var sums = Vector256<double>.Zero;
        var j = 0;
        for (; j <= x.Length - 4; j += 4) { sums += Vector256.LoadUnsafe(ref a, (nuint)j) * Vector256.LoadUnsafe(ref b, (nuint)j); }
        var s0 = sums[0];
        for (; j < x.Length; j++) { s0 += Unsafe.Add(ref a, j) * Unsafe.Add(ref b, j); }
        return s0 + sums[1] + (sums[2] + sums[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddLevels(in DesignRows rows, ReadOnlySpan<double> theta, Span<double> eta)
    {
        var m = rows.Slots;
        var indices = rows.Indices;
        for (var i = 0; i < rows.Count; i++)
        {
            var sum = eta[i];
            foreach (var index in indices.Slice(i * m, m))
            {
                if (index >= 0) { sum += theta[index]; }
            }
            eta[i] = sum;
        }
    }

    static void AddSlots(in DesignRows rows, ReadOnlySpan<double> theta, Span<double> eta)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            for (var s = i * rows.Slots; s < (i + 1) * rows.Slots; s++)
            {
                if (rows.Indices[s] >= 0) { eta[i] += theta[rows.Indices[s]] * rows.Values[s]; }
            }
        }
    }
}
