using System.Globalization;

namespace FisherFlow.Reports;

/// <summary>Numbers of one column written alike: the fewest decimals that show a given number of significant digits everywhere, or exponents when those are shorter.</summary>
/// <remarks>R's rule for printing (R Language: <c>print.default</c>, argument digits), so that tables carry the digits an R user expects.</remarks>
readonly record struct SignificantFormat(int Decimals, bool Exponent)
{
    const int MostDecimals = 15;

    /// <summary>The format that fits all finite values <c>[n]</c> with <paramref name="digits"/> significant digits where needed.</summary>
    public static SignificantFormat For(ReadOnlySpan<double> values, int digits)
    {
        int decimals = 0, left = 1, mantissa = 1, largest = int.MinValue, smallest = int.MaxValue, negative = 0;
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) { continue; }
            var (power, significant) = Scientific(value, digits);
            if (value < 0) { negative = 1; }
            decimals = Math.Max(decimals, significant - power - 1);
            var whole = power + 1;
            if (power > 0 && Math.Abs(value) < Math.Pow(10, power)) { whole--; }   // rounding widened it in exponent form only
            left = Math.Max(left, (value < 0 ? 1 : 0) + Math.Max(1, whole));
            mantissa = Math.Max(mantissa, significant);
            largest = Math.Max(largest, power);
            smallest = Math.Min(smallest, power);
        }
        if (largest == int.MinValue) { return new(0, false); }
        var fixedWidth = left + decimals + (decimals > 0 ? 1 : 0);
        var exponentDigits = largest >= 100 || smallest <= -100 ? 3 : 2;
        var exponentWidth = negative + (mantissa > 1 ? mantissa + 1 : 1) + 2 + exponentDigits;
        return fixedWidth <= exponentWidth ? new(decimals, false) : new(mantissa - 1, true);
    }

    /// <summary>One value by itself.</summary>
    public static string Format(double value, int digits) => For([value], digits).Write(value);

    /// <summary>Writes a value in this format.</summary>
    public string Write(double value)
    {
        if (double.IsInfinity(value)) { return value > 0 ? "Inf" : "-Inf"; }
        if (!Exponent) { return WithoutNegativeZero(value.ToString("F" + Decimals, CultureInfo.InvariantCulture)); }
        var text = value.ToString("E" + Decimals, CultureInfo.InvariantCulture);   // 1.23E+004
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var power = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{text.AsSpan(0, e)}e{(power < 0 ? '-' : '+')}{Math.Abs(power):00}";
    }

    /// <summary>Rounds to decimals as a printed number is rounded; beyond the digits of a double it is the number itself.</summary>
    public static double Round(double value, int decimals) => decimals > MostDecimals || !double.IsFinite(value)
        ? value
        : double.Parse(value.ToString("F" + decimals, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Exponent and significant digits, trailing zeros dropped, of a value rounded to <paramref name="digits"/> digits.</summary>
    static (int Power, int Significant) Scientific(double value, int digits)
    {
        if (value == 0) { return (0, 1); }
        var text = Math.Abs(value).ToString("E" + (digits - 1), CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var significant = text[..e].Replace(".", "", StringComparison.Ordinal).TrimEnd('0').Length;
        return (int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), significant);
    }

    static string WithoutNegativeZero(string text) => text[0] == '-' && text.AsSpan(1).IndexOfAnyInRange('1', '9') < 0 ? text[1..] : text;
}
