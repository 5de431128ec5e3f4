using System.Buffers;
using System.Globalization;
using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>The coefficient table as CSV (RFC 4180): full precision, empty fields where a number does not exist.</summary>
public static class CsvReport
{
    static readonly SearchValues<char> _special = SearchValues.Create(",\"\r\n");

    /// <summary>Writes <c>term[,outcome],estimate,std_error,statistic,p_value,lower,upper,status</c> and a line a coefficient; the outcome only for multinomial models, <c>parameter</c> in its place for distributions.</summary>
    /// <param name="result">The result.</param>
    /// <param name="output">Where it goes.</param>
    public static void Write(FitResult result, TextWriter output)
    {
        var part = result.Coefficients.Any(c => c.Outcome is not null) ? "outcome," : result.Parameters.Count > 0 ? "parameter," : "";
        output.Write($"term,{part}estimate,std_error,statistic,p_value,lower,upper,status\n");
        foreach (var c in result.Coefficients)
        {
            output.Write(Quoted(c.Term));
            if (part.Length > 0) { output.Write($",{Quoted(c.Outcome ?? c.Parameter ?? "")}"); }
            foreach (var value in (ReadOnlySpan<double?>)[c.Estimate, c.StandardError, c.Statistic, c.PValue, c.Lower, c.Upper])
            {
                output.Write(',');
                output.Write(value?.ToString("R", CultureInfo.InvariantCulture));
            }
            output.Write($",{ReportNames.Of(c.Status)}\n");
        }
    }

    static string Quoted(string text) => text.AsSpan().ContainsAny(_special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
