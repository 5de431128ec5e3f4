using FisherFlow.Data;
using FisherFlow.Data.Expressions;
using FisherFlow.Data.Sources;
using FisherFlow.Likelihoods;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>Folded rows of likelihoods of one's own, asked again by a sample: how near the exact answer one pass and merging end, and whether the bound holds.</summary>
public sealed class LikelihoodAuditTests
{
    const int Buffer = 200;
    const int Buffers = 50;

    [Theory]
    [InlineData("rise", 20, 1000)]
    [InlineData("gumbel", 20, 1000)]
    [InlineData("gamma", 20, 1000)]
    public void Scratch(string name, int few, int many)
    {
        var (model, options) = Setting(name);
        var stamp = "";
        foreach (var sample in new[] { 10, 200, 1000, 0 })
        {
            var (distances, bounds, ratios, held, folded) = (new List<double>(), new List<double>(), new List<double>(), 0, 0);
            var n = Runs.Of(few, many);
            for (var run = 0; run < n; run++)
            {
                var rows = Draw(name, Buffer * Buffers, 100 + run);
                var exact = LikelihoodEstimatorTests.Of(model, rows, options with { BufferRows = 1_000_000 });
                var once = LikelihoodEstimatorTests.Of(model, rows, options with { BufferRows = Buffer, AuditRows = sample });
                Assert.True(exact.Converged && once.Converged, once.Failure);
                var a = LikelihoodEstimatorTests.Table(exact, model);
                var b = LikelihoodEstimatorTests.Table(once, model);
                var distance = Enumerable.Range(0, a.Count).Max(k => Math.Abs(a[k].Estimate!.Value - b[k].Estimate!.Value) / a[k].StandardError!.Value);
                var ratio = Enumerable.Range(0, a.Count).Max(k => Math.Abs(b[k].StandardError!.Value / a[k].StandardError!.Value - 1));
                distances.Add(distance);
                bounds.Add(once.DistanceBound);
                ratios.Add(ratio);
                held += once.DistanceBound >= distance - 1e-9 ? 1 : 0;
                folded += double.IsNaN(once.DistanceBound) ? 1 : 0;
            }
            stamp += $"\n{name} sample {sample}: distance mean {distances.Average():G3} max {distances.Max():G3}; bound mean {bounds.Average():G3} max {bounds.Max():G3}; held {held}/{n}; unknown {folded}; se off {ratios.Max():P2}";
        }
        Console.Error.WriteLine(stamp);
    }

    static (LikelihoodModel Model, LikelihoodOptions Options) Setting(string name) => name switch
    {
        "rise" => (Model(new() { Formula = "y ~ top * (1 - exp(-rate * x))", Parameters = "top, rate" }), new() { Start = [200, 0.001] }),
        "gumbel" => (Model(new() { LogDensity = "-log_s - (y - a - b*x) * exp(-log_s) - exp(-(y - a - b*x) * exp(-log_s))", Parameters = "a, b, log_s" }), new() { Start = [0, 0, 0] }),
        _ => (Model(new() { LogDensity = "k * (log(k) - a - b*x + log(y) - y * exp(-a - b*x)) - lgamma(k)", Parameters = "a, b, k > 0" }), new() { Start = [0, 0, 1] }),
    };

    static LikelihoodModel Model(ExpressionOptions options) => new ExpressionPlan(options, [new("x", ColumnKind.Numeric, []), new("y", ColumnKind.Numeric, [])]).Model;

    static double[] Draw(string name, int n, int seed)
    {
        var (random, rows) = (new Random(seed), new double[2 * n]);
        for (var i = 0; i < n; i++)
        {
            var x = SimulatedRows.Normal(random);
            rows[2 * i] = name == "rise" ? 100 + 1000 * random.NextDouble() : x;
            rows[2 * i + 1] = name switch
            {
                "rise" => 240 * (1 - Math.Exp(-0.002 * rows[2 * i])) + 40 * SimulatedRows.Normal(random),
                "gumbel" => 1 + x - 2 * Math.Log(-Math.Log(random.NextDouble())),
                "gamma" => Math.Exp(0.5 + x) / 3 * -Math.Log(random.NextDouble() * random.NextDouble() * random.NextDouble()),
                _ => 1 + 2 * x + 0.5 * SimulatedRows.Normal(random),
            };
        }
        return rows;
    }
}
