// Replaced at integration by the inference room (in the library itself).
using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>Text.</summary>
public static class TextReport
{
    /// <summary>Writes.</summary>
    public static void Write(FitResult result, TextWriter output) => output.WriteLine(result.Formula);
}

/// <summary>JSON.</summary>
public static class JsonReport
{
    /// <summary>Writes.</summary>
    public static void Write(FitResult result, TextWriter output) => output.WriteLine(result.Formula);
}

/// <summary>CSV.</summary>
public static class CsvReport
{
    /// <summary>Writes.</summary>
    public static void Write(FitResult result, TextWriter output) => output.WriteLine(result.Formula);
}

/// <summary>Markdown.</summary>
public static class MarkdownReport
{
    /// <summary>Writes.</summary>
    public static void Write(FitResult result, TextWriter output) => output.WriteLine(result.Formula);
}
