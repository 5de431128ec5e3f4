using System.Globalization;
using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>The cells of a coefficient table as R's <c>printCoefmat</c> writes them, limits included.</summary>
/// <remarks>Estimates and standard errors share their decimals: as many as show four digits of the one that needs most.</remarks>
sealed class CoefficientCells
{
    const int Digits = 4;
    const int StatisticDigits = 3;
    const string Missing = "NA";

    /// <summary>Formats the lines of a table.</summary>
    public CoefficientCells(IReadOnlyList<Coefficient> coefficients, FitResult result)
    {
        StatisticName = result.DispersionEstimated ? "t value" : "z value";
        PValueName = result.DispersionEstimated ? "Pr(>|t|)" : "Pr(>|z|)";
        LowerName = Percent((1 - result.Level) / 2);
        UpperName = Percent((1 + result.Level) / 2);
        var shown = coefficients.Where(c => c.Status == CoefficientStatus.Ok).ToList();
        var sizes = Rounded([.. shown.SelectMany(c => (double?[])[c.Estimate, c.StandardError]).OfType<double>()]);
        var size = SignificantFormat.For(sizes, Digits);
        var limit = size.Exponent ? SignificantFormat.For([.. shown.SelectMany(c => (double?[])[c.Lower, c.Upper]).OfType<double>()], Digits) : size;
        var statistic = SignificantFormat.For([.. shown.Select(c => c.Statistic).OfType<double>().Select(x => SignificantFormat.Round(x, StatisticDigits))], Digits);
        var p = PValueFormat.Column([.. coefficients.Select(c => c.PValue)]);
        Rows = [.. coefficients.Select((c, i) => (string[])
        [
            c.Status == CoefficientStatus.Separated ? c.Estimate < 0 ? "-Inf" : "Inf" : Size(c.Estimate, size),
            Size(c.StandardError, size), Cell(c.Lower, limit), Cell(c.Upper, limit), Cell(c.Statistic, statistic), p[i] ?? Missing,
        ])];
        Stars = [.. coefficients.Select(c => PValueFormat.Stars(c.PValue))];
    }

    /// <summary>Header of the statistic.</summary>
    public string StatisticName { get; }

    /// <summary>Header of the p-value.</summary>
    public string PValueName { get; }

    /// <summary>Header of the lower limit.</summary>
    public string LowerName { get; }

    /// <summary>Header of the upper limit.</summary>
    public string UpperName { get; }

    /// <summary>Estimate, standard error, limits, statistic and p-value of each line.</summary>
    public IReadOnlyList<string[]> Rows { get; }

    /// <summary>Stars of each line.</summary>
    public IReadOnlyList<string> Stars { get; }

    /// <summary>Rounds to the decimals that show the smallest entry's leading digits, and no more.</summary>
    static double[] Rounded(double[] values)
    {
        var sizes = values.Where(x => x != 0).Select(Math.Abs).ToList();
        var leading = sizes.Count == 0 ? 1 : 1 + (int)Math.Floor(Math.Log10(sizes.Min()));
        var decimals = Math.Max(1, Digits - leading);
        return Array.ConvertAll(values, x => SignificantFormat.Round(x, decimals));
    }

    /// <summary>A number that a common format would show as zero gets one of its own, so that nothing looks like zero and is not.</summary>
    static string Size(double? value, SignificantFormat format)
    {
        var text = Cell(value, format);
        return value is { } x && x != 0 && !text.AsSpan().ContainsAnyInRange('1', '9') ? SignificantFormat.Format(x, Digits - 1) : text;
    }

    static string Cell(double? value, SignificantFormat format) => value is { } x ? format.Write(x) : Missing;

    static string Percent(double share) => (100 * share).ToString("0.##########", CultureInfo.InvariantCulture) + " %";
}
