using FisherFlow.Data.Design;
using FisherFlow.Data.Sources;
using FisherFlow.Data.States;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Data;

/// <summary>States and predictions.</summary>
public sealed partial class Training
{
    /// <summary>What a state of this kind begins with; those of a regression begin with who wrote them.</summary>
    internal const string Marker = "trajectory";

    const int RowsAtOnce = 1024;

    /// <summary>Why a state of this kind is none of a regression.</summary>
    internal const string NoRegression = "it was trained by a method of the trajectory regime, which has estimates and predictions but no standard errors, and cannot be merged";

    /// <summary>Writes the state to a file.</summary>
    public void Save(string path)
    {
        var writer = new StateWriter();
        writer.Write(Marker);
        writer.Write(CreatedBy);
        writer.Write(Formula);
        Options.Data.Save(writer);
        writer.Write(Options.Preset);
        writer.Write(Options.Step);
        writer.Write(Options.BatchRows);
        writer.Write(Options.Epochs);
        writer.Write(_passes);
        writer.Write(_loss ?? double.NaN);
        writer.Write(_lastLoss ?? double.NaN);
        _encoder.Save(writer);
        _trainer.Save(writer);
        Rejections.Save(writer);
        writer.Write(_sources.Count);
        foreach (var source in _sources)
        {
            writer.Write(source.Name);
            writer.Write(source.Records);
            writer.Write(source.Fingerprints);
        }
        StateFile.Write(path, Version.Producer, writer.Written);
    }

    /// <summary>Reads a state, or null when it is that of a regression.</summary>
    /// <exception cref="DataException">The file is missing, damaged, or written by a newer version.</exception>
    public static Training? TryLoad(string path)
    {
        try
        {
            var reader = StateFile.Read(path).Payload;
            return reader.ReadText() == Marker ? Read(reader) : null;
        }
        catch (InvalidDataException damage)
        {
            throw new DataException($"{path} cannot be read as a state: {damage.Message}", damage);
        }
    }

    static Training Read(StateReader reader)
    {
        var (createdBy, formula, data) = (reader.ReadText(), reader.ReadText(), RegressionOptions.Load(reader));
        var options = new TrainingOptions { Data = data, Preset = reader.ReadOptionalText(), Step = reader.ReadOptionalText(), BatchRows = reader.ReadInt32(), Epochs = reader.ReadInt32() };
        var (passes, loss, last) = (reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble());
        var training = new Training(formula, options, DesignEncoder.Load(reader), createdBy) { _passes = passes, _loss = Known(loss), _lastLoss = Known(last) };
        training._trainer.Load(reader);
        training.Rejections = RejectionLog.Load(reader);
        var sources = reader.ReadInt32();
        for (var i = 0; i < sources; i++) { training._sources.Add(new(reader.ReadText(), reader.ReadInt64(), reader.ReadTexts(), IsComplete: true)); }
        return training;
    }

    static double? Known(double value) => double.IsNaN(value) ? null : value;

    /// <summary>Writes a line of CSV for every record, in its order, as <see cref="Regression.Predict"/> does; errors and limits are empty.</summary>
    /// <param name="source">What to predict.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="append">Whether the input's columns come first.</param>
    /// <param name="cancel">Stops between blocks.</param>
    /// <returns>What could not be predicted and why.</returns>
    /// <exception cref="DataException">The source lacks a column of the formula, or cannot be read.</exception>
    public RejectionLog Predict(DataSource source, TextWriter output, bool append = false, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var shape = new ModelShape(Schema.DenseColumns, Schema.Columns.Count, Math.Max(1, Schema.Outcomes.Count));
        var predictor = new PointPredictor(_model, shape, Wide(shape));
        using var reader = source.Open();
        _encoder.Bind(reader.Columns, needsResponse: false, reader.FileName);
        var lines = new PredictionLines(output, predictor.Means > 1 ? Schema.Outcomes : [], append ? reader.Columns : []);
        var block = _encoder.CreateBlock(RowsAtOnce);
        var means = new double[predictor.Means];
        var predictions = new Prediction[RowsAtOnce * predictor.Means];
        var log = new RejectionLog();
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            var isPredicted = _encoder.TryEncodePredictors(reader, block, out var rejection);
            lines.Add(reader, isPredicted);
            if (!isPredicted) { log.Add(rejection, reader.FileName, reader.Line, rejection.Column < 0 ? "" : reader.Columns[rejection.Column]); }
            if (block.Count == RowsAtOnce) { Flush(); }
        }
        Flush();
        return log;

        void Flush()
        {
            for (var row = 0; row < block.Count; row++)
            {
                predictor.Predict(block, row, means);
                for (var m = 0; m < means.Length; m++) { predictions[row * means.Length + m] = new(double.IsFinite(means[m]) ? means[m] : null, null, null, null); }
            }
            lines.Write(predictions.AsSpan(0, block.Count * means.Length), means.Length);
            block.Count = 0;
        }
    }
}
