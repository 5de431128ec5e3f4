using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Inference;

/// <summary>Turns an estimate into what a table, a file or a program reads: names, standard errors, tests, limits and fit statistics.</summary>
public static class Summary
{
    /// <summary>A gauge above one standard error, without convergence, is a trajectory.</summary>
    const double TrajectoryGauge = 1;

    /// <summary>A log-likelihood so near zero is that of responses which could not have been otherwise.</summary>
    const double Certain = 1e-6;

    /// <summary>Summarises an estimate, with R's conventions.</summary>
    /// <remarks>
    /// The estimate must have been solved under the identification that <paramref name="options"/> ask for: its factor holds that identification's free parameters.
    /// Nothing in the result is NaN or infinite: what does not exist is null, and a warning says why. Cost: <c>O(k³)</c> for k coefficients.
    /// </remarks>
    /// <param name="estimate">What the estimator knows.</param>
    /// <param name="schema">The names of the design columns.</param>
    /// <param name="model">The model that lays parameters out.</param>
    /// <param name="specification">Family, link and dispersion.</param>
    /// <param name="context">Where the estimate came from.</param>
    /// <param name="options">Covariance, level and references asked for.</param>
    /// <exception cref="ArgumentException">A reference or a level does not exist, or the covariance needs sums that were not kept.</exception>
    public static FitResult Of(Estimate estimate, DesignSchema schema, IModel model, ModelSpecification specification, FitContext context, ReportOptions options)
    {
        RequireLevel(options.Level);
        RequireMeat(context.Sandwich, options.Covariance);
        var identification = new Identification(schema, model, options.References);
        RequireSolvedUnder(identification, estimate);
        var table = new CoefficientTable(estimate, schema, identification);
        var sums = estimate.Responses;
        var rank = CoefficientTable.RankOf(estimate, model);
        var estimated = model.EstimatesDispersion;
        var structured = estimate.Structured;
        var residual = structured?.ResidualDegrees ?? sums.Observations - rank;
        var covariance = CoefficientCovariance.Compute(estimate, options.Covariance, estimated, rank);
        var regime = RegimeOf(estimate);
        var (matrix, variances) = regime == Regime.Converged ? (covariance.Matrix, covariance.Variances) : (null, null);
        var perfect = IsPerfect(covariance.Dispersion, estimated, sums);
        var coefficients = table.Lines(variances, options.Level, estimated ? residual : null, tests: !perfect);
        var fades = structured?.EffectiveObservations is not null;   // weighted rows have a likelihood of their own, which nothing else compares with
        var density = structured is { Memory.Drifts: true } ? estimate.LogLikelihood : fades ? null : model.LogLikelihood(sums, estimate.Deviance, AuxiliaryOf(estimate));
        var likelihood = Number.Finite(density);
        var parameters = rank + (model.EstimatesDispersion ? 1 : 0) + (model.HasAuxiliary ? 1 : 0);
        var constants = model is DistributionalModel ? schema.Outcomes.Count : !schema.HasIntercept ? 0 : model.IsOrdinal ? Math.Max(0, CoefficientTable.OutcomesMet(estimate) - 1) : Math.Max(1, schema.Outcomes.Count - 1);
        var result = new FitResult
        {
            Formula = context.Formula,
            Family = ModelNames.Name(specification),
            Link = ModelNames.LinkName(specification),
            Method = context.Method,
            Regime = regime,
            Coefficients = coefficients,
            Parameters = model is DistributionalModel distribution ? NaturalParameter.Of(distribution, coefficients, estimate.Mixture, options.Level) : [],
            Mixture = estimate.Mixture,
            CovarianceMatrix = table.Matrix(matrix),
            Covariance = options.Covariance,
            ClusterColumn = context.ClusterColumn,
            Clusters = estimate.Clusters,
            Level = options.Level,
            Dispersion = covariance.Dispersion,
            DispersionEstimated = estimated,
            DispersionParameter = Number.Finite(estimate.Auxiliary),
            DispersionParameterStandardError = Number.Finite(estimate.AuxiliaryStandardError),
            LogLikelihood = likelihood,
            NullDeviance = Number.Finite(estimate.NullDeviance),
            NullDegreesOfFreedom = Math.Max(0, sums.Observations - constants),
            Deviance = Number.Finite(estimate.Deviance),
            PearsonChiSquared = model is DistributionalModel ? null : Number.Finite(estimate.Pearson),
            Aic = Number.Finite(2.0 * parameters - 2 * likelihood),
            Bic = sums.Observations > 0 ? Number.Finite(Math.Log(sums.Observations) * parameters - 2 * likelihood) : null,
            Observations = sums.Observations,
            RowsRejected = context.RowsRejected,
            EffectiveObservations = structured?.EffectiveObservations is { } effective ? Number.Finite(effective) : sums.SquaredWeight > 0 ? Number.Finite(sums.Weight / sums.SquaredWeight * sums.Weight) : null,
            ResidualDegreesOfFreedom = residual,
            Rank = rank,
            ConditionNumber = Number.Finite(estimate.Factor.ConditionNumber),
            Iterations = estimate.Iterations,
            Passes = estimate.Passes,
            Converged = estimate.Converged && !(model is DistributionalModel && IsCertain(likelihood, coefficients)),
            ScoreGauge = Number.Finite(estimate.ScoreGauge),
            DistanceBound = Number.Finite(estimate.DistanceBound),
            Ridge = estimate.Ridge,
            Structured = StructureOf(structured, table.NameOf),
            Firth = context.Firth,
            Detector = context.Detector,
            Changes = context.Changes,
            References = identification.References,
            Warnings = [],
        };
        return result with { Warnings = [.. context.Warnings, .. Remarks.OnOutcomes(schema, model, sums), .. Remarks.On(result, estimate, Missing(covariance, estimate, table), perfect, density is not null && likelihood is null)] };
    }

