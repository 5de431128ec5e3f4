using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Data;

/// <summary>Watches a fit: every row is predicted before it is learned, and the mean loss is told at 1, 2, 4, 8 … rows.</summary>
sealed class PrequentialLoss(Estimator estimator, IProgress<FitProgress> progress, long? totalBytes)
{
    double[]? _theta;
    ModelShape _shape;
    double _loss;
    double _lossSinceLast;
    long _rows;
    long _rowsSinceLast;
    long _next = 1;

    /// <summary>Predicts a block that is about to be learned.</summary>
    public void Before(EncodedBlock block)
    {
        if (_theta is null) { return; }
        var loss = estimator.Loss(block.Rows, _theta, _shape);
        if (!double.IsFinite(loss)) { return; }
        _loss += loss;
        _lossSinceLast += loss;
        _rows += block.Rows.Count;
        _rowsSinceLast += block.Rows.Count;
    }

    /// <summary>Tells of a block that was learned.</summary>
    public void After(EncodedBlock block, long rows)
    {
        if (rows < _next)
        {
            progress.Report(new(rows, block.BytesRead, totalBytes, 1, null, null));
            return;
        }
        while (_next <= rows) { _next *= 2; }
        progress.Report(new(rows, block.BytesRead, totalBytes, 1, Mean(_loss, _rows), Mean(_lossSinceLast, _rowsSinceLast)));
        (_lossSinceLast, _rowsSinceLast) = (0, 0);
        _theta = estimator.Preview(out _shape);
    }

    static double? Mean(double sum, long count) => count == 0 ? null : sum / count;
}
