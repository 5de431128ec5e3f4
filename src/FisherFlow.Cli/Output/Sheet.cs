using System.Globalization;
using System.Text.Json;
using FisherFlow.Cli.Options;
using FisherFlow.Reports;

namespace FisherFlow.Cli.Output;

/// <summary>Rows of cells under names, written in any format; a cell is a text, a number, a truth value or null.</summary>
sealed record Sheet(string Name, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows)
{
    const int JsonVersion = 1;

    public void Write(TextWriter output, Format format)
    {
        switch (format)
        {
            case Format.Json: WriteJson(output); break;
            case Format.Csv: WriteLines(output, ",", cells => cells.Select(Quote)); break;
            case Format.Markdown: WriteMarkdown(output); break;
            default: WriteText(output); break;
        }
    }

    void WriteText(TextWriter output)
    {
        var lines = Rows.Select(row => row.Select(cell => Printable.OneLine(Print(cell))).ToArray()).Prepend([.. Columns]).ToList();
        var widths = Columns.Select((_, c) => lines.Max(line => line[c].Length)).ToArray();
        foreach (var line in lines) { output.WriteLine(string.Join("  ", line.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd()); }
    }

    void WriteMarkdown(TextWriter output)
    {
        static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(Printable.Markdown))} |";
        output.WriteLine(Row(Columns));
        output.WriteLine(Row(Columns.Select(_ => "---")));
        foreach (var row in Rows) { output.WriteLine(Row(row.Select(Print))); }
    }

    void WriteLines(TextWriter output, string separator, Func<IEnumerable<string>, IEnumerable<string>> dress)
    {
        output.WriteLine(string.Join(separator, dress(Columns)));
        foreach (var row in Rows) { output.WriteLine(string.Join(separator, dress(row.Select(Print)))); }
    }

    void WriteJson(TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", JsonVersion);
            json.WriteStartArray(Name);
            foreach (var row in Rows)
            {
                json.WriteStartObject();
                for (var c = 0; c < Columns.Count; c++) { WriteCell(json, Columns[c], row[c]); }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    static void WriteCell(Utf8JsonWriter json, string name, object? cell)
    {
        switch (cell)
        {
            case double number when double.IsFinite(number): json.WriteNumber(name, number); break;
            case long number: json.WriteNumber(name, number); break;
            case bool truth: json.WriteBoolean(name, truth); break;
            case string text: json.WriteString(name, text); break;
            default: json.WriteNull(name); break;
        }
    }

    static string Print(object? cell) => cell switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "yes" : "no",
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture)!,
    };

    static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
