using System.Globalization;

namespace FisherFlow.Data.Sources;

/// <summary>Reads numbers, dates, truth values and missing values from UTF-8 text, the same on every machine and in every language.</summary>
/// <remarks>Spaces and tabs around a value do not count. <b>Allocates</b>: nothing.</remarks>
public static class FieldParser
{
    /// <summary>Decimal digits that always fit 64 bits.</summary>
    const int MaximumDigits = 19;

    /// <summary>2⁵³: whole numbers up to here are doubles.</summary>
    const ulong LargestExactInteger = 1UL << 53;

    /// <summary>Powers of ten that are doubles, so that one multiplication or division of exact operands is correctly rounded (Clinger, 1990).</summary>
    static readonly double[] _exactPowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Reads a finite decimal number such as <c>12</c>, <c>-1.5</c>, <c>+1</c>, <c>.5</c> or <c>1e5</c>, rounded correctly.</summary>
    /// <param name="text">UTF-8 text <c>[length]</c>.</param>
    /// <param name="value">
    /// The number. Where the answer is no: 0 for what is not a number at all, and a value that is not finite for what stands for one
    /// (<c>inf</c>, <c>Infinity</c>, <c>nan</c> in any case, and numbers beyond the range of a double).
    /// </param>
    /// <returns>Whether the text is a finite number.</returns>
    /// <remarks>No hexadecimal digits, no thousands separators, no currency.</remarks>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double value)
    {
        text = Trim(text);
        var i = 0;
        var negative = false;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            negative = text[0] == (byte)'-';
            i = 1;
        }

