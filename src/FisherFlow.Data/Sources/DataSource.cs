namespace FisherFlow.Data.Sources;

/// <summary>What to read.</summary>
public sealed class DataSource
{
    readonly Stream _input;

    DataSource(Stream input) => _input = input;

    /// <summary>Reads delimited text from a stream, as from standard input.</summary>
    public static DataSource FromStandardInput(Stream input) => new(input);

    /// <summary>Opens the source.</summary>
    public RecordReader Open() => new(_input);
}
