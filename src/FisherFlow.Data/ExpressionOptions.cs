using FisherFlow.Data.Expressions;
using FisherFlow.Data.Formulas;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;
using FisherFlow.Memory;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Data;

/// <summary>What a fit of an expression computes: a mean with gaussian noise, or a whole log-density, with its parameters and where the search for them starts.</summary>
public sealed record ExpressionOptions
{
    /// <summary>A mean, <c>y ~ b1 * (1 - exp(-b2 * x))</c>; or null.</summary>
    public string? Formula { get; init; }

    /// <summary>A log-density, <c>-log(s) - (y - a - b*x)^2 / (2*s^2)</c>; or null.</summary>
    public string? LogDensity { get; init; }

    /// <summary>The parameters with what they may be, <c>a, b, s > 0, p in (0, 1)</c>; null when <see cref="Start"/> names them all.</summary>
    public string? Parameters { get; init; }

    /// <summary>Starting values by parameter; one that is not named starts at random.</summary>
    public IReadOnlyDictionary<string, double> Start { get; init; } = new Dictionary<string, double>();

    /// <summary>How the maximum is looked for.</summary>
    public LikelihoodOptions Likelihood { get; init; } = new();

    /// <summary>Column of prior weights, or null.</summary>
    public string? WeightsColumn { get; init; }

    /// <summary>Whether the source is read again until the likelihood is maximal.</summary>
    /// <value>false: one pass.</value>
    public bool Exact { get; init; }

    /// <summary>Whether a row that the model gives no value rejects itself instead of stopping the fit.</summary>
    /// <value>false.</value>
    public bool RejectInvalid { get; init; }

    /// <summary>The covariance that tables show unless another is asked for: model, HC0 or HC1.</summary>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Model;

    /// <summary>How outcomes of a log-density are drawn, <c>y = m - s*log(-log(u))</c>, several with semicolons; or null.</summary>
    /// <remarks>An expression of parameters, columns, <c>u</c> uniform on (0, 1) and <c>z</c> standard normal.</remarks>
    public string? Sample { get; init; }

    /// <summary>The detector that watches for parameters which change, or null for none.</summary>
    public DetectorChoice? Detect { get; init; }

    /// <summary>State file to write checkpoints to, or null.</summary>
    public string? StatePath { get; init; }

    /// <summary>Rows between checkpoints.</summary>
    /// <value>0: none.</value>
    public long CheckpointRows { get; init; }

    /// <summary>What is fitted, in one line.</summary>
    public string Title => Formula ?? LogDensity ?? "";

    /// <summary>Checks all that can be known without the data.</summary>
    /// <exception cref="FormulaException">The formula, the density or the parameters cannot be read.</exception>
    /// <exception cref="ArgumentException">A start names no parameter, or a value that it cannot have; or there is nothing to fit.</exception>
    public void Check()
    {
        if ((Formula is null) == (LogDensity is null)) { throw new ArgumentException("a fit has either a formula or a log-density"); }
        var parameters = DeclaredParameters();
        _ = Formula is { } text ? Formulas.Formula.ParseNonlinear(text) : Formulas.Formula.ParseExpression(LogDensity!);
        if (Start.Keys.FirstOrDefault(name => !parameters.Names.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"a starting value is given for '{unknown}', which is no parameter; the parameters are {string.Join(", ", parameters.Names)}");
        }
        CheckSample();
        ToLikelihood(parameters).Check();
        if (ToLikelihood(parameters).Start is { } start) { parameters.CheckStart([.. start]); }
    }

    /// <summary>Outcomes are drawn where they are needed, and from what can be drawn from.</summary>
    void CheckSample()
    {
        var needs = Likelihood.Information is { Kind: InformationKind.Expected or InformationKind.MonteCarlo } rule ? rule.ToString() : null;
        if (Sample is null)
        {
            if (needs is not null && LogDensity is not null)
            {
                throw new ArgumentException($"--estimate {needs} is a mean over outcomes, and a density by itself cannot draw them: say how, as in --sample \"y = m - s*log(-log(u))\" with u uniform on (0, 1), or use observed or empirical");
            }
            return;
        }
        if (LogDensity is null) { throw new ArgumentException("--sample draws the outcomes of a log-density; a formula's mean has gaussian noise, which is known"); }
        if (needs is null) { throw new ArgumentException("--sample draws outcomes for --estimate expected or monte-carlo:K: add one of them, or leave the sample out"); }
        foreach (var outcome in SampledOutcome.Parse(Sample)) { _ = Formulas.Formula.ParseExpression(outcome.Expression); }
    }

