using System.CommandLine;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Cli.Options;

/// <summary>A fit as the command line asks for it; what cannot be is refused with its reason before any data is read.</summary>
sealed record FitRequest
{
    const string StandardInput = "-";

    public required IReadOnlyList<string> Data { get; init; }
    public required string Formula { get; init; }
    public required RegressionOptions Options { get; init; }
    public required bool Resume { get; init; }

    public static FitRequest Read(ParseResult result, IReadOnlyList<string> data, string formula)
    {
        RefuseModel(result);
        RefuseRun(result, data);
        RefuseMixture(result);
        var robust = result.GetValue(RunOptions.Robust) ?? new(CovarianceKind.Model);
        InformationOptions.Refuse(result, robust.Covariance, result.GetValue(RunOptions.Passes) == Passes.Exact);
        var structure = result.GetValue(InformationOptions.Structure) ?? default;
        var prior = result.GetValue(InformationOptions.Prior) ?? new();
        return new()
        {
            Data = data,
            Formula = formula,
            Resume = result.GetValue(RunOptions.Resume),
            Options = new()
            {
                ParameterFormulas = result.GetValue(ModelOptions.Parameters) ?? [],
                Model = ModelOptions.FamilyOf(result) with
                {
                    Link = result.GetValue(ModelOptions.Link),
                    Power = result.GetValue(ModelOptions.Power) ?? new ModelSpecification().Power,
                    EstimateDispersion = result.GetValue(ModelOptions.Dispersion) == Dispersion.Estimate,
                },
                Estimator = new()
                {
                    Structure = structure.Kind,
                    Rank = structure.Rank > 0 ? structure.Rank : new EstimatorOptions().Rank,
                    Memory = result.GetValue(InformationOptions.Memory) ?? default,
                    Information = result.GetValue(InformationOptions.Estimate) ?? default,
                    Seed = (ulong)(result.GetValue(InformationOptions.Seed) ?? 0),
                    Damping = result.GetValue(InformationOptions.Damping) ?? default,
                    Epsilon = prior.Epsilon,
                    IsInformed = prior.State is not null,
                    Sandwich = robust.Sandwich,
                    Ridge = result.GetValue(RunOptions.Ridge) ?? prior.Ridge,
                    Firth = result.GetValue(RunOptions.Firth),
                    BufferRows = (int)(result.GetValue(RunOptions.Buffer) ?? 0),
                    Threads = (int)(result.GetValue(RunOptions.Threads) ?? Environment.ProcessorCount),
                },
                Covariance = robust.Covariance,
                Exact = result.GetValue(RunOptions.Passes) == Passes.Exact,
                WeightsColumn = result.GetValue(ModelOptions.Weights),
                OffsetColumn = result.GetValue(ModelOptions.Offset),
                ClusterColumn = robust.ClusterColumn,
                MaxLevels = (int)(result.GetValue(RunOptions.MaxLevels) ?? new RegressionOptions().MaxLevels),
                OutcomeLevels = result.GetValue(ModelOptions.Levels) ?? [],
                References = ReportingOptions.ReferencesOf(result, formula),
                RejectInvalid = result.GetValue(RunOptions.Invalid) == Invalid.Reject,
                PriorState = prior.State,
                PriorDiscount = prior.Discount,
                Detect = result.GetValue(ChangeOptions.Detect),
                StatePath = result.GetValue(RunOptions.State),
                CheckpointRows = result.GetValue(RunOptions.Checkpoint) ?? 0,
            },
        };
    }

