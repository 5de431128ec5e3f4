using System.Globalization;
using System.Text;

namespace FisherFlow.Data.Formulas;

/// <summary>Numbers as R writes them in the names of terms: fixed notation unless the scientific one is shorter.</summary>
static class NumberSyntax
{
    public static string Write(double value)
    {
        if (value == 0) { return "0"; }
        var scientific = value.ToString("E14", CultureInfo.InvariantCulture);
        if (double.Parse(scientific, CultureInfo.InvariantCulture) != value) { scientific = value.ToString("E16", CultureInfo.InvariantCulture); }
        var e = scientific.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(scientific.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = scientific[..e].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        var shortest = new StringBuilder().Append(digits[0]);
        if (digits.Length > 1) { shortest.Append('.').Append(digits, 1, digits.Length - 1); }
        shortest.Append('e').Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture));
        var length = exponent < 0 ? digits.Length - exponent + 1 : Math.Max(exponent + 1, digits.Length + (digits.Length > exponent + 1 ? 1 : 0));
        return length <= shortest.Length ? Fixed(digits, exponent) : shortest.ToString();
    }

    static string Fixed(string digits, int exponent)
    {
        if (exponent < 0) { return "0." + new string('0', -exponent - 1) + digits; }
        return digits.Length <= exponent + 1 ? digits.PadRight(exponent + 1, '0') : digits.Insert(exponent + 1, ".");
    }
}
