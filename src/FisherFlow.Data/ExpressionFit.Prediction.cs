using FisherFlow.Data.Design;
using FisherFlow.Data.Expressions;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;

namespace FisherFlow.Data;

/// <summary>Predictions for the rows of a source.</summary>
public sealed partial class ExpressionFit
{
    const int RowsAtOnce = 1024;

    /// <summary>Writes a line of CSV for every record, in its order: <c>estimate,std_error,lower,upper</c>; one that cannot be predicted is a line of empty fields.</summary>
    /// <param name="source">What to predict.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="options">Covariance, interval and level.</param>
    /// <param name="expression">What to compute of the parameters and columns; null for the mean that was fitted.</param>
    /// <param name="append">Whether the input's columns come first.</param>
    /// <param name="cancel">Stops between blocks.</param>
    /// <returns>What could not be predicted and why.</returns>
    /// <exception cref="NotSupportedException">A log-density has no mean of its own, and no expression was given.</exception>
    /// <exception cref="FormulaException">The expression cannot be read.</exception>
    /// <exception cref="DataException">The source lacks a column, or cannot be read.</exception>
    public RejectionLog Predict(DataSource source, TextWriter output, PredictionOptions options, string? expression = null, bool append = false, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (expression is null && Options.Formula is null)
        {
            throw new NotSupportedException("a log-density says how likely an observation is and has no mean to predict; say what to compute from its parameters and the columns, as in --predict \"a + b*x\"");
        }
        var estimate = Estimate();
        using var reader = source.Open();
        var plan = ExpressionPlan.ForValues(expression ?? RightSide(Options.Formula!), _plan.Parameters, reader.Profile());
        if (expression is not null && options.Interval == PredictionInterval.Observation) { throw new ArgumentException("limits for a new observation belong to the mean that was fitted: leave out --predict, or use --interval mean"); }
        plan.Bind(reader.Columns, needsResponse: false, reader.FileName);
        var predictor = new LikelihoodPredictor(estimate, _plan.Model, plan.Model, options);
        var lines = new PredictionLines(output, [], append ? reader.Columns : []);
        var (rows, predictions, count) = (new double[RowsAtOnce * Math.Max(1, plan.Width)], new Prediction[RowsAtOnce], 0);
        var log = new RejectionLog();
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            if (plan.TryEncode(reader, rows.AsSpan(count * plan.Width, plan.Width), needsResponse: false, out _, out var rejection))
            {
                lines.Add(reader, isPredicted: true);
                count++;
            }
            else
            {
                lines.Add(reader, isPredicted: false);
                log.Add(rejection, reader.FileName, reader.Line, rejection.Column < 0 ? "" : reader.Columns[rejection.Column]);
            }
            if (count == RowsAtOnce) { Flush(); }
        }
        Flush();
        return log;

        void Flush()
        {
            predictor.Predict(rows.AsSpan(0, count * plan.Width), predictions.AsSpan(0, count));
            lines.Write(predictions, 1);
            count = 0;
        }
    }

    /// <summary>The part of a formula behind its '~', which the parser has found to be the only one outside quotes.</summary>
    static string RightSide(string formula) => formula[(Formula.TildeOf(formula) + 1)..];
}
