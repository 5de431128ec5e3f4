using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>A result as JSON: a versioned contract, written field by field (docs/json.md).</summary>
public static class JsonReport
{
    /// <summary>Version of the contract; a field is never renamed or dropped under the same version.</summary>
    public const int Version = 1;

    static readonly JsonWriterOptions _layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a result as UTF-8.</summary>
    /// <param name="result">The result.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="command">The verb that made it.</param>
    public static void Write(FitResult result, Stream output, string command = "fit")
    {
        using var writer = new Utf8JsonWriter(output, _layout);
        Write(result, writer, command);
        writer.Flush();
        output.WriteByte((byte)'\n');
    }

    /// <summary>Writes a result as text.</summary>
    /// <param name="result">The result.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="command">The verb that made it.</param>
    public static void Write(FitResult result, TextWriter output, string command = "fit")
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, _layout)) { Write(result, writer, command); }
        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    static void Write(FitResult result, Utf8JsonWriter writer, string command)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", Version);
        writer.WriteString("command", command);
        writer.WriteString("formula", result.Formula);
        writer.WriteString("family", result.Family);
        writer.WriteString("link", result.Link);
        writer.WriteString("method", result.Method);
        writer.WriteStartArray("coefficients");
        foreach (var coefficient in result.Coefficients) { Write(coefficient, writer); }
        writer.WriteEndArray();
        writer.WriteString("covariance", result.Training is null ? ReportNames.Of(result.Covariance) : "none");
        WriteNumber(writer, "dispersion", result.Dispersion);
        WriteNumber(writer, "dispersion_parameter", result.DispersionParameter);
        WriteNumber(writer, "log_likelihood", result.LogLikelihood);
        WriteNumber(writer, "null_deviance", result.NullDeviance);
        WriteNumber(writer, "deviance", result.Deviance);
        WriteNumber(writer, "pearson_chi2", result.PearsonChiSquared);
        WriteNumber(writer, "aic", result.Aic);
        WriteNumber(writer, "bic", result.Bic);
        writer.WriteNumber("observations", result.Observations);
        writer.WriteNumber("rows_rejected", result.RowsRejected);
        WriteNumber(writer, "effective_observations", result.EffectiveObservations);
        writer.WriteNumber("df_residual", result.ResidualDegreesOfFreedom);
        writer.WriteNumber("rank", result.Rank);
        WriteNumber(writer, "condition_number", result.ConditionNumber);
        writer.WriteNumber("iterations", result.Iterations);
        writer.WriteNumber("passes", result.Passes);
        writer.WriteBoolean("converged", result.Converged);
        writer.WriteString("regime", result.Regime == Regime.Converged ? "converged" : "trajectory");
        WriteNumber(writer, "score_gauge", result.ScoreGauge);
        writer.WriteStartArray("warnings");
        foreach (var warning in result.Warnings) { writer.WriteStringValue(warning); }
        writer.WriteEndArray();
        WriteAdditions(result, writer);
        WriteChanges(result, writer);
        writer.WriteEndObject();
    }

    static void Write(Coefficient coefficient, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("term", coefficient.Term);
        if (coefficient.Outcome is not null) { writer.WriteString("outcome", coefficient.Outcome); }
        if (coefficient.Parameter is not null) { writer.WriteString("parameter", coefficient.Parameter); }
        WriteNumber(writer, "estimate", coefficient.Estimate);
        WriteNumber(writer, "std_error", coefficient.StandardError);
        WriteNumber(writer, "statistic", coefficient.Statistic);
        WriteNumber(writer, "p_value", coefficient.PValue);
        WriteNumber(writer, "lower", coefficient.Lower);
        WriteNumber(writer, "upper", coefficient.Upper);
        writer.WriteString("status", ReportNames.Of(coefficient.Status));
        writer.WriteEndObject();
    }

    /// <summary>Fields beyond the core of the contract: always last, always present.</summary>
    static void WriteAdditions(FitResult result, Utf8JsonWriter writer)
    {
        writer.WriteNumber("level", result.Level);
        writer.WriteNumber("df_null", result.NullDegreesOfFreedom);
        writer.WriteBoolean("dispersion_estimated", result.DispersionEstimated);
        WriteNumber(writer, "dispersion_parameter_std_error", result.DispersionParameterStandardError);
        WriteNumber(writer, "distance_bound", result.DistanceBound);
        WriteNumber(writer, "ridge", result.Ridge > 0 ? result.Ridge : null);
        writer.WriteBoolean("firth", result.Firth);
        WriteNumber(writer, "clusters", result.Clusters > 0 ? result.Clusters : null);
        if (result.Training is { } training) { WriteTraining(training, writer); }
        writer.WriteStartObject("references");
        foreach (var (factor, level) in result.References.Where(pair => pair.Key.Length > 0)) { writer.WriteString(factor, level); }
        writer.WriteEndObject();
        if (result.Coefficients.Any(c => c.Outcome is not null)) { writer.WriteString("reference_outcome", result.References[""]); }
        else { writer.WriteNull("reference_outcome"); }
        if (result.Structured is { } fit) { WriteStructure(fit, writer); }
        if (result.Parameters.Count > 0) { WriteParameters(result.Parameters, writer); }
        if (result.Mixture is not null) { WriteMixture(result, writer); }
        if (result.Convergence is not { } convergence) { return; }
        writer.WriteString("convergence", convergence);
        WriteNumber(writer, "relative_offset", result.RelativeOffset);
    }

    /// <summary>Fields that are there only where a fit did not keep the full expected information of all rows.</summary>
    static void WriteStructure(FitStructure fit, Utf8JsonWriter writer)
    {
        if (fit.Structure is not null)
        {
            writer.WriteString("structure", fit.Structure);
            writer.WriteBoolean("understates_variance", fit.UnderstatesVariance);
        }
        if (fit.Memory is not null) { writer.WriteString("memory", fit.Memory); }
        if (fit.Information is not null) { writer.WriteString("estimate", fit.Information); }
        if (fit.Damping is not null)
        {
            writer.WriteString("damping", fit.Damping);
            WriteNumber(writer, "damping_precision", fit.DampingPrecision);
        }
        if (fit.Epsilon > 0) { WriteNumber(writer, "epsilon", fit.Epsilon); }
        if (fit.HashedColumns > 0)
        {
            writer.WriteNumber("hashed_columns", fit.HashedColumns);
            writer.WriteNumber("hashed_met", fit.HashedMet);
            WriteNumber(writer, "hashed_prior", fit.HashedPrior);
        }
        if (fit.Information == "observed") { writer.WriteNumber("indefinite_batches", fit.Fallbacks); }
        if (fit.NotFinite > 0) { writer.WriteNumber("rows_not_finite", fit.NotFinite); }
        if (fit.TransferDiscount is not null) { WriteNumber(writer, "transfer_discount", fit.TransferDiscount); }
        if (fit.DriftIsEstimated) { writer.WriteBoolean("drift_estimated", true); }
    }

    /// <summary>A distribution's parameters, on their own scale where they are the same for every row.</summary>
    static void WriteParameters(IReadOnlyList<NaturalParameter> parameters, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("parameters");
        foreach (var parameter in parameters)
        {
            writer.WriteStartObject();
            writer.WriteString("name", parameter.Name);
            writer.WriteString("link", parameter.Link);
            WriteNumber(writer, "estimate", parameter.Estimate);
            WriteNumber(writer, "std_error", parameter.StandardError);
            WriteNumber(writer, "lower", parameter.Lower);
            WriteNumber(writer, "upper", parameter.Upper);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>What is said of a mixture as a whole.</summary>
    static void WriteMixture(FitResult result, Utf8JsonWriter writer)
    {
        var mixture = result.Mixture!;
        writer.WriteStartObject("mixture");
        writer.WriteNumber("components", mixture.Weights.Count);
        writer.WriteStartArray("information_shares");
        foreach (var share in mixture.InformationShares) { writer.WriteNumberValue(share); }
        writer.WriteEndArray();
        writer.WriteNumber("information_rank", mixture.Rank);
        writer.WriteNumber("parameters", mixture.Size);
        WriteNumber(writer, "advantage", mixture.Advantage);
        if (mixture.Refusal is { } refusal) { writer.WriteString("refusal", refusal); } else { writer.WriteNull("refusal"); }
        writer.WriteEndObject();
    }

    /// <summary>Changes, where somebody watched: an adaptive memory, which has forgotten what was before them, and a detector, which tells of them.</summary>
    static void WriteChanges(FitResult result, Utf8JsonWriter writer)
    {
        var forgotten = result.Structured?.Changes ?? [];
        if (result.Detector is null && forgotten.Count == 0) { return; }
        if (result.Detector is not null) { writer.WriteString("detector", result.Detector); }
        writer.WriteStartArray("changes");
        foreach (var change in forgotten)
        {
            writer.WriteStartObject();
            writer.WriteString("term", change.Term);
            writer.WriteNumber("since_row", change.Since);
            writer.WriteNumber("found_at_row", change.Found);
            writer.WriteEndObject();
        }
        foreach (var change in result.Changes)
        {
            writer.WriteStartObject();
            writer.WriteString("term", change.Term);
            if (change.Outcome is not null) { writer.WriteString("outcome", change.Outcome); }
            writer.WriteNumber("since_row", change.Row);
            writer.WriteNumber("found_at_row", change.FoundAt);
            WriteNumber(writer, "statistic", change.Statistic);
            WriteNumber(writer, "threshold", change.Threshold);
            writer.WriteString("method", change.Method);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    static void WriteTraining(TrainingSummary training, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("training");
        writer.WriteString("preset", training.Preset);
        writer.WriteString("method", training.Method);
        writer.WriteNumber("batch_rows", training.BatchRows);
        writer.WriteNumber("epochs", training.Epochs);
        writer.WriteNumber("steps", training.Steps);
        writer.WriteNumber("failures", training.Failures);
        WriteNumber(writer, "loss", training.Loss);
        WriteNumber(writer, "last_loss", training.LastLoss);
        WriteNumber(writer, "null_loss", training.NullLoss);
        writer.WriteEndObject();
    }

    static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } x && double.IsFinite(x)) { writer.WriteNumber(name, x); } else { writer.WriteNull(name); }
    }
}
