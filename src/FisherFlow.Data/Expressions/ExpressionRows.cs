using FisherFlow.Data.Sources;
using FisherFlow.Likelihoods;

namespace FisherFlow.Data.Expressions;

/// <summary>Reads a source into blocks of rows: encoded, judged, and with the position that a state can stop at.</summary>
sealed class ExpressionRows : IDisposable
{
    /// <summary>Rows of a full block.</summary>
    public const int LargestBlock = 4096;

    readonly ExpressionPlan _plan;
    readonly LikelihoodEstimator _estimator;
    readonly bool _rejectInvalid;
    readonly RecordReader _reader;
    readonly double[] _rows;
    readonly double[] _weights = new double[LargestBlock];
    readonly long[] _lines = new long[LargestBlock];
    readonly string[] _files = new string[LargestBlock];
    readonly bool[] _isPossible = new bool[LargestBlock];
    int _count;

    public ExpressionRows(RecordReader reader, ExpressionPlan plan, LikelihoodEstimator estimator, bool rejectInvalid, long skip)
    {
        (_reader, _plan, _estimator, _rejectInvalid) = (reader, plan, estimator, rejectInvalid);
        _rows = new double[LargestBlock * plan.Width];
        plan.Bind(reader.Columns, needsResponse: true, reader.FileName);
        if (skip > 0) { reader.Skip(skip); }
    }

    /// <summary>Rejections of the last block.</summary>
    public RejectionLog Rejections { get; private set; } = new();

    public RecordReader Reader => _reader;

    public ReadOnlySpan<double> Rows => _rows.AsSpan(0, _count * _plan.Width);

    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, _count);

    /// <summary>Reads the next block; false when nothing was left, not even a rejected row.</summary>
    /// <exception cref="DataException">A row has no value under the model, unless such rows are to be rejected.</exception>
    public bool Read(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        (_count, Rejections) = (0, new());
        while (_count < LargestBlock && _reader.Read())
        {
            if (_plan.TryEncode(_reader, _rows.AsSpan(_count * _plan.Width, _plan.Width), needsResponse: true, out _weights[_count], out var rejection))
            {
                (_lines[_count], _files[_count]) = (_reader.Line, _reader.FileName);
                _count++;
                continue;
            }
            if (rejection.Reason == RejectionReason.OutsideSupport && !_rejectInvalid)
            {
                throw new DataException($"{_reader.FileName} line {_reader.Line}: the weight is '{rejection.Text}'; legal are numbers of at least 0. --invalid reject leaves such rows out");
            }
            Rejections.Add(rejection, _reader.FileName, _reader.Line, rejection.Column < 0 ? "" : _reader.Columns[rejection.Column]);
        }
        var any = _count > 0 || Rejections.Count > 0;
        Judge();
        return any;
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Leaves out, or stops at, rows that the model gives no value.</summary>
    void Judge()
    {
        _estimator.Judge(Rows, _isPossible.AsSpan(0, _count));
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_isPossible[i])
            {
                _rows.AsSpan(i * _plan.Width, _plan.Width).CopyTo(_rows.AsSpan(kept * _plan.Width));
                _weights[kept++] = _weights[i];
                continue;
            }
            var values = string.Join(", ", _plan.Model.Columns.Select((name, c) => FormattableString.Invariant($"{name} = {_rows[(i * _plan.Width) + c]:G6}")));
            if (!_rejectInvalid)
            {
                var what = _plan.Model.IsLeastSquares ? "mean" : "log-density";
                throw new DataException($"{_files[i]} line {_lines[i]}: the {what} is not a finite number for {values}. --invalid reject leaves such rows out; other starting values may help too");
            }
            Rejections.Add(new(RejectionReason.OutsideSupport, -1, values), _files[i], _lines[i], "");
        }
        _count = kept;
    }
}

/// <summary>The same rows again and again, for exact fits.</summary>
sealed class RereadRows(DataSource source, ExpressionPlan plan, LikelihoodEstimator estimator, bool rejectInvalid, long expected, Action<int, long>? progress, CancellationToken cancel) : IRowSource, IDisposable
{
    ExpressionRows? _rows;
    long _seen;
    int _pass = 1;

    public void Rewind()
    {
        _rows?.Dispose();
        (_rows, _seen) = (new(source.Open(), plan, estimator, rejectInvalid, 0), 0);
        _pass++;
    }

    public bool TryRead(out ReadOnlySpan<double> rows, out ReadOnlySpan<double> weights)
    {
        while (_rows!.Read(cancel))
        {
            _seen += _rows.Weights.Length;
            progress?.Invoke(_pass, _rows.Reader.BytesRead);
            if (_rows.Weights.Length == 0) { continue; }
            rows = _rows.Rows;
            weights = _rows.Weights;
            return true;
        }
        rows = default;
        weights = default;
        return _seen == expected ? false : throw new DataException($"{source.Name} changed while it was read: {expected} rows in the first pass, {_seen} in pass {_pass}");
    }

    public void Dispose() => _rows?.Dispose();
}