    internal ParameterSet DeclaredParameters()
    {
        if (Parameters is { } declared) { return new(ParameterList.Parse(declared)); }
        return Start.Count > 0 ? new([.. Start.Keys.Select(Parameter.Free)]) : throw new ArgumentException("the parameters are not named: give --parameters \"a, b, s > 0\", or starting values for them, --start a=1,b=2");
    }

    internal LikelihoodOptions ToLikelihood(ParameterSet parameters) => Likelihood with
    {
        Start = Start.Count == 0 ? null : [.. parameters.Names.Select(name => Start.TryGetValue(name, out var value) ? value : double.NaN)],
        Sandwich = Covariance != CovarianceKind.Model,
    };

    internal void Save(StateWriter writer)
    {
        writer.Write(Formula);
        writer.Write(LogDensity);
        writer.Write(Parameters);
        writer.Write(Start.Count);
        foreach (var (name, value) in Start)
        {
            writer.Write(name);
            writer.Write(value);
        }
        writer.Write(Likelihood.Starts);
        writer.Write(Likelihood.Seed);
        writer.Write(Likelihood.BufferRows);
        writer.Write(1.0);   // where older versions wrote a retention
        writer.Write(IsMore ? More : -1);
        if (IsMore) { SaveMore(writer); }
        writer.Write(Likelihood.MostSteps);
        writer.Write(WeightsColumn);
        writer.Write(Exact);
        writer.Write(RejectInvalid);
        writer.Write((int)Covariance);
    }

    const int More = 256;   // no kind of information has the number: what follows it are memory, kind, outcomes and detector

    bool IsMore => Likelihood.Memory != default || Likelihood.Information is not null || Sample is not null || Detect is not null;

    void SaveMore(StateWriter writer)
    {
        writer.Write(Likelihood.Memory.ToString());
        writer.Write(Likelihood.Information?.ToString());
        writer.Write(Sample);
        writer.Write(Detect?.ToString());
    }

    static (ExpressionOptions, LikelihoodOptions) LoadMore(StateReader reader, ExpressionOptions options, LikelihoodOptions likelihood)
    {
        if (!MemoryRule.TryParse(reader.ReadText(), out var memory)) { throw new InvalidDataException("the memory is unknown"); }
        InformationRule? information = null;
        if (reader.ReadOptionalText() is { } kind) { information = InformationRule.TryParse(kind, out var rule) ? rule : throw new InvalidDataException($"the information '{kind}' is unknown"); }
        return (options with { Sample = reader.ReadOptionalText(), Detect = reader.ReadOptionalText() is { } detector ? DetectorChoice.Parse(detector) : null }, likelihood with { Memory = memory, Information = information });
    }

    /// <summary>The memory of a state that holds a retention.</summary>
    static MemoryRule MemoryOf(double retention) => retention < 1 ? new(MemoryKind.Exponential, -Math.Log(2) / Math.Log(retention)) : default;

    internal static ExpressionOptions Load(StateReader reader)
    {
        var options = new ExpressionOptions { Formula = reader.ReadOptionalText(), LogDensity = reader.ReadOptionalText(), Parameters = reader.ReadOptionalText() };
        var start = new Dictionary<string, double>();
        for (var i = reader.ReadInt32(); i > 0; i--) { start.Add(reader.ReadText(), reader.ReadDouble()); }
        var likelihood = new LikelihoodOptions
        {
            Starts = reader.ReadInt32(),
            Seed = reader.ReadInt32(),
            BufferRows = reader.ReadInt32(),
            Memory = MemoryOf(reader.ReadDouble()),
        };
        var kind = reader.ReadInt32();
        if (kind == More) { (options, likelihood) = LoadMore(reader, options, likelihood); }
        else if (kind >= 0) { likelihood = likelihood with { Information = new((InformationKind)kind) }; }
        likelihood = likelihood with { MostSteps = reader.ReadInt32() };
        return options with
        {
            Start = start,
            Likelihood = likelihood,
            WeightsColumn = reader.ReadOptionalText(),
            Exact = reader.ReadBoolean(),
            RejectInvalid = reader.ReadBoolean(),
            Covariance = (CovarianceKind)reader.ReadInt32(),
        };
    }
}
