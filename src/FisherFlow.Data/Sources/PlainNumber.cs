using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FisherFlow.Data.Sources;

/// <summary>Reads the numbers that fill files: at most 16 characters of digits with at most one point, behind a sign or none, all of them at once.</summary>
/// <remarks>
/// The characters are laid out as 16 digits, the point taken out, and summed pairwise; up to 2⁵³ the sum is exact, and one division by an exact power of
/// ten rounds correctly (Clinger 1990). Everything else, and every other processor, is <see cref="FieldParser.TryNumber"/>'s.
/// </remarks>
static class PlainNumber
{
    const int Width = 16;
    const ulong LargestExactInteger = 1UL << 53;

    static readonly double[] _powersOfTen = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>The number in bytes <paramref name="start"/> to <paramref name="end"/>; the 16 before the end must be there, whatever they hold.</summary>
    /// <returns>Whether it is such a number; else it may be one of another kind.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(byte[] bytes, int start, int end, out double value)
    {
        if (Ssse3.IsSupported && Sse41.IsSupported) { return TryReadVector(bytes, start, end, out value); }
        value = 0;
        return false;
    }

    static bool TryReadVector(byte[] bytes, int start, int end, out double value)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(bytes);
        int sign = Unsafe.Add(ref first, start);
        var length = end - start - (((sign - '+') & ~('-' - '+')) == 0 ? 1 : 0);   // no branch: signs come as they like, and a processor that guesses pays
        value = 0;
        if ((uint)(length - 1) >= Width || end < Width) { return false; }

        // The last characters stand at the end; what stands before the first one becomes zeros.
        var place = Vector128.Create((sbyte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        var text = Vector128.LoadUnsafe(ref first, (nuint)(end - Width));
        var before = Vector128.LessThan(place, Vector128.Create((sbyte)(Width - length))).AsByte();
        var digits = Vector128.AndNot(text - Vector128.Create((byte)'0'), before);
        var points = Vector128.AndNot(Vector128.Equals(text, Vector128.Create((byte)'.')), before);
        var point = points.ExtractMostSignificantBits();
        var decimals = 0;
        if (point != 0)
        {
            if ((point & (point - 1)) != 0 || length == 1) { return false; }
            var at = System.Numerics.BitOperations.TrailingZeroCount(point);
            decimals = Width - 1 - at;
            // Takes the byte before, up to the point's place: the point disappears, and at the front, where there is none (−1), comes a zero.
            digits = Ssse3.Shuffle(digits, (place + Vector128.LessThanOrEqual(place, Vector128.Create((sbyte)at))).AsByte());
        }
        var excess = Sse2.SubtractSaturate(digits, Vector128.Create((byte)9));
        if (!Sse41.TestZ(excess, excess)) { return false; }

        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((sbyte)10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1));
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create((short)100, 1, 100, 1, 100, 1, 100, 1));
        var packed = Sse41.PackUnsignedSaturate(fours, fours);
        var eights = Sse2.MultiplyAddAdjacent(packed.AsInt16(), Vector128.Create((short)10000, 1, 10000, 1, 10000, 1, 10000, 1)).AsUInt64().ToScalar();
        var number = (eights & uint.MaxValue) * 100_000_000 + (eights >> 32);
        if (number > LargestExactInteger) { return false; }
        var size = (long)number / _powersOfTen[decimals];
        value = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(size) | (sign == '-' ? 1L : 0) << 63);
        return true;
    }
}