    static void RefuseModel(ParseResult result)
    {
        var family = ModelOptions.FamilyOf(result).Family;
        Refuse(result.GetValue(ModelOptions.Parameters) is { Length: > 0 } && family != Family.Distributional,
            $"--parameter gives a distribution's parameter its formula, and the {ModelNames.Name(family)} family has none beside the mean: use --family with one of {string.Join(", ", Models.Distributions.DistributionCatalog.Names)}");
        Refuse(family == Family.Distributional && result.GetValue(ModelOptions.Link) != Link.Default,
            "--link is for families of a mean; every parameter of a distribution has its own link");
        Refuse(family == Family.Distributional && result.GetValue(ModelOptions.Dispersion) == Dispersion.Estimate,
            "--dispersion estimate is for binomial and poisson; a distribution's scale is a parameter of its own");
        Refuse(result.GetValue(ModelOptions.Power) is not null && family != Family.Tweedie,
            "--power belongs to the Tweedie family: add --family tweedie, or leave it out");
        Refuse(result.GetValue(ModelOptions.Power) is null && family == Family.Tweedie,
            "the Tweedie family needs its variance power: --power 1.5 for amounts with exact zeros");
        Refuse(result.GetValue(ModelOptions.Dispersion) == Dispersion.Estimate && family is Family.NegativeBinomial or Family.Multinomial or Family.Ordinal,
            "--dispersion estimate is for binomial and poisson; this family has no dispersion to estimate");
        Refuse(result.GetValue(ModelOptions.Levels) is { Length: > 0 } && family is not (Family.Ordinal or Family.Multinomial),
            "--levels orders the outcomes of an ordinal or multinomial response: add --family ordinal or --family multinomial");
    }

    /// <summary>What the likelihood of a mixture leaves no room for.</summary>
    static void RefuseMixture(ParseResult result)
    {
        if (result.GetValue(ModelOptions.Components) is null) { return; }
        (Option Option, string Reason)[] refused =
        [
            (ModelOptions.Parameters, "gives a distribution's parameter its formula, and the scales and weights of a mixture are the same for every row"),
            (RunOptions.Robust, "has no sums of score products to build on: a mixture is summed up by EM, and its standard errors are those of its observed information"),
            (RunOptions.Ridge, "is a prior of one regression, and EM here knows none: leave it out"),
            (InformationOptions.Prior, "is a prior of one regression, and EM here knows none: leave it out"),
            (InformationOptions.Structure, "has no choice to make: a mixture keeps the full observed information"),
            (InformationOptions.Memory, "is not for mixtures: online EM forgets by its own step, and its information counts all rows"),
            (InformationOptions.Estimate, "has no choice to make: the information of a mixture is the observed one"),
            (InformationOptions.Damping, "is not for mixtures: EM needs none, and a singular information is reported, not repaired"),
            (ChangeOptions.Detect, "watches the coefficients of one regression, not of a mixture"),
        ];
        foreach (var (option, reason) in refused)
        {
            Refuse(result.GetResult(option) is { Implicit: false }, $"{option.Name} {reason} (--components)");
        }
    }

    static void RefuseRun(ParseResult result, IReadOnlyList<string> data)
    {
        var exact = result.GetValue(RunOptions.Passes) == Passes.Exact;
        var state = result.GetValue(RunOptions.State);
        var resume = result.GetValue(RunOptions.Resume);
        var checkpoint = result.GetValue(RunOptions.Checkpoint) is not null;
        Refuse(data.Count > 1 && data.Contains(StandardInput), "standard input (-) cannot be one of several files; concatenate them instead");
        Refuse(exact && data.Contains(StandardInput), "--passes exact reads the data again and again, which standard input (-) does not allow: give a file, or leave --passes at one");
        Refuse(result.GetValue(RunOptions.Robust)?.Covariance == CovarianceKind.HC3 && !exact,
            "--robust hc3 needs every row's leverage at the final estimate, which one pass does not have: add --passes exact, or use hc0 or hc1");
        Refuse(result.GetValue(RunOptions.Firth) && (!exact || ModelOptions.FamilyOf(result).Family != Family.Binomial),
            "--firth is for --family binomial with --passes exact: its penalty depends on every row's leverage at the final estimate");
        Refuse(result.GetValue(RunOptions.Firth) && result.GetValue(RunOptions.Ridge) is not null, "--firth and --ridge are two priors: choose one");
        Refuse(checkpoint && state is null, "--checkpoint needs a file to save to: add --state FILE");
        Refuse(resume && state is null, "--resume needs the file that holds the checkpoint: add --state FILE");
        Refuse(exact && (checkpoint || resume), "--checkpoint and --resume go with one pass: an exact fit starts its source again anyway");
        Refuse(checkpoint && !resume && File.Exists(state),
            $"{state} exists and a checkpoint would replace it: add --resume to go on from it, or name another file");
    }

    static void Refuse(bool illegal, string reason)
    {
        if (illegal) { throw new UsageException(reason); }
    }
}
