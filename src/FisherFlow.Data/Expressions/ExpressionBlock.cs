using FisherFlow.Data.Sources;
using FisherFlow.Likelihoods;

namespace FisherFlow.Data.Expressions;

/// <summary>A block of an expression's rows, each with where it stood.</summary>
sealed class ExpressionBlock(int width, int records) : RecordBlock
{
    readonly double[] _rows = new double[records * width];
    readonly double[] _weights = new double[records];
    readonly int[] _records = new int[records];
    readonly bool[] _isPossible = new bool[records];
    int _count;

    /// <summary>The rows <c>[n, columns]</c>.</summary>
    public ReadOnlySpan<double> Rows => _rows.AsSpan(0, _count * width);

    /// <summary>Their weights <c>[n]</c>.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, _count);

    /// <summary>Encodes the records.</summary>
    public void Encode(ExpressionPlan plan, RecordReader record, bool rejectInvalid)
    {
        Begin(record);
        _count = 0;
        for (var i = 0; i < Source.Count; i++)
        {
            record.MoveTo(i);
            if (plan.TryEncode(record, _rows.AsSpan(_count * width, width), needsResponse: true, out _weights[_count], out var rejection))
            {
                _records[_count++] = i;
                continue;
            }
            if (rejection.Reason == RejectionReason.OutsideSupport && !rejectInvalid)
            {
                throw new DataException($"{record.FileName} line {record.Line}: the weight is '{rejection.Text}'; legal are numbers of at least 0. --invalid reject leaves such rows out");
            }
            Reject(record, rejection);
        }
    }

    /// <summary>Leaves out, or stops at, rows that the model gives no value.</summary>
    public void Judge(LikelihoodEstimator estimator, RecordReader record, bool rejectInvalid)
    {
        estimator.Judge(Rows, _isPossible.AsSpan(0, _count));
        if (!_isPossible.AsSpan(0, _count).Contains(false)) { return; }
        record.Take(Source);
        var (model, kept) = (estimator.Model, 0);
        for (var i = 0; i < _count; i++)
        {
            if (_isPossible[i])
            {
                _rows.AsSpan(i * width, width).CopyTo(_rows.AsSpan(kept * width));
                _weights[kept++] = _weights[i];
                continue;
            }
            record.MoveTo(_records[i]);
            var values = string.Join(", ", model.Columns.Select((name, c) => FormattableString.Invariant($"{name} = {_rows[(i * width) + c]:G6}")));
            if (!rejectInvalid)
            {
                var what = model.IsLeastSquares ? "mean" : "log-density";
                throw new DataException($"{record.FileName} line {record.Line}: the {what} is not a finite number for {values}. --invalid reject leaves such rows out; other starting values may help too");
            }
            Reject(record, new(RejectionReason.OutsideSupport, -1, values));
        }
        _count = kept;
    }
}
