using System.Text;
using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Tests.Design;

/// <summary>A text, a formula and what comes of them.</summary>
sealed class Encoding : IDisposable
{
    public Encoding(string formula, string text, DesignOptions? options = null, int profiled = 1000, int capacity = 100)
    {
        Reader = Open(text);
        Encoder = DesignEncoder.Create(Formula.Parse(formula), Reader.Profile(profiled), options ?? new());
        Encoder.Bind(Reader.Columns);
        Block = Encoder.CreateBlock(capacity);
    }

    public RecordReader Reader { get; }

    public DesignEncoder Encoder { get; }

    public Block Block { get; private set; }

    public List<Rejection> Rejections { get; } = [];

    public AnyModel Model { get; init; } = new();

    public IEnumerable<string> ColumnNames => Enumerable.Range(0, Encoder.Schema.Columns.Count).Select(Encoder.Schema.Name);

    public static RecordReader Open(string text) => DataSource.FromStandardInput(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))).Open();

    /// <summary>Encodes all records.</summary>
    public static Encoding Of(string formula, string text, DesignOptions? options = null, AnyModel? model = null, int profiled = 1000)
    {
        var encoding = new Encoding(formula, text, options, profiled) { Model = model ?? new() };
        while (encoding.Reader.Read()) { encoding.Next(); }
        return encoding;
    }

    /// <summary>Encodes the record that the reader stands on.</summary>
    public bool Next()
    {
        var taken = Encoder.TryEncode(Reader, Block, Model, out var rejection);
        if (!taken) { Rejections.Add(rejection); }
        return taken;
    }

    /// <summary>A value of the over-complete design.</summary>
    public double Value(int row, int column) => ValueIn(Block, row, column);

    public static double ValueIn(Block block, int row, int column)
    {
        if (column < block.DenseColumns) { return block.Dense[(row * block.DenseColumns) + column]; }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] == column) { return block.Values.Length == 0 ? 1 : block.Values[s]; }
        }
        return 0;
    }

    /// <summary>The design row as <c>name=value</c> for everything but zeros.</summary>
    public string Row(int row)
    {
        var text = new StringBuilder();
        for (var c = 0; c < Encoder.Schema.Columns.Count; c++)
        {
            if (Value(row, c) != 0) { text.Append(text.Length > 0 ? " " : "").Append(Encoder.Schema.Name(c)).Append('=').Append(Value(row, c)); }
        }
        return text.ToString();
    }

    public void Dispose() => Reader.Dispose();
}
