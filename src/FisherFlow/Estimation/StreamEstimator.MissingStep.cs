using System.Numerics.Tensors;
using FisherFlow.Information;

namespace FisherFlow.Estimation;

sealed partial class StreamEstimator<TEvidence>
{
    /// <summary>Newton on the corrected score: <c>δ ← δ + I⁻¹(Δs(θ + δ) − I_q δ)</c>, I_q being the quadratic's own information; rows still at hand may be compared as if they were folded at θ.</summary>
    sealed class MissingStep
    {
        const int Rounds = 20;
        const double Settled = 1e-8;       // a ten-thousandth of a standard error, over all directions together
        const double NearEnough = 1e-4;    // a hundredth of a standard error: quadratics and information are what they were
        const double Contraction = 0.1;    // of the gauge, by a move; where it is slower, too

        readonly StreamEstimator<TEvidence> _state;
        readonly Estimate _estimate;
        readonly Evaluation<TEvidence> _evaluation;
        readonly TEvidence _known;
        readonly NewtonProblem _problem;
        readonly double _unit;
        readonly double _before;   // the auxiliary parameter
        double _auxiliaryInformation;
        double _auxiliaryNoise;    // of its step, in squared standard errors

        /// <summary>Stands at the estimate of one pass.</summary>
        public MissingStep(StreamEstimator<TEvidence> state, Estimate estimate, double auxiliary, Evaluation<TEvidence> evaluation, NewtonProblem problem, double unit)
        {
            (_state, _estimate, _evaluation, _problem, _unit) = (state, estimate, evaluation, problem, unit);
            (Auxiliary, _before, _auxiliaryInformation, BoundedRows) = (auxiliary, auxiliary, evaluation.AuxiliaryInformation, state._boundedRows);
            _known = problem.Tied(evaluation.Evidence, estimate.Theta);
            (Step, Whole, Rest) = (new double[estimate.Theta.Length], [], new double[estimate.Theta.Length]);
            Factor = Factorise(Information(estimate.Theta), estimate.Factor);
        }

        /// <summary>The step <c>[d]</c>.</summary>
        public double[] Step { get; }

        /// <summary>The step before it was shrunk <c>[d]</c>.</summary>
        public double[] Whole { get; private set; }

        /// <summary>Newton's last move from a point that was better than those before <c>[d]</c>, which bounds what is left if moves died out.</summary>
        public double[] Rest { get; }

        /// <summary>Whether moves died out.</summary>
        public bool IsSettled { get; private set; }

        /// <summary>The factor under the latest information: what rows weighed when they were folded, plus what has changed.</summary>
        public Factor Factor { get; private set; }

        /// <summary>The auxiliary parameter.</summary>
        public double Auxiliary { get; private set; }

        /// <summary>What remains unknown of it, in its standard errors.</summary>
        public double AuxiliaryDeviation { get; private set; }

        /// <summary>The rows at hand, as if they were folded at the estimate of one pass, where they have to be asked.</summary>
        public Audit? Held { get; private set; }

        /// <summary>Rows whose information is a bound still.</summary>
        public long BoundedRows { get; private set; }

        /// <summary>Whether the step is so long that information has to be looked at again where it ends.</summary>
        public bool IsFar { get; private set; }

        /// <summary>Finds the step, whose squared length the first comparison estimates.</summary>
        public void Find(Remainder remainder, double signal)
        {
            IsFar = signal > NearEnough * _unit || _state.MovesAuxiliary;   // whose move changes weights where θ stays
            // after a step so small that rows at hand are not asked, a quadratic is as good as they are, but for sums that dispersions are made of
            if (IsFar || _state.Model.EstimatesDispersion || _state.Model.HasAuxiliary)
            {
                Held = Audit.Holding(_state.Model, _state._buffer.Rows, _state._buffer.Count, _state.Shape, _estimate.Theta, _before);
            }
            Climb(remainder);
            Whole = [.. Step];
            if (!_state.MovesAuxiliary) { return; }
            var rounds = 0;
            for (; rounds < Rounds && MoveAuxiliary(); rounds++) { Climb(CompareScores()); }
            if (rounds == Rounds) { AuxiliaryDeviation = double.NaN; }
            Whole = [.. Step];
        }

        /// <summary>Looks where the step leads, for what the sample says of its noise there; returns the step's squared length by the information there.</summary>
        public double LookAgain(ref Remainder remainder)
        {
            var theta = Sum(_estimate.Theta, Step);
            var information = Information(theta);
            remainder = _state._audit.CompareScores(_state.Shape, theta, Auxiliary);
            Factor = Factorise(information, Factor);
            return Curvature(information, Step);
        }

        /// <summary>Takes a share of the step.</summary>
        public void Shrink(double share)
        {
            TensorPrimitives.Multiply(Whole, share, Step);
            if (_auxiliaryNoise > 0) { ShrinkAuxiliary(); }
            if (IsFar && share < 1) { Factor = Factorise(Information(Sum(_estimate.Theta, Step)), Factor); }
        }

