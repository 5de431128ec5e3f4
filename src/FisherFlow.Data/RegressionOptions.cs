using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Memory;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Snapshots;

namespace FisherFlow.Data;

/// <summary>Everything that decides what a regression on delimited data computes; every default is written here once.</summary>
public sealed record RegressionOptions
{
    /// <summary>Distribution, link and dispersion.</summary>
    /// <value>Gaussian, identity.</value>
    public ModelSpecification Model { get; init; } = new();

    /// <summary>Formulas of a distribution's further parameters, as <c>scale ~ x</c>; a parameter without one is the same for every row.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> ParameterFormulas { get; init; } = [];

    /// <summary>How the estimator works.</summary>
    public EstimatorOptions Estimator { get; init; } = new();

    /// <summary>Whether the source is read again until Fisher scoring converges.</summary>
    /// <value>false: one pass.</value>
    public bool Exact { get; init; }

    /// <summary>Column of prior weights, or null.</summary>
    public string? WeightsColumn { get; init; }

    /// <summary>Column added to the linear predictor, or null.</summary>
    public string? OffsetColumn { get; init; }

    /// <summary>Column whose values are the clusters of a clustered covariance, or null.</summary>
    public string? ClusterColumn { get; init; }

    /// <summary>Levels a factor may have; those that come later count as <c>(other)</c>.</summary>
    /// <value>2,000.</value>
    public int MaxLevels { get; init; } = 2000;

    /// <summary>Levels of an ordered response, lowest first; empty to take them from the head of the data.</summary>
    public IReadOnlyList<string> OutcomeLevels { get; init; } = [];

