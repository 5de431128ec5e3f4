namespace FisherFlow.Reports;

/// <summary>Columns of text that line up: the first to the left, the others to the right, the last to the left when it holds stars.</summary>
sealed class TextTable(IReadOnlyList<string> header)
{
    readonly List<string[]> _rows = [];

    /// <summary>Adds a line; one cell a column.</summary>
    public void Add(params string[] cells) => _rows.Add(Array.ConvertAll(cells, Printable.OneLine));

    /// <summary>Writes the table, one space between columns and none at a line's end.</summary>
    public void Write(TextWriter output, bool starsLast)
    {
        var widths = new int[header.Count];
        foreach (var row in _rows.Prepend([.. header]))
        {
            for (var c = 0; c < widths.Length; c++) { widths[c] = Math.Max(widths[c], row[c].Length); }
        }
        foreach (var row in _rows.Prepend([.. header]))
        {
            var cells = row.Select((cell, c) => c == 0 || (starsLast && c == widths.Length - 1) ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]));
            output.Write(string.Join(' ', cells).TrimEnd());
            output.Write('\n');
        }
    }
}
