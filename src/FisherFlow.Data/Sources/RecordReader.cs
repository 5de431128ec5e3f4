using CsvHelper;

namespace FisherFlow.Data.Sources;

/// <summary>Reads the records of a <see cref="DataSource"/> one after the other; the fields are UTF-8 and stay in the read buffer.</summary>
/// <remarks>
/// The separator is found out (comma, semicolon, tab or |), quotes and line breaks in quotes are understood, empty lines are passed over, UTF-16 with a byte
/// order mark is transcoded, and gzip is known by its first bytes. <b>Memory</b>: a few buffers of 256 KiB. <b>Allocates</b>: nothing per record.
/// <b>Threads</b>: one at a time; with more than one processor packed files and pipes are read and unpacked on a thread of their own.
/// <para>Every method that reads throws <see cref="DataException"/> where the data cannot be read: gzip data that are damaged or end early, a quote that is
/// never closed, a record of more than 16 MiB, a file without header or with other columns, a source without any record.</para>
/// </remarks>
public sealed class RecordReader : IDisposable
{
    /// <summary>The largest record that is read, in bytes.</summary>
    internal const int MaximumRecordBytes = 16 * 1024 * 1024;

    const int BufferSize = 256 * 1024;
    const int MostBytesAside = 8 * 1024 * 1024;

    readonly DataSource _source;
    readonly CsvReaderOptions _options;
    readonly List<string> _fingerprints = [];
    readonly string[] _columns;
    readonly string _firstFile;
    CsvReader? _csv;
    RawInput? _input;
    int[]? _map;
    RecordBatch? _batch;
    bool _replaying;
    RecordBatch.Place _place;
    int _nextFile;
    long _bytesOfClosedFiles;
    long _recordsOfFile;
    long _recordsOfSource;
    long _unclosedQuoteLine;