    /// <summary>Reference levels by factor (the response's reference outcome goes by the empty name).</summary>
    public IReadOnlyDictionary<string, string> References { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a response that the family cannot produce rejects its row instead of stopping the fit.</summary>
    /// <value>false.</value>
    public bool RejectInvalid { get; init; }

    /// <summary>The covariance that tables show unless another is asked for.</summary>
    /// <value>Model-based.</value>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Model;

    /// <summary>File of another state whose estimate is the prior, or null; <see cref="EstimatorOptions.IsInformed"/> goes with it.</summary>
    public string? PriorState { get; init; }

    /// <summary>Share of that state's information that counts; null lets the data say.</summary>
    public double? PriorDiscount { get; init; }

    /// <summary>The detector that watches for coefficients which change, or null for none.</summary>
    public DetectorChoice? Detect { get; init; }

    /// <summary>State file to write checkpoints to, or null.</summary>
    public string? StatePath { get; init; }

    /// <summary>Rows between checkpoints.</summary>
    /// <value>0: none.</value>
    public long CheckpointRows { get; init; }

    string StructureText => new StructureRule(Estimator.Structure, Estimator.Rank).ToString();

    /// <summary>The options for a formula, whose response decides how many components a distribution has that leaves it open.</summary>
    internal RegressionOptions For(Formula formula)
    {
        if (Model.Family != Family.Distributional || !DistributionCatalog.IsUnsized(Model.Distribution)) { return this; }
        return formula.Response is not CallNode { Function: "cbind" } response ? throw formula.Error($"the response of {Model.Distribution} is its components: cbind(a, b, …)", formula.Response.Position)
            : response.Arguments.Count is < 2 or > 5 ? throw formula.Error($"a {Model.Distribution} response has two to five components, and cbind() joins {response.Arguments.Count}", response.Position)
            : this with { Model = Model with { Distribution = DistributionCatalog.Sized(Model.Distribution, response.Arguments.Count) } };
    }

    internal DesignOptions ToDesign() => new()
    {
        Family = Model.Family,
        Distribution = Model.Distribution,
        ParameterFormulas = ParameterFormulas,
        WeightsColumn = WeightsColumn,
        OffsetColumn = OffsetColumn,
        ClusterColumn = ClusterColumn,
        MaxLevels = MaxLevels,
        OutcomeLevels = OutcomeLevels,
        RejectInvalid = RejectInvalid,
    };

    /// <summary>The first option that is unlike, for a message; empty when none can be named.</summary>
    internal string FirstDifference(RegressionOptions other)
    {
        (string Name, object? Mine, object? Theirs)[] pairs =
        [
            ("--family", ModelNames.Name(Model), ModelNames.Name(other.Model)), ("--parameter", string.Join(", ", ParameterFormulas), string.Join(", ", other.ParameterFormulas)),
            ("--link", Model.Link, other.Model.Link), ("--power", Model.Power, other.Model.Power),
            ("--dispersion estimate", Model.EstimateDispersion, other.Model.EstimateDispersion), ("--structure", StructureText, other.StructureText),
            ("--memory", Estimator.Memory, other.Estimator.Memory), ("--estimate", Estimator.Information, other.Estimator.Information), ("--damping", Estimator.Damping, other.Estimator.Damping),
            ("--prior epsilon", Estimator.Epsilon, other.Estimator.Epsilon), ("--seed", Estimator.Seed, other.Estimator.Seed),
            ("--robust", Covariance, other.Covariance), ("--robust cluster", ClusterColumn, other.ClusterColumn), ("--ridge", Estimator.Ridge, other.Estimator.Ridge),
            ("--firth", Estimator.Firth, other.Estimator.Firth), ("--buffer", Estimator.BufferRows, other.Estimator.BufferRows), ("--threads", Estimator.Threads, other.Estimator.Threads),
            ("--passes exact", Exact, other.Exact), ("--weights", WeightsColumn, other.WeightsColumn), ("--offset", OffsetColumn, other.OffsetColumn),
            ("--max-levels", MaxLevels, other.MaxLevels), ("--levels", string.Join(',', OutcomeLevels), string.Join(',', other.OutcomeLevels)),
            ("--detect", Detect, other.Detect), ("--ref", string.Join(", ", References), string.Join(", ", other.References)), ("--invalid reject", RejectInvalid, other.RejectInvalid),
        ];
        var (name, mine, theirs) = pairs.FirstOrDefault(pair => !Equals(pair.Mine, pair.Theirs));
        return name is null ? "" : $" ({name}: {mine ?? "none"} then, {theirs ?? "none"} now)";
    }

    internal void Save(StateWriter writer)
    {
        writer.Write((int)Model.Family);
        writer.Write((int)Model.Link);
        writer.Write(Model.Power);
        writer.Write(Model.EstimateDispersion);
        SaveStructure(writer);
        writer.Write((int)Estimator.Sandwich);
        writer.Write(Estimator.Ridge);
        writer.Write(Estimator.Firth);
        writer.Write(Estimator.BufferRows);
        writer.Write(Estimator.Maturity);
        writer.Write(Estimator.Threads);
        writer.Write(Exact);
        writer.Write(WeightsColumn);
        writer.Write(OffsetColumn);
        writer.Write(ClusterColumn);
        writer.Write(MaxLevels);
        writer.Write(OutcomeLevels);
        writer.Write(References.Keys.ToArray());
        writer.Write(References.Values.ToArray());
        writer.Write(RejectInvalid);
        writer.Write((int)Covariance);
        if (Model.Family != Family.Distributional) { return; }
        writer.Write(Model.Distribution);
        writer.Write(ParameterFormulas);
    }

    /// <summary>The structure, and where the estimator is asked for more, behind a number that no structure has, the rest.</summary>
    void SaveStructure(StateWriter writer)
    {
        var isMore = Estimator != new EstimatorOptions
        {
            Structure = Estimator.Structure,
            Sandwich = Estimator.Sandwich,
            Ridge = Estimator.Ridge,
            Firth = Estimator.Firth,
            BufferRows = Estimator.BufferRows,
            Maturity = Estimator.Maturity,
            Threads = Estimator.Threads,
        };
        writer.Write((int)Estimator.Structure + (isMore ? More : 0));
        if (!isMore) { return; }
        writer.Write(Estimator.Rank);
        writer.Write(Estimator.Memory.ToString());
        writer.Write(Estimator.Information.ToString());
        writer.Write((long)Estimator.Seed);
        writer.Write(Estimator.Damping.ToString());
        writer.Write(Estimator.Epsilon);
        writer.Write(Estimator.IsInformed);
    }

    static EstimatorOptions LoadStructure(StateReader reader)
    {
        var structure = reader.ReadInt32();
        if (structure < More) { return new() { Structure = (Structure)structure }; }
        var rank = reader.ReadInt32();
        if (!MemoryRule.TryParse(reader.ReadText(), out var memory) || !InformationRule.TryParse(reader.ReadText(), out var information)) { throw new InvalidDataException("the memory or the estimate of the information is unknown"); }
        var seed = (ulong)reader.ReadInt64();
        if (!DampingRule.TryParse(reader.ReadText(), out var damping)) { throw new InvalidDataException("the damping is unknown"); }
        return new() { Structure = (Structure)(structure - More), Rank = rank, Memory = memory, Information = information, Seed = seed, Damping = damping, Epsilon = reader.ReadDouble(), IsInformed = reader.ReadBoolean() };
    }

    const int More = 256;

    internal static RegressionOptions Load(StateReader reader)
    {
        var options = LoadCore(reader);
        return options.Model.Family != Family.Distributional ? options
            : options with { Model = options.Model with { Distribution = reader.ReadText() }, ParameterFormulas = reader.ReadTexts() };
    }

    static RegressionOptions LoadCore(StateReader reader) => new()
    {
        Model = new() { Family = (Family)reader.ReadInt32(), Link = (Link)reader.ReadInt32(), Power = reader.ReadDouble(), EstimateDispersion = reader.ReadBoolean() },
        Estimator = LoadStructure(reader) with
        {
            Sandwich = (Sandwich)reader.ReadInt32(),
            Ridge = reader.ReadDouble(),
            Firth = reader.ReadBoolean(),
            BufferRows = reader.ReadInt32(),
            Maturity = reader.ReadDouble(),
            Threads = reader.ReadInt32(),
        },
        Exact = reader.ReadBoolean(),
        WeightsColumn = reader.ReadOptionalText(),
        OffsetColumn = reader.ReadOptionalText(),
        ClusterColumn = reader.ReadOptionalText(),
        MaxLevels = reader.ReadInt32(),
        OutcomeLevels = reader.ReadTexts(),
        References = reader.ReadTexts().Zip(reader.ReadTexts()).ToDictionary(pair => pair.First, pair => pair.Second),
        RejectInvalid = reader.ReadBoolean(),
        Covariance = (CovarianceKind)reader.ReadInt32(),
    };
}

/// <summary>What a long fit says while it runs.</summary>
/// <param name="Rows">Rows learned so far.</param>
/// <param name="BytesRead">Bytes of the source read so far, compressed ones where it is compressed.</param>
/// <param name="TotalBytes">Bytes of the source, when known.</param>
/// <param name="Pass">Pass over the source, from 1.</param>
/// <param name="LossSinceStart">Mean prequential loss (half the deviance of rows predicted before they were learned), at 1, 2, 4, 8 … rows; null between.</param>
/// <param name="LossSinceLast">The same since the last line.</param>
public sealed record FitProgress(long Rows, long BytesRead, long? TotalBytes, int Pass, double? LossSinceStart, double? LossSinceLast);
