using System.Globalization;
using FisherFlow.Data.Sources;

namespace FisherFlow.Data;

/// <summary>Passes over the data.</summary>
public sealed partial class Training
{
    /// <summary>Learns from another source where the last one ended.</summary>
    /// <exception cref="DataException">The source is already inside, does not fit the model, or the steps diverged.</exception>
    public void Update(DataSource source, IProgress<FitProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        Learn(source, source.Open(), progress, cancel);
        RequireOnItsWay();
    }

    void Learn(DataSource source, RecordReader reader, IProgress<FitProgress>? progress, CancellationToken cancel)
    {
        using var blocks = new EncodedBlocks(reader, _encoder, _model, 0, 0, Options.Data.Estimator.Threads);
        var known = SourceHistory.Fingerprints(_sources);
        var watch = new LossWatch(_trainer, progress, reader.TotalBytes);
        while (blocks.Next(cancel) is { } block)
        {
            SourceHistory.RequireNew(source, block.Fingerprints, known);
            _trainer.Learn(block.Rows);
            watch.After(block);
            Rejections.Merge(block.Rejections);
        }
        SourceHistory.RequireNew(source, reader.Fingerprints, known);
        _sources.Add(new(source.Name, reader.Records, [.. reader.Fingerprints], IsComplete: true));
        if (_trainer.Responses.Observations + _trainer.Responses.ZeroWeights == 0) { throw SourceHistory.NoRows(source, Rejections); }
        _passes = Math.Max(1, _passes);
        (_loss, _lastLoss) = (watch.Mean, watch.LastHalf);
    }

    void LearnAgain(DataSource source, IProgress<FitProgress>? progress, CancellationToken cancel)
    {
        RequireOnItsWay();
        var (loss, rows) = (_trainer.Loss, _trainer.Rows);
        using var blocks = new EncodedBlocks(source.Open(), _encoder, _model, 0, 0, Options.Data.Estimator.Threads);
        _passes++;
        var total = source.TotalBytes();
        while (blocks.Next(cancel) is { } block)
        {
            _trainer.Learn(block.Rows, again: true);
            progress?.Report(new(_trainer.Rows, block.BytesRead, total, _passes, null, null));
        }
        _lastLoss = _trainer.Rows > rows ? (_trainer.Loss - loss) / (_trainer.Rows - rows) : null;
    }

    /// <summary>Steps that are too long do not fail by themselves: their losses do.</summary>
    void RequireOnItsWay()
    {
        var stuck = 2 * _trainer.Failures > _trainer.Steps;
        if (!stuck && !(_lastLoss is { } loss && Reference.IsLost(loss))) { return; }
        var what = stuck
            ? $"{_trainer.Failures} of {_trainer.Steps + _trainer.Failures} batches had a likelihood or a step that is not finite"
            : string.Create(CultureInfo.InvariantCulture, $"the loss is {_lastLoss:G4} a row at the end, and a constant has {NullLoss:G4}");
        throw new DataException($"the training diverged: {what}. Take a smaller rate ({(Options.Step is { } step ? "--step " + step : Options.Preset)!.Split(':')[0]}:RATE, now {_trainer.Method.Step.Rate}), "
            + "bring the columns to a common scale, or take --preset implicit-sgd, which no rate throws off");
    }
}

/// <summary>Watches the loss of rows before they are learned, and tells of it at 1, 2, 4, 8 … rows.</summary>
sealed class LossWatch(Optimisation.Trainer trainer, IProgress<FitProgress>? progress, long? totalBytes)
{
    readonly (double Loss, long Rows) _start = (trainer.Loss, trainer.Rows);
    (double Loss, long Rows) _last = (trainer.Loss, trainer.Rows);
    (double Loss, long Rows) _before = (trainer.Loss, trainer.Rows);
    long _next = 1;

    /// <summary>The mean loss since the start, or null.</summary>
    public double? Mean => Since(_start);

    /// <summary>The mean loss over the last half of the rows at least, or null.</summary>
    public double? LastHalf => Since(_before);

    /// <summary>Tells of a block that was learned.</summary>
    public void After(EncodedBlock block)
    {
        var rows = trainer.Rows - _start.Rows;
        if (rows < _next)
        {
            progress?.Report(new(rows, block.BytesRead, totalBytes, 1, null, null));
            return;
        }
        while (_next <= rows) { _next *= 2; }
        progress?.Report(new(rows, block.BytesRead, totalBytes, 1, Mean, Since(_last)));
        (_before, _last) = (_last, (trainer.Loss, trainer.Rows));
    }

    double? Since((double Loss, long Rows) then) => trainer.Rows == then.Rows ? null : (trainer.Loss - then.Loss) / (trainer.Rows - then.Rows);
}
