using FisherFlow.Differentiation;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using static FisherFlow.Benchmarks.KernelData;

namespace FisherFlow.Benchmarks;

/// <summary>What a density written once costs beside a family written by hand: score and information of dense rows in memory, on one thread.</summary>
static class DensityTable
{
    const int Columns = 20;
    const int BlockRows = 2048;
    const int Repeats = 200;
    const int Rounds = 7;

    public static void Print(TextWriter output)
    {
        output.WriteLine($"{Columns} dense columns, {BlockRows} rows; clock: {ThreadClock.Describe()}, best of {Rounds} rounds of {Repeats} blocks");
        output.WriteLine();
        output.WriteLine("| model | score and information, ns a row | ratio | description alone, ns a row | bytes a row |");
        output.WriteLine("|---|---:|---:|---:|---:|");
        var block = Simulate(1);
        var logistic = Row(output, "logistic, built in", ModelFactory.Create(new() { Family = Family.Binomial }), block, null);
        Row(output, "logistic, from its log-density", new DistributionalModel<Logit>(default), block, logistic);
        Row(output, "geometric, of the gallery", DistributionCatalog.Create("geometric"), block, logistic);
        var gaussian = Row(output, "gaussian, built in", ModelFactory.Create(new()), block, null);
        var two = Simulate(2);
        var constant = new PredictorDesign(2, [3, .. Enumerable.Repeat(1, Columns - 1)], [], hasIntercept: true);
        Row(output, "normal, one scale", DistributionCatalog.Create("normal").With(constant), two, gaussian);
        Row(output, "normal, a scale for every row", DistributionCatalog.Create("normal").With(PredictorDesign.Common(2, Columns, 0)), two, gaussian);
    }

    static double Row(TextWriter output, string name, IModel model, Block block, double? baseline)
    {
        var theta = new double[model.Dimension(block.Shape)];
        var (workspace, evidence) = (new Workspace(), new FullInformation(theta.Length));
        var (whole, alone, bytes) = (double.PositiveInfinity, double.PositiveInfinity, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var sums = default(FitSums);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = ThreadClock.Seconds();
            for (var i = 0; i < Repeats; i++)
            {
                var working = model.Work(block, 0, BlockRows, block.Shape, theta, 0, default, ref sums, workspace);
                evidence.Add(working.Rows, working.Weights, working.Scores);
            }
            whole = Math.Min(whole, ThreadClock.Seconds() - start);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            start = ThreadClock.Seconds();
            for (var i = 0; i < Repeats; i++) { model.Work(block, 0, BlockRows, block.Shape, theta, 0, default, ref sums, workspace); }
            alone = Math.Min(alone, ThreadClock.Seconds() - start);
        }
        var rows = (double)BlockRows * Repeats;
        output.WriteLine($"| {name} | {whole / rows * 1e9:F1} | {whole / (baseline ?? whole):F2} | {alone / rows * 1e9:F1} | {bytes / rows:F2} |");
        return whole;
    }

    static Block Simulate(int outcomes)
    {
        var block = new Block(BlockRows, Columns, 0, false, false, false) { Count = BlockRows, Outcomes = outcomes };
        Numbers(BlockRows * Columns, 1).CopyTo(block.Dense, 0);
        var noise = Numbers(BlockRows, -1);
        for (var i = 0; i < BlockRows; i++)
        {
            block.Dense[i * Columns] = 1;
            (block.Response[i], block.Weight[i]) = (noise[i] > 0 ? 1 : 0, 1);
        }
        return block;
    }

    /// <summary>Logistic regression as a user would write it: <c>yη − log(1 + e^η)</c>.</summary>
    readonly struct Logit : IDistribution
    {
        static readonly DistributionParameter[] _parameters = [new("logit", Interval.Line)];

        public string Name => "logit";

        public string Support => "0 or 1";

        public bool IsDiscrete => true;

        public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

        public bool Supports(in Outcome outcome) => outcome.Value is 0 or 1;

        public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => outcome.Value * parameters[0] - T.SoftPlus(parameters[0]);

        public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information) => false;

        public void Start(in OutcomeSample sample, Span<double> parameters) => parameters[0] = 0;

        public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => T.Logistic(parameters[0]);

        public double Cumulative(double value, ReadOnlySpan<double> parameters) => value < 0 ? 0 : value < 1 ? 1 / (1 + Math.Exp(parameters[0])) : 1;

        public double Quantile(double probability, ReadOnlySpan<double> parameters) => probability <= 1 / (1 + Math.Exp(parameters[0])) ? 0 : 1;
    }
}