        /// <summary>Truth less quadratic at θ <c>[d]</c>, sums included.</summary>
        public Remainder Compare(double[] theta)
        {
            var remainder = _state._audit.Compare(_state.Shape, theta, Auxiliary, wantsPearson: true);
            if (Held is not null) { remainder.Add(Held.Compare(_state.Shape, theta, Auxiliary, wantsPearson: true)); }
            return remainder;
        }

        /// <summary>The delta method's error of the auxiliary parameter, of which this is the logarithm; null where its information is not positive.</summary>
        public double? AuxiliaryStandardError() => _auxiliaryInformation > 0 ? Math.Exp(Auxiliary) / Math.Sqrt(_auxiliaryInformation) : null;

        /// <summary>Newton from where the step is; information is looked at again where moves shrink slowly: what was known of it at the start is no guide any more.</summary>
        void Climb(Remainder remainder)
        {
            var (gap, move, last) = (new double[Step.Length], new double[Step.Length], double.PositiveInfinity);
            for (var round = 0; round < Rounds && last > Settled * _unit; round++)
            {
                if (round > 0) { remainder = CompareScores(); }
                _known.Multiply(Step, gap);
                for (var i = 0; i < gap.Length; i++) { gap[i] = _estimate.Separated[i] ? 0 : remainder.Score[i] - gap[i] - (_problem.Ridge.Length == 0 ? 0 : _problem.Ridge[i] * Step[i]); }
                var gauge = Factor.QuadraticForm(gap);
                if (!(gauge < last && double.IsFinite(remainder.Deviance)))
                {
                    for (var i = 0; i < Step.Length; i++) { Step[i] -= move[i] /= 2; }   // too far
                    continue;
                }
                if (round > 0 && gauge > Math.Max(Settled * _unit, Contraction * last))
                {
                    Factor = Factorise(Information(Sum(_estimate.Theta, Step)), Factor);
                    gauge = Factor.QuadraticForm(gap);
                }
                Factor.Solve(gap, move);
                last = gauge;
                for (var i = 0; i < Step.Length; i++) { Step[i] += Rest[i] = move[i] = _estimate.Separated[i] ? 0 : move[i]; }
            }
            IsSettled = last <= Settled * _unit;
        }

        /// <summary>One move of the auxiliary parameter by its own score; whether it was worth another look at θ.</summary>
        bool MoveAuxiliary()
        {
            var remainder = Compare(Sum(_estimate.Theta, Step));
            var information = _evaluation.AuxiliaryInformation + remainder.AuxiliaryInformation;
            if (double.IsNaN(information)) { AuxiliaryDeviation = double.NaN; }   // rows of a state that did not know theirs
            if (!(information > 0 && Math.Abs(_before) < Estimation.Auxiliary.Bound)) { return false; }
            var move = (_evaluation.AuxiliaryScore - _evaluation.AuxiliaryInformation * (Auxiliary - _before) + remainder.AuxiliaryScore) / information;
            Auxiliary = Math.Clamp(Auxiliary + Math.Clamp(move, -1, 1), -Estimation.Auxiliary.Bound, Estimation.Auxiliary.Bound);
            (_auxiliaryInformation, _auxiliaryNoise) = (information, remainder.AuxiliaryVariance / information);
            return move * move * information > Settled;
        }

        /// <summary>Shrinks the auxiliary parameter's step as that of θ is.</summary>
        void ShrinkAuxiliary()
        {
            var (step, noise) = (Auxiliary - _before, _auxiliaryNoise);
            var signal = step * step * _auxiliaryInformation;
            var share = AuditNoise.Share(signal, noise);
            Auxiliary = _before + share * step;
            AuxiliaryDeviation += Math.Sqrt(share * share * noise + (1 - share) * (1 - share) * Math.Max(signal, noise));
        }

        Remainder CompareScores()
        {
            var theta = Sum(_estimate.Theta, Step);
            var remainder = _state._audit.CompareScores(_state.Shape, theta, Auxiliary);
            if (Held is not null) { remainder.Add(Held.CompareScores(_state.Shape, theta, Auxiliary)); }
            return remainder;
        }

        FullInformation Information(double[] theta)
        {
            var corrected = _known.ToFull();
            _state._audit.Correct(corrected, _state.Shape, theta, Auxiliary);
            Held?.Correct(corrected, _state.Shape, theta, Auxiliary);
            return corrected;
        }

        /// <summary>In the Gram form; a factor that would identify fewer parameters than the one at hand is not taken.</summary>
        Factor Factorise(FullInformation information, Factor atHand)
        {
            var ridge = _problem.Ridge;
            var factor = information.Factorise(_problem.Order, ridge, ridge.Length == 0 ? default : new double[ridge.Length]);
            if (factor.Rank != atHand.Rank) { return atHand; }
            BoundedRows = 0;   // the audit has put information in the place of bounds
            return factor;
        }
    }
}
