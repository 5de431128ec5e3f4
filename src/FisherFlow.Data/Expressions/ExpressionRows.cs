using FisherFlow.Data.Sources;
using FisherFlow.Likelihoods;

namespace FisherFlow.Data.Expressions;

/// <summary>Reads a source into blocks of an expression's rows: encoded by threads that have a plan each, and judged by the estimator in the order of the stream.</summary>
sealed class ExpressionRows : RecordBlocks<ExpressionBlock, ExpressionPlan>
{
    readonly ExpressionPlan _plan;
    readonly LikelihoodEstimator _estimator;
    readonly bool _rejectInvalid;

    public ExpressionRows(RecordReader reader, ExpressionPlan plan, LikelihoodEstimator estimator, bool rejectInvalid, long skip)
        : base(Bound(reader, plan), 0, skip, estimator.Options.Threads) => (_plan, _estimator, _rejectInvalid) = (plan, estimator, rejectInvalid);

    /// <summary>Reads the next block; null when nothing was left, not even a rejected row.</summary>
    /// <exception cref="DataException">A row has no value under the model, unless such rows are to be rejected.</exception>
    public ExpressionBlock? Read(CancellationToken cancel)
    {
        var block = Next(cancel);
        block?.Judge(_estimator, Record, _rejectInvalid);
        return block;
    }

    protected override ExpressionBlock CreateBlock() => new(_plan.Width, LargestBlock);

    protected override int RecordsOf(long recordsBefore) => LargestBlock;

    protected override ExpressionPlan CreateEncoder() => Bound(_plan.Fork(), Reader);

    protected override void Encode(ExpressionBlock block) => block.Encode(_plan, Record, _rejectInvalid);

    protected override void Encode(ExpressionBlock block, ExpressionPlan encoder, RecordReader record) => block.Encode(encoder, record, _rejectInvalid);

    /// <summary>Nothing is left to settle: a plan knows all that there is to know from the start.</summary>
    protected override void Settle(ExpressionBlock block)
    {
    }

    static RecordReader Bound(RecordReader reader, ExpressionPlan plan)
    {
        Bound(plan, reader);
        return reader;
    }

    static ExpressionPlan Bound(ExpressionPlan plan, RecordReader reader)
    {
        plan.Bind(reader.Columns, needsResponse: true, reader.FileName);
        return plan;
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
        while (_rows!.Read(cancel) is { } block)
        {
            _seen += block.Weights.Length;
            progress?.Invoke(_pass, block.BytesRead);
            if (block.Weights.Length == 0) { continue; }
            rows = block.Rows;
            weights = block.Weights;
            return true;
        }
        rows = default;
        weights = default;
        return _seen == expected ? false : throw new DataException($"{source.Name} changed while it was read: {expected} rows in the first pass, {_seen} in pass {_pass}");
    }

    public void Dispose() => _rows?.Dispose();
}
