using System.Text.Json;
using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Benchmarks;

/// <summary>One pass over rows that are in memory already, on one thread, table included: what bench/peers compares with its peers' fitting alone.</summary>
static class MemoryFit
{
    const int BlockRows = 4096;

    /// <summary>Prints the line of JSON that every peer prints; timed is the second of two fits, when everything is compiled.</summary>
    public static void Print(TextWriter output, string job, string path)
    {
        var specification = new ModelSpecification { Family = job == "gaussian" ? Family.Gaussian : Family.Binomial };
        var model = ModelFactory.Create(specification);
        var blocks = Read(path, specification.Family, model, out var schema);
        _ = Fit(blocks, model, specification, schema);
        var (wall, processor) = (System.Diagnostics.Stopwatch.GetTimestamp(), ThreadClock.Seconds());
        var fit = Fit(blocks, model, specification, schema);
        var (seconds, cpu) = (System.Diagnostics.Stopwatch.GetElapsedTime(wall).TotalSeconds, ThreadClock.Seconds() - processor);

        using var written = new MemoryStream();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteNumber("rows", fit.Observations);
            json.WriteNumber("fit_seconds", seconds);
            json.WriteNumber("fit_cpu", cpu);
            json.WriteStartArray("terms");
            foreach (var c in fit.Coefficients) { json.WriteStringValue(c.Term); }
            json.WriteEndArray();
            json.WriteStartArray("estimates");
            foreach (var c in fit.Coefficients) { json.WriteNumberValue(c.Estimate ?? 0); }
            json.WriteEndArray();
            json.WriteStartArray("std_errors");
            foreach (var c in fit.Coefficients) { json.WriteNumberValue(c.StandardError ?? 0); }
            json.WriteEndArray();
            json.WriteString("note", "one thread, one pass; warmed up by one fit");
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(written.ToArray()));
    }

    static FitResult Fit(List<Block> blocks, IModel model, ModelSpecification specification, DesignSchema schema)
    {
        var estimator = Estimator.Create(model, schema, new(), blocks[0], hasOffset: false);
        foreach (var block in blocks) { estimator.Observe(block); }
        var estimate = estimator.Solve(new Identification(schema, model));
        return Summary.Of(estimate, schema, model, specification, new() { Formula = "y ~ .", Method = "one-pass" }, new());
    }

    static List<Block> Read(string path, Family family, IModel model, out DesignSchema schema)
    {
        using var reader = DataSource.From([path]).Open();
        var encoder = DesignEncoder.Create(Formula.Parse("y ~ ."), reader.Profile(), new() { Family = family });
        encoder.Bind(reader.Columns);
        var blocks = new List<Block> { encoder.CreateBlock(BlockRows) };
        while (reader.Read())
        {
            if (blocks[^1].Count == BlockRows) { blocks.Add(encoder.CreateBlock(BlockRows)); }
            encoder.TryEncode(reader, blocks[^1], model, out _);
        }
        schema = encoder.Schema;
        return blocks;
    }
}
