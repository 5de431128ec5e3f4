using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FisherFlow.Data;
using FisherFlow.Inference;

namespace FisherFlow.Cli.Output;

/// <summary>A comparison for programs: a versioned contract (docs/json.md).</summary>
static class ComparisonJson
{
    const int Version = 1;

    /// <summary>Writes it.</summary>
    public static void Write(ComparisonResult result, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("command", "compare");
            json.WriteString("formula", result.Formula);
            json.WriteString("family", result.Family);
            json.WriteString("link", result.Link);
            json.WriteNumber("observations", result.Rows);
            json.WriteNumber("rows_rejected", result.RowsRejected);
            json.WriteNumber("batch_rows", result.BatchRows);
            WriteNumber(json, "null_loss", result.NullLoss);
            json.WriteStartArray("methods");
            foreach (var contender in result.Contenders) { Write(json, contender); }
            json.WriteEndArray();
            json.WriteStartArray("warnings");
            foreach (var warning in result.Warnings) { json.WriteStringValue(warning); }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    static void Write(Utf8JsonWriter json, ContenderResult contender)
    {
        json.WriteStartObject();
        json.WriteString("name", contender.Name);
        json.WriteString("method", contender.Method);
        json.WriteString("regime", contender.Regime == Regime.Converged ? "converged" : "trajectory");
        WriteNumber(json, "loss", contender.Loss);
        WriteNumber(json, "last_loss", contender.LastLoss);
        json.WriteBoolean("diverged", contender.HasDiverged);
        json.WriteString("calibration", contender.Calibration?.Kind);
        WriteNumber(json, "calibration_value", contender.Calibration?.Value);
        json.WriteNumber("cpu_seconds", contender.Seconds);
        json.WriteNumber("state_bytes", contender.StateBytes);
        json.WriteStartArray("curve");
        foreach (var point in contender.Curve)
        {
            json.WriteStartObject();
            json.WriteNumber("rows", point.Rows);
            WriteNumber(json, "loss", point.Loss);
            WriteNumber(json, "loss_since_last", point.LossSinceLast);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } x && double.IsFinite(x)) { json.WriteNumber(name, x); } else { json.WriteNull(name); }
    }
}