    internal RecordReader(DataSource source)
    {
        _source = source;
        TotalBytes = source.TotalBytes();
        _options = new()
        {
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = MaximumRecordBytes,
            BufferSize = BufferSize,
            OnMalformedRecord = Note,
        };
        try
        {
            _columns = OpenNextFile();
            _firstFile = FileName;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A reader of what another one has set aside.</summary>
    internal RecordReader(RecordReader other)
    {
        (_source, _options, _columns, _firstFile) = (other._source, other._options, other._columns, other._firstFile);
    }

    /// <summary>The names of the columns, as in the header of the first file, without spaces around them; a column without a name is called column1, column2, … by its position.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>The fields of the current record, which may be more or fewer than the columns.</summary>
    public int FieldCount => _replaying ? _place.FieldCount : _csv?.FieldCount ?? 0;

    /// <summary>The line of its file at which the current record starts, from 1.</summary>
    public long Line => _replaying ? _place.Line : _csv?.LineNumber ?? 0;

    /// <summary>The file that the current record is in.</summary>
    public string FileName => _replaying ? _place.FileName : _input?.Name ?? _source.Name;

    /// <summary>Records read so far, over all files.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes read so far as they are stored (packed ones for gzip), for a progress bar; reading runs up to some blocks ahead of the records.</summary>
    public long BytesRead => _bytesOfClosedFiles + (_input?.BytesRead ?? 0);

    /// <summary>Bytes of all files as they are stored; null when standard input or a pipe is among them.</summary>
    public long? TotalBytes { get; }

    /// <summary>For every file opened so far, in that order: XxHash128, in hexadecimal digits, of its first 64 KiB as they are stored and nothing else.</summary>
    public IReadOnlyList<string> Fingerprints => _fingerprints;

    /// <summary>Looks at the coming records, which stay unread, and judges every column by them.</summary>
    /// <param name="records">The most records looked at; it may be fewer when they are large.</param>
    /// <returns>One profile for each column, in order.</returns>
    /// <remarks>The current record, if there is one, is moved past. Records with too few or too many fields are not judged.</remarks>
    /// <exception cref="DataException">The data cannot be read.</exception>
    public IReadOnlyList<ColumnProfile> Profile(int records = 1000)
    {
        _replaying = false;
        _batch ??= new();
        while (_batch.Waiting < records && !_batch.IsFull && ReadFile()) { Keep(_batch); }
        var profilers = Array.ConvertAll(_columns, name => new ColumnProfiler(name));
        var (first, last) = (_batch.Count - _batch.Waiting, _batch.Count - _batch.Waiting + Math.Min(records, _batch.Waiting));
        for (var record = first; record < last; record++)
        {
            if (_batch.MoveTo(record, _columns.Length).FieldCount != _columns.Length) { continue; }
            for (var column = 0; column < profilers.Length; column++) { profilers[column].Add(_batch.Field(column)); }
        }
        _batch.Rewind(first);
        return Array.ConvertAll(profilers, profiler => profiler.Profile());
    }

    /// <summary>Moves to the next record.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="DataException">The data cannot be read.</exception>
    public bool Read()
    {
        if (_batch is not null && Replay())
        {
            Records++;
            return true;
        }
        if (!ReadFile()) { return false; }
        Records++;
        return true;
    }

    /// <summary>A field of the current record.</summary>
    /// <param name="column">Its position in <see cref="Columns"/>.</param>
    /// <returns>UTF-8 text <c>[length]</c> without quotes around it and without spaces at its ends, valid until the next <see cref="Read"/>; empty where the record is too short.</returns>
    public ReadOnlySpan<byte> Field(int column)
    {
        if (_replaying) { return _batch!.Field(column); }
        if (_map is not null) { column = _map[column]; }
        return FieldParser.Trim(_csv!.GetSpan(column));
    }

    /// <summary>Passes over records, to go on where an earlier run stopped.</summary>
    /// <param name="records">How many.</param>
    /// <exception cref="DataException">There are not as many, or the data cannot be read.</exception>
    public void Skip(long records)
    {
        for (var i = 0L; i < records; i++)
        {
            if (!Read()) { throw new DataException($"{_source.Name} ends after {i} records, but {records} were read from it before; it is not the same any more"); }
        }
    }

    /// <summary>Reads the next records and sets them aside, for a reader on another thread.</summary>
    /// <param name="batch">Takes them; what it held is forgotten.</param>
    /// <param name="records">How many at most.</param>
    /// <returns>Whether there may be more: the batch has as many as it may hold.</returns>
    internal bool SetAside(RecordBatch batch, int records)
    {
        batch.Clear();
        while (batch.Count < records && batch.Length < MostBytesAside)
        {
            if (!Read()) { return false; }
            if (_replaying) { batch.Add(this); } else { Keep(batch); }
        }
        return true;
    }

    /// <summary>Turns to records that were set aside; <see cref="MoveTo"/> goes to one of them.</summary>
    internal void Take(RecordBatch batch)
    {
        (_batch, _replaying) = (batch, false);
    }

    /// <summary>Goes to one of the records that were set aside.</summary>
    internal void MoveTo(int record)
    {
        _place = _batch!.MoveTo(record, _columns.Length);
        _replaying = true;
    }

    /// <summary>The records that are read from memory; null when the current one is not.</summary>
    internal RecordBatch? Batch => _replaying ? _batch : null;

    /// <summary>Closes what is open.</summary>
    public void Dispose() => CloseFile();

    /// <summary>Keeps the record that the CSV reader is at.</summary>
    void Keep(RecordBatch batch)
    {
        if (_map is not null || !batch.TryAddWhole(_csv!, FileName)) { batch.Add(this); }
    }

    bool Replay()
    {
        if (_batch!.Waiting == 0)
        {
            (_batch, _replaying) = (null, false);
            return false;
        }
        _place = _batch.Next(_columns.Length);
        _replaying = true;
        return true;
    }

    /// <summary>Moves to the next record of the files, into the next file where one ends.</summary>
    bool ReadFile()
    {
        while (_csv is not null)
        {
            if (ReadRecord())
            {
                if (_csv.FieldCount == 1 && _columns.Length > 1 && FieldParser.Trim(_csv.GetSpan(0)).IsEmpty) { continue; }
                _recordsOfFile++;
                _recordsOfSource++;
                return true;
            }
            CloseFile();
            if (_nextFile < _source.Count) { _map = HeaderLine.Match(_columns, _firstFile, OpenNextFile(), FileName); }
        }
        return _recordsOfSource > 0 ? false : throw new DataException($"{_source.Name} has a header but no records");
    }

    bool ReadRecord()
    {
        try
        {
            if (!_csv!.Read()) { return false; }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or CsvFormatException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }
        if (_unclosedQuoteLine > 0)
        {
            throw new DataException($"{FileName} line {_unclosedQuoteLine}: a quote opens a field in the record that starts here and is never closed");
        }
        return true;
    }

    string[] OpenNextFile()
    {
        _input = _source.OpenInput(_nextFile++);
        _fingerprints.Add(_input.Fingerprint);
        _recordsOfFile = 0;
        var options = InputFormat.HasPaddedQuotes(_input) ? _options with { TrimWhitespace = true } : _options;
        _csv = CsvReader.Create(InputFormat.Open(_input), options, leaveOpen: false);
        if (!ReadRecord()) { throw new DataException($"{FileName} is empty; a line with the names of the columns was expected"); }
        var fields = new string[_csv.FieldCount];
        for (var i = 0; i < fields.Length; i++) { fields[i] = HeaderLine.Text(_csv.GetSpan(i)); }
        return HeaderLine.Names(FileName, fields);
    }

    void CloseFile()
    {
        _csv?.Dispose();
        _csv = null;
        _bytesOfClosedFiles += _input?.BytesRead ?? 0;
        _input?.Dispose();
        _input = null;
    }

    void Note(CsvMalformedRecord record)
    {
        // Text behind a closing quote and quotes within a field are taken as they stand; only a quote that swallows the rest of the file is fatal.
        if (record.Reason == CsvMalformedReason.UnterminatedQuote) { _unclosedQuoteLine = record.LineNumber; }
    }

    DataException Unreadable(Exception exception) => exception switch
    {
        CsvFormatException format => new($"{FileName} line {format.LineNumber}: the record that starts here is longer than {MaximumRecordBytes >> 20} MiB; is a quote not closed, or is this not a text file?", exception),
        InvalidDataException => new($"{FileName}: the compressed data are damaged or end early; {_recordsOfFile} records were read before", exception),
        _ => new($"{FileName} cannot be read after {_recordsOfFile} records: {exception.Message}", exception),
    };
}
