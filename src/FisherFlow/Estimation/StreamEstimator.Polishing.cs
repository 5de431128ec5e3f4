using System.Diagnostics.CodeAnalysis;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Models.Families;
using FisherFlow.Models.Links;

namespace FisherFlow.Estimation;

/// <summary>Polishing: Fisher scoring to convergence over a stream that can be read again, from the one-pass estimate.</summary>
sealed partial class StreamEstimator<TEvidence>
{
    /// <inheritdoc/>
    public override Estimate Polish(IBlockSource source, Identification identification)
    {
        if (!source.CanRewind) { throw new NotSupportedException("exact fits read the data several times, and this stream can be read only once"); }
        var passes = new CountedPasses(source);
        var objective = new SourceObjective<TEvidence>(this, _accumulator, passes);
        var start = OnePass(identification);
        var evaluation = NewEvaluation();
        var problem = Problem(identification, FinalTolerance) with { Canonical = true, StartAtResponses = false };
        if (Options.Firth)
        {
            var hasValue = Model is Glm<Binomial, LogitLink>;
            problem = problem with { Firth = true, HasPenaltyValue = hasValue, Remembers = hasValue };   // the penalty's own curvature is not in the information
        }
        var solution = Newton(objective, problem, null, start.Theta, start.Auxiliary, evaluation, model => new SourceObjective<FullInformation>(this, new(model, Options.Threads), passes));
        _iterations += solution.Iterations;
        var theta = Finish(evaluation, solution);
        Replace(evaluation, theta, solution.Auxiliary);
        if (Options.Sandwich != Sandwich.None) { _sandwich = objective.SandwichAt(theta, solution.Auxiliary, solution.Factor); }
        _passes = passes.Count + 1;
        (_unfinished, _separated) = (!solution.Converged, solution.Separated);
        return Describe(evaluation, solution, theta, _sandwich) with
        {
            Iterations = _iterations,
            Responses = Completed(evaluation.Sums, default),
            NullDeviance = NullDeviance(Completed(evaluation.Sums, default), solution.Auxiliary),
        };
    }

    (double[] Theta, double Auxiliary) OnePass(Identification identification)
    {
        var (evaluation, solution) = Climb(identification, ColdTolerance, _buffer);   // the one-pass estimate
        var usable = Array.TrueForAll(solution.Theta, double.IsFinite) && double.IsFinite(evaluation.Deviance) && !(Options.Firth && Array.Exists(solution.Separated, s => s));
        return usable ? (solution.Theta, solution.Auxiliary) : (new double[Evidence.Dimension], 0);
    }

    /// <summary>Makes the polished evidence the state: every row folded at the maximum likelihood estimate.</summary>
    void Replace(Evaluation<TEvidence> evaluation, double[] theta, double auxiliary)
    {
        Evidence = evaluation.Evidence;
        (Anchor, _auxiliary) = (theta, auxiliary);
        _folded = evaluation.Sums;
        _foldedResidual = Evidence.ResidualSum;
        _boundedRows = 0;
        _foldedRows = _responses.Observations + _responses.ZeroWeights;
        (_auxiliaryScore, _auxiliaryInformation) = (evaluation.AuxiliaryScore, evaluation.AuxiliaryInformation);
        _buffer = new(RowBuffer.CreateLike(_layout, 0));
        _audit = new(Model, _layout, Options.AuditedRows);
    }

    /// <summary>The log-likelihood of a whole stream, one pass an evaluation.</summary>
    sealed class SourceObjective<TAny>(StreamEstimator<TEvidence> state, RowAccumulator<TAny> accumulator, IBlockSource source) : IObjective<TAny> where TAny : class, IEvidence<TAny>
    {
        /// <inheritdoc/>
        public void Evaluate(double[] theta, double auxiliary, Factor? leverages, Evaluation<TAny> into)
        {
            into.Evidence.Clear();
            into.Deficit?.Clear();
            var sums = default(FitSums);
            into.Weight = Pass(new(state.Shape, theta, auxiliary) { Leverages = leverages, Deficit = into.Deficit }, into.Evidence, ref sums);
            into.Sums = sums;
            into.Deviance = sums.Deviance;
            (into.AuxiliaryScore, into.AuxiliaryInformation) = (sums.AuxiliaryScore, sums.AuxiliaryInformation);
        }

        /// <inheritdoc/>
        public void EvaluateAtResponses(double[] theta, Evaluation<TAny> into)
        {
            into.Evidence.Clear();
            into.Deficit?.Clear();
            var sums = default(FitSums);
            into.Weight = Pass(new(state.Shape, theta, 0) { AtResponses = true }, into.Evidence, ref sums);
        }

        /// <summary>One more pass for the score products at the final θ.</summary>
        public SandwichSums SandwichAt(double[] theta, double auxiliary, Factor factor)
        {
            var hat = state.Options.Sandwich == Sandwich.Leverage ? factor : null;
            var sandwich = new SandwichSums(state.Options.Sandwich, theta.Length);
            var sums = default(FitSums);
            Pass(new(state.Shape, theta, auxiliary) { Sandwich = sandwich, Hat = hat }, null, ref sums);
            return sandwich;
        }

        double Pass(RowAccumulator<TAny>.View view, TAny? target, ref FitSums sums)
        {
            source.Rewind();
            var weight = 0.0;
            while (source.TryRead(out var block)) { weight += accumulator.Add(block, 0, block.Count, view, target, ref sums); }
            return weight;
        }
    }

    /// <summary>A stream that counts how often it was begun.</summary>
    sealed class CountedPasses(IBlockSource source) : IBlockSource
    {
        /// <summary>Passes begun.</summary>
        public int Count { get; private set; }

        /// <inheritdoc/>
        public bool CanRewind => source.CanRewind;

        /// <inheritdoc/>
        public bool TryRead([NotNullWhen(true)] out Block? block) => source.TryRead(out block);

        /// <inheritdoc/>
        public void Rewind()
        {
            Count++;
            source.Rewind();
        }
    }
}