        ulong mantissa = 0;
        var start = i;
        uint digit;
        for (; i < text.Length && (digit = text[i] - (uint)'0') <= 9; i++) { mantissa = (mantissa * 10) + digit; }
        var digits = i - start;
        var exponent = 0;
        if (i < text.Length && text[i] == (byte)'.')
        {
            start = ++i;
            for (; i < text.Length && (digit = text[i] - (uint)'0') <= 9; i++) { mantissa = (mantissa * 10) + digit; }
            exponent = start - i;
            digits -= exponent;
        }
        if (digits == 0) { return NotDecimal(text, out value); }
        if (i < text.Length && !AddExponent(text[i..], ref exponent))
        {
            value = 0;
            return false;
        }
        if (digits > MaximumDigits && digits - LeadingZeros(text) > MaximumDigits) { return ManyDigits(text, out value); }
        value = mantissa <= LargestExactInteger && exponent is <= 0 and >= -22
            ? mantissa / _exactPowersOfTen[-exponent]
            : DecimalRounding.ToDouble(mantissa, exponent);
        if (negative) { value = -value; }
        return double.IsFinite(value);
    }

    /// <summary>Whether a field stands for "no value": nothing, <c>NA</c>, <c>N/A</c>, <c>NaN</c>, <c>nan</c>, <c>null</c> or <c>NULL</c>.</summary>
    /// <param name="text">UTF-8 text <c>[length]</c>.</param>
    public static bool IsMissing(ReadOnlySpan<byte> text)
    {
        text = Trim(text);
        return text.Length switch
        {
            0 => true,
            2 => text.SequenceEqual("NA"u8),
            3 => text.SequenceEqual("NaN"u8) || text.SequenceEqual("nan"u8) || text.SequenceEqual("N/A"u8),
            4 => text.SequenceEqual("null"u8) || text.SequenceEqual("NULL"u8),
            _ => false,
        };
    }

    /// <summary>Reads a truth value: <c>true</c> or <c>false</c> in any case, <c>T</c> or <c>F</c>.</summary>
    /// <param name="text">UTF-8 text <c>[length]</c>.</param>
    /// <param name="value">The truth value.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryBoolean(ReadOnlySpan<byte> text, out bool value)
    {
        text = Trim(text);
        value = text.SequenceEqual("T"u8) || EqualsIgnoringCase(text, "true"u8);
        return value || text.SequenceEqual("F"u8) || EqualsIgnoringCase(text, "false"u8);
    }

    /// <summary>Reads a date <c>2001-01-31</c>, alone or followed by a space or <c>T</c> and a time <c>13:05</c>, <c>13:05:59</c> or <c>13:05:59.25</c>; a last <c>Z</c> is passed over.</summary>
    /// <param name="text">UTF-8 text <c>[length]</c>.</param>
    /// <param name="value">The date, of no particular time zone; fractions beyond 10⁻⁷ s are cut off.</param>
    /// <returns>Whether the text is a date that exists.</returns>
    public static bool TryDate(ReadOnlySpan<byte> text, out DateTime value)
    {
        value = default;
        text = Trim(text);
        if (text.Length < 10 || text[4] != (byte)'-' || text[7] != (byte)'-') { return false; }
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)) { return false; }
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) { return false; }
        var ticks = 0L;
        if (text.Length > 10 && !(text[10] is (byte)' ' or (byte)'T' && TryTime(text[11..], out ticks))) { return false; }
        value = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified).AddTicks(ticks);
        return true;
    }

    /// <summary>The text without the spaces and tabs around it.</summary>
    /// <param name="text">UTF-8 text <c>[length]</c>.</param>
    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        // Nearly every field starts and ends with something visible: two comparisons settle it.
        if (text.Length > 0 && text[0] > (byte)' ' && text[^1] > (byte)' ') { return text; }
        return text.Trim(" \t"u8);
    }

    static bool TryTime(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length > 0 && text[^1] == (byte)'Z') { text = text[..^1]; }
        if (text.Length < 5 || text[2] != (byte)':' || !Digits(text[..2], out var hour) || !Digits(text[3..5], out var minute)) { return false; }
        if (hour > 23 || minute > 59) { return false; }
        ticks = (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute);
        if (text.Length == 5) { return true; }
        if (text.Length < 8 || text[5] != (byte)':' || !Digits(text[6..8], out var second) || second > 59) { return false; }
        ticks += second * TimeSpan.TicksPerSecond;
        if (text.Length == 8) { return true; }
        if (text.Length < 10 || text[8] != (byte)'.') { return false; }
        var unit = TimeSpan.TicksPerSecond;
        foreach (var character in text[9..])
        {
            if (character - (uint)'0' > 9) { return false; }
            unit /= 10;
            ticks += unit * (character - '0');
        }
        return true;
    }

    static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var character in text)
        {
            if (character - (uint)'0' > 9) { return false; }
            value = (value * 10) + (character - '0');
        }
        return true;
    }

    /// <summary>Adds the exponent that a number ends with, such as <c>e-5</c>.</summary>
    static bool AddExponent(ReadOnlySpan<byte> text, ref int exponent)
    {
        // Far beyond every exponent with a meaning, and far from an overflow.
        const int Limit = 100_000;
        if (text[0] is not ((byte)'e' or (byte)'E')) { return false; }
        var i = text.Length > 1 && text[1] is (byte)'-' or (byte)'+' ? 2 : 1;
        if (i == text.Length) { return false; }
        var value = 0;
        for (; i < text.Length; i++)
        {
            var digit = text[i] - (uint)'0';
            if (digit > 9) { return false; }
            if (value < Limit) { value = (value * 10) + (int)digit; }
        }
        exponent += text[1] == (byte)'-' ? -value : value;
        return true;
    }

    static int LeadingZeros(ReadOnlySpan<byte> text)
    {
        var zeros = 0;
        foreach (var character in text)
        {
            if (character == (byte)'0') { zeros++; }
            else if (character is >= (byte)'1' and <= (byte)'9' or (byte)'e' or (byte)'E') { break; }
        }
        return zeros;
    }

    /// <summary>Numbers with more digits than 64 bits hold; their form has been checked, so the runtime is asked for the value only.</summary>
    static bool ManyDigits(ReadOnlySpan<byte> text, out double value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Style, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    static bool NotDecimal(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.Length == 0) { return false; }
        var rest = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (EqualsIgnoringCase(rest, "inf"u8) || EqualsIgnoringCase(rest, "infinity"u8)) { value = text[0] == (byte)'-' ? double.NegativeInfinity : double.PositiveInfinity; }
        else if (EqualsIgnoringCase(rest, "nan"u8)) { value = double.NaN; }
        return false;
    }

    static bool EqualsIgnoringCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(text, word);
}