    /// <summary>What a table says of a structure, memory and estimate.</summary>
    internal static FitStructure? StructureOf(StructureReport? report, Func<int, string> nameOf) => report is null ? null : new()
    {
        Structure = report.Structure.Kind is Structure.Full or Structure.SquareRoot ? null : report.Structure.ToString(),
        Memory = report.Memory.Kind == MemoryKind.Stationary ? null : report.Memory.ToString(),
        Information = report.Information.Kind == InformationKind.Expected ? null : report.Information.ToString(),
        UnderstatesVariance = report.UnderstatesVariance,
        Damping = report.Damping.Kind == DampingKind.None ? null : report.Damping.ToString(),
        DampingPrecision = report.DampingPrecision,
        Epsilon = report.Epsilon,
        HashedColumns = report.HashedColumns,
        HashedMet = report.HashedMet,
        HashedPrior = report.HashedPrior,
        Fades = report.EffectiveObservations is not null,
        Drifts = report.Memory.Drifts,
        DriftIsEstimated = report.DriftIsEstimated,
        Fallbacks = report.Fallbacks,
        NotFinite = report.NotFinite,
        TransferDiscount = report.TransferDiscount,
        Changes = [.. report.Changes.Select(change => new FitChange(nameOf(change.Parameter), change.Since, change.Found))],
    };

    /// <summary>Why there is no covariance, with the names of the directions that are to blame.</summary>
    static string? Missing(CoefficientCovariance covariance, Estimate estimate, CoefficientTable table) =>
        estimate.Indefinite.Count == 0 ? covariance.Missing : $"{covariance.Missing}; nothing holds {string.Join(", ", table.Names(estimate.Indefinite))}";

    /// <summary>Which questions an estimate may be asked.</summary>
    internal static Regime RegimeOf(Estimate estimate) =>
        estimate.Converged || (estimate.ScoreGauge <= TrajectoryGauge && double.IsFinite(estimate.Deviance)) ? Regime.Converged : Regime.Trajectory;

    /// <summary>Whether every response has probability one, as where all are censored: the likelihood has its supremum at infinity, and no coefficient was seen to run there.</summary>
    internal static bool IsCertain(double? likelihood, IReadOnlyList<Coefficient> coefficients) =>
        likelihood is { } log && Math.Abs(log) < Certain && coefficients.All(c => c.Status != CoefficientStatus.Separated);

    /// <summary>Refuses a level that is no probability.</summary>
    internal static void RequireLevel(double level)
    {
        if (!(level > 0 && level < 1)) { throw new ArgumentException($"a confidence level lies strictly between 0 and 1, and {level} does not"); }
    }

    /// <summary>The auxiliary parameter as models take it: log θ.</summary>
    internal static double AuxiliaryOf(Estimate estimate) => estimate.Auxiliary is { } theta ? Math.Log(theta) : 0;

    static void RequireMeat(Sandwich kept, CovarianceKind asked)
    {
        var (needed, option) = asked switch
        {
            CovarianceKind.HC0 or CovarianceKind.HC1 => (Sandwich.Rows, "hc0 or hc1"),
            CovarianceKind.HC3 => (Sandwich.Leverage, "hc3 (exact fits only: it needs every row's leverage at the final estimate)"),
            CovarianceKind.Cluster => (Sandwich.Clusters, "cluster:COLUMN"),
            _ => (kept, ""),
        };
        if (kept != needed)
        {
            throw new ArgumentException($"{asked} standard errors need sums of score products that this fit did not keep (it kept: {kept}); fit with --robust {option}");
        }
    }

    static void RequireSolvedUnder(Identification identification, Estimate estimate)
    {
        var free = identification.Order().ToHashSet();
        var foreign = estimate.Structured is { HashedColumns: > 0 } ? -1 : estimate.Factor.Kept.FirstOrDefault(p => !free.Contains(p), -1);
        if (estimate.Shape != identification.Shape || foreign >= 0)
        {
            throw new ArgumentException($"the estimate was solved under other references or sizes ({estimate.Shape}, parameter {foreign}); solve it for the references asked for ({identification.Shape})");
        }
    }

    /// <summary>A dispersion that is rounding error: the responses are reproduced to the last digits.</summary>
    static bool IsPerfect(double? dispersion, bool estimated, in ResponseSums sums)
    {
        if (!estimated || dispersion is not { } phi) { return false; }
        var scale = Math.Max(Math.Abs(sums.Minimum), Math.Abs(sums.Maximum));
        return phi == 0 || phi < 1e-28 * Math.Max(scale, 1e-150) * Math.Max(scale, 1e-150);
    }
}
