using System.Numerics;

namespace FisherFlow.Data.Sources;

/// <summary>The double nearest to digits · 10^exponent, ties to even.</summary>
/// <remarks>
/// The digits are multiplied by a 128-bit approximation of 5^exponent; 64 or 128 bits of the product decide the rounding in every case.
/// Sources: Lemire (2021), Number parsing at a gigabyte per second, algorithm 1; Mushtak and Lemire (2023), Fast number parsing without fallback, theorem 1.
/// </remarks>
static class DecimalRounding
{
    /// <summary>Below, even 2⁶⁴ · 10^exponent is less than half of the smallest double.</summary>
    const int SmallestExponent = -342;

    /// <summary>Above, even 10^exponent is beyond the largest double.</summary>
    const int LargestExponent = 308;

    const int MantissaBits = 52;
    const int ExponentBias = 1023;
    const int InfiniteExponent = 0x7ff;

    /// <summary>Bits of the product's upper half below the mantissa, a rounding bit and a bit for a leading zero; all ones: the lower half of the power counts too.</summary>
    const ulong LowBits = ulong.MaxValue >> (MantissaBits + 3);

    /// <summary>5^q from <see cref="SmallestExponent"/> on, as 128 bits of which the first is set; truncated, or rounded up where q &lt; 0.</summary>
    static readonly (ulong High, ulong Low)[] _powersOfFive = PowersOfFive();

    /// <summary>Rounds.</summary>
    /// <param name="digits">The digits as a whole number.</param>
    /// <param name="exponent">The power of ten it is multiplied by.</param>
    /// <returns>The nearest double; infinite beyond the largest.</returns>
    internal static double ToDouble(ulong digits, int exponent)
    {
        if (digits == 0 || exponent < SmallestExponent) { return 0; }
        if (exponent > LargestExponent) { return double.PositiveInfinity; }

        var zeros = BitOperations.LeadingZeroCount(digits);
        var (high, low) = Product(digits << zeros, _powersOfFive[exponent - SmallestExponent]);
        var upper = (int)(high >> 63);
        var shift = upper + 64 - MantissaBits - 3;
        var mantissa = high >> shift;                                    // 54 bits: the mantissa with its leading bit, and one for rounding
        var power = BinaryExponent(exponent) + upper - zeros + ExponentBias;
        if (power <= 0) { return Subnormal(mantissa, power); }

        // Only with small exponents can the digits lie exactly between two doubles; where the lower one is even, the rounding bit goes.
        if (low <= 1 && exponent is >= -4 and <= 23 && (mantissa & 3) == 1 && mantissa << shift == high) { mantissa--; }
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        if (mantissa >> (MantissaBits + 1) != 0)
        {
            mantissa >>= 1;
            power++;
        }
        if (power >= InfiniteExponent) { return double.PositiveInfinity; }
        return BitConverter.UInt64BitsToDouble((mantissa & ~(1UL << MantissaBits)) | ((ulong)power << MantissaBits));
    }

    static double Subnormal(ulong mantissa, int power)
    {
        if (1 - power >= 64) { return 0; }
        mantissa >>= 1 - power;
        mantissa = (mantissa + (mantissa & 1)) >> 1;

        // Rounded up to 2⁵², it is the smallest normal number, and its bits are those of one.
        return BitConverter.UInt64BitsToDouble(mantissa);
    }

    static (ulong High, ulong Low) Product(ulong digits, (ulong High, ulong Low) power)
    {
        var high = Math.BigMul(digits, power.High, out var low);
        if ((high & LowBits) == LowBits)
        {
            var carry = Math.BigMul(digits, power.Low, out _);
            low += carry;
            if (low < carry) { high++; }
        }
        return (high, low);
    }

    /// <summary>63 + ⌊log₂ 10^q⌋, exact for the exponents in use.</summary>
    static int BinaryExponent(int exponent) => ((217706 * exponent) >> 16) + 63;

    static (ulong High, ulong Low)[] PowersOfFive()
    {
        var powers = new (ulong, ulong)[LargestExponent - SmallestExponent + 1];
        var power = BigInteger.One;
        for (var q = 0; q <= Math.Max(LargestExponent, -SmallestExponent); q++, power *= 5)
        {
            if (q <= LargestExponent) { powers[q - SmallestExponent] = Leading128(power); }
            if (q > 0)
            {
                var bits = (int)(power - 1).GetBitLength();
                powers[-q - SmallestExponent] = Leading128((BigInteger.One << (q <= 27 ? bits + 127 : (2 * bits) + 128)) / power + 1);
            }
        }
        return powers;
    }

    static (ulong High, ulong Low) Leading128(BigInteger value)
    {
        var excess = (int)value.GetBitLength() - 128;
        value = excess > 0 ? value >> excess : value << -excess;
        return ((ulong)(value >> 64), (ulong)(value & ulong.MaxValue));
    }
}
