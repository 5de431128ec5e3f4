using System.Globalization;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Data;

/// <summary>Predictions for the rows of a source.</summary>
public sealed partial class Regression
{
    const int RowsAtOnce = 1024;

    /// <summary>Whether the model is a mixture, whose components a row may belong to.</summary>
    public bool IsMixture => _model is NormalMixture;

    /// <summary>Writes a line of CSV for every record, in its order: <c>estimate,std_error,lower,upper</c>, or a column <c>p[level]</c> for every outcome, or <c>p[k]</c> for every component of a mixture given the response.</summary>
    /// <remarks>A record that cannot be predicted (a missing value, an unknown level, an aliased coefficient) is a line of empty fields.</remarks>
    /// <param name="source">What to predict.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="options">Covariance, interval and level.</param>
    /// <param name="append">Whether the input's columns come first.</param>
    /// <param name="cancel">Stops between blocks.</param>
    /// <returns>What could not be predicted and why.</returns>
    /// <exception cref="DataException">The source lacks a column of the formula, or cannot be read.</exception>
    /// <exception cref="ArgumentException">The level is not between 0 and 1, or responsibilities are asked of what is no mixture.</exception>
    public RejectionLog Predict(DataSource source, TextWriter output, PredictionOptions options, bool append = false, CancellationToken cancel = default)
    {
        RequireCovariance(options.Covariance);
        var estimate = Estimate();
        var predictor = new Predictor(estimate, _model, Options.Model, options, new(estimate.Factor, estimate.Information));
        using var reader = source.Open();
        _encoder.Bind(reader.Columns, options.Responsibilities, reader.FileName);
        IReadOnlyList<string> outcomes = options.Responsibilities ? [.. Enumerable.Range(1, predictor.Means).Select(k => k.ToString(CultureInfo.InvariantCulture))] : predictor.Means > 1 ? Schema.Outcomes : [];
        var lines = new PredictionLines(output, outcomes, append ? reader.Columns : []);
        var block = _encoder.CreateBlock(RowsAtOnce);
        var predictions = new Prediction[RowsAtOnce * predictor.Means];
        var log = new RejectionLog();
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            if (_encoder.TryEncodePredictors(reader, block, out var rejection, options.Responsibilities))
            {
                lines.Add(reader, isPredicted: true);
            }
            else
            {
                lines.Add(reader, isPredicted: false);
                log.Add(rejection, reader.FileName, reader.Line, rejection.Column < 0 ? "" : reader.Columns[rejection.Column]);
            }
            if (block.Count == RowsAtOnce) { Flush(); }
        }
        Flush();
        return log;

        void Flush()
        {
            predictor.Predict(block, predictions.AsSpan(0, block.Count * predictor.Means));
            lines.Write(predictions, predictor.Means);
            block.Count = 0;
        }
    }

    /// <summary>What the estimator knows, solved in the coordinates of a table.</summary>
    /// <param name="references">Reference levels by factor, over those of the fit.</param>
    /// <exception cref="ArgumentException">A reference names a factor or a level that does not exist.</exception>
    public Estimate Estimate(IReadOnlyDictionary<string, string>? references = null) => Solve(Identify(references));

    /// <summary>Which parameters are free, and their order in a table.</summary>
    /// <param name="references">Reference levels by factor, over those of the fit.</param>
    /// <exception cref="ArgumentException">A reference names a factor or a level that does not exist.</exception>
    public Identification Identify(IReadOnlyDictionary<string, string>? references = null) => new(Schema, _model, Merged(Options.References, references));
}

/// <summary>The lines of a prediction: held back until their block is predicted, then written in order.</summary>
sealed class PredictionLines
{
    static readonly System.Buffers.SearchValues<char> _special = System.Buffers.SearchValues.Create(",\"\r\n");

    readonly TextWriter _output;
    readonly bool _append;
    readonly int _columns;
    readonly bool _hasOutcomes;
    readonly List<(string Prefix, bool IsPredicted)> _held = [];

    public PredictionLines(TextWriter output, IReadOnlyList<string> outcomes, IReadOnlyList<string> appended)
    {
        (_output, _append, _hasOutcomes) = (output, appended.Count > 0, outcomes.Count > 0);
        string[] names = _hasOutcomes ? [.. outcomes.Select(level => $"p[{level}]")] : ["estimate", "std_error", "lower", "upper"];
        _columns = names.Length;
        output.Write(string.Join(',', appended.Concat(names).Select(Quoted)));
        output.Write('\n');
    }

    public void Add(RecordReader record, bool isPredicted)
    {
        var prefix = "";
        if (_append)
        {
            var fields = new string[record.Columns.Count];
            for (var i = 0; i < fields.Length; i++) { fields[i] = Quoted(System.Text.Encoding.UTF8.GetString(record.Field(i))); }
            prefix = string.Join(',', fields) + ",";
        }
        _held.Add((prefix, isPredicted));
    }

    public void Write(ReadOnlySpan<Prediction> predictions, int means)
    {
        var next = 0;
        foreach (var (prefix, isPredicted) in _held)
        {
            _output.Write(prefix);
            if (!isPredicted)
            {
                for (var i = 1; i < _columns; i++) { _output.Write(','); }
            }
            else if (_hasOutcomes)
            {
                for (var i = 0; i < means; i++) { Number(predictions[next + i].Estimate, last: i == means - 1); }
                next += means;
            }
            else
            {
                var prediction = predictions[next++];
                Number(prediction.Estimate, last: false);
                Number(prediction.StandardError, last: false);
                Number(prediction.Lower, last: false);
                Number(prediction.Upper, last: true);
            }
            _output.Write('\n');
        }
        _held.Clear();
    }

    void Number(double? value, bool last)
    {
        if (value is { } number)
        {
            Span<char> text = stackalloc char[32];
            number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
            _output.Write(text[..length]);
        }
        if (!last) { _output.Write(','); }
    }

    static string Quoted(string text) => text.AsSpan().ContainsAny(_special) ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
