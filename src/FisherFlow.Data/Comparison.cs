using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Optimisation;

namespace FisherFlow.Data;

/// <summary>What is compared, and how.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The name of the one-pass estimator among the methods.</summary>
    public const string OnePass = "one-pass";

    /// <summary>Model, columns and levels.</summary>
    public RegressionOptions Data { get; init; } = new();

    /// <summary>The methods by name: presets, with or without a rate, and <c>one-pass</c>.</summary>
    public required IReadOnlyList<string> Presets { get; init; }

    /// <summary>Rows of a step.</summary>
    /// <value>32.</value>
    public int BatchRows { get; init; } = 32;
}

/// <summary>Runs several methods side by side over one pass of the data: every block is predicted by all before any learns it.</summary>
public static class Comparison
{
    /// <summary>Compares methods on a source.</summary>
    /// <param name="source">What to read, once.</param>
    /// <param name="formula">As in R: <c>y ~ x + g</c>.</param>
    /// <param name="options">The methods, and the model.</param>
    /// <param name="progress">Hears of the progress, or null; losses are the first method's.</param>
    /// <param name="cancel">Stops between blocks.</param>
    /// <exception cref="FormulaException">The formula cannot be read.</exception>
    /// <exception cref="ArgumentException">There is no such method, or the model is none for it.</exception>
    /// <exception cref="DataException">The data cannot be read or do not fit the model.</exception>
    public static ComparisonResult Run(DataSource source, string formula, ComparisonOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var parsed = Formula.Parse(formula);
        options = options with { Data = options.Data.For(parsed) };
        var model = ModelFactory.Create(options.Data.Model);
        if (model.HasAuxiliary) { throw new ArgumentException("the negative binomial estimates its θ beside the coefficients, which steps along a score do not: compare with --family poisson"); }
        if (model is Models.Distributions.DistributionalModel) { throw new ArgumentException("distributions with a formula for each parameter are not compared: they are fitted in one pass"); }
        var methods = options.Presets.Select(Method).ToList();
        var reader = source.Open();
        DesignEncoder encoder;
        try
        {
            encoder = DesignEncoder.Create(parsed, reader.Profile(), options.Data.ToDesign());
        }
        catch
        {
            reader.Dispose();
            throw;
        }
        Contender[] contenders = [.. options.Presets.Zip(methods, (name, method) => Create(name, method, model, encoder, options))];
        using var blocks = new EncodedBlocks(reader, encoder, model, 0, 0, options.Data.Estimator.Threads);
        var (responses, rejections) = (ResponseSums.Empty, new RejectionLog());
        var (rows, next) = (0L, 1L);
        while (blocks.Next(cancel) is { } block)
        {
            rejections.Merge(block.Rejections);
            if (block.Rows.Count == 0) { continue; }
            model.Summarise(block.Rows, 0, block.Rows.Count, ref responses);
            rows += block.Rows.Count;
            foreach (var contender in contenders) { Take(contender, block.Rows); }
            progress?.Report(new(rows, block.BytesRead, reader.TotalBytes, 1, null, null));
            if (rows < next) { continue; }
            while (next <= rows) { next *= 2; }
            foreach (var contender in contenders) { contender.Mark(); }
        }
        if (rows == 0) { throw SourceHistory.NoRows(source, rejections); }
        var reference = ReferenceLoss.Of(model, responses, encoder.Schema.HasIntercept);
        var specification = options.Data.Model;
        return new(formula, ModelNames.Name(specification.Family), ModelNames.Name(ModelNames.Resolve(specification)), rows, rejections.Count, reference.Constant, options.BatchRows,
            [.. contenders.Select(c => c.Result(reference))], [.. rejections.Describe(), .. encoder.Warnings]);
    }

    static void Take(Contender contender, Block block)
    {
        contender.Predict(block);
        var start = ThreadClock.Seconds();
        try
        {
            contender.Learn(block);
        }
        catch (InvalidOperationException tooMuch)
        {
            throw new DataException($"{contender.Name}: {tooMuch.Message}", tooMuch);
        }
        contender.Seconds += ThreadClock.Seconds() - start;
    }

    static Method? Method(string name)
    {
        if (name == ComparisonOptions.OnePass) { return null; }
        if (MethodNames.Converged.Contains(name)) { throw new ArgumentException($"'{name}' is what {ComparisonOptions.OnePass} is: name that instead"); }
        return MethodNames.Parse(name, null, out var problem) ?? throw new ArgumentException($"{problem}, and {ComparisonOptions.OnePass}");
    }

    static Contender Create(string name, Method? method, IModel model, DesignEncoder encoder, ComparisonOptions options) => method is null
        ? new FittedContender(name, model, options.Data.Model.Family, Estimator.Create(model, encoder.Schema, options.Data.Estimator with { Threads = 1 }, encoder.CreateBlock(0), encoder.HasOffset))
        : new TrainedContender(name, model, options.Data.Model.Family, method, options.BatchRows);
}
