using System.Numerics.Tensors;
using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Numerics;

namespace FisherFlow.Optimisation;

/// <summary>From score and information to movement.</summary>
public sealed partial class Optimiser<TInformation>
{
    /// <summary>Writes where the step would lead into the candidate; θ stays.</summary>
    bool Propose(out StepReport report)
    {
        var rule = _method.Step;
        var rate = rule.Rate.At(_steps + 1);
        _steps++;
        if (rule.Kind == StepKind.Mirror)
        {
            rule.Potential!.Gradient(_theta, _direction);
            Dot.Axpy(rate, _score, _direction);
            rule.Potential.Inverse(_direction, _candidate);
            report = new(IsFinite(_candidate) ? StepOutcome.Moved : StepOutcome.Overflow, rate);
            return report.HasMoved;
        }
        var right = rule.Momentum.Kind == MomentumKind.Scores ? AverageScores(rule.Momentum.Share) : _score;
        var damping = _isIdentity ? 0 : DampingNow();
        var status = Direct(right, damping);
        if (!status.IsSolved)
        {
            report = new(StepOutcome.Singular, rate, damping, FailedPivot: status.FailedPivot);
            return false;
        }
        if (rule.Momentum.Kind == MomentumKind.HeavyBall) { Dot.Axpy(rule.Momentum.Share, _memory, _direction); }
        var divergence = 0.5 * rate * rate * Quadratic(_direction);
        if (divergence > rule.TrustRadius)
        {
            rate *= Math.Sqrt(rule.TrustRadius / divergence);
            divergence = rule.TrustRadius;
        }
        TensorPrimitives.Multiply(_theta, 1 - rate * rule.Decay, _candidate);
        Dot.Axpy(rate, _direction, _candidate);
        report = new(IsFinite(_candidate) && IsFinite(_direction) ? StepOutcome.Moved : StepOutcome.Overflow, rate, damping, divergence);
        return report.HasMoved;
    }

    /// <summary>Takes the candidate.</summary>
    StepReport Commit(in StepReport report)
    {
        switch (_method.Step.Momentum.Kind)
        {
            case MomentumKind.HeavyBall:
                (_memory, _direction) = (_direction, _memory);
                break;
            case MomentumKind.Nesterov:
                // θ′ is the candidate; the next score is wanted at y′ = θ′ + μ(θ′ − θ).
                TensorPrimitives.Subtract(_candidate, _iterate, _theta);
                TensorPrimitives.MultiplyAdd(_theta, _method.Step.Momentum.Share, _candidate, _theta);
                (_iterate, _candidate) = (_candidate, _iterate);
                return report;
        }
        (_theta, _candidate) = (_candidate, _theta);
        _iterate = _theta;
        return report;
    }

    /// <summary>The average of scores, without the weight of its empty start.</summary>
    ReadOnlySpan<double> AverageScores(double share)
    {
        TensorPrimitives.Multiply(_memory, share, _memory);
        Dot.Axpy(1 - share, _score, _memory);
        TensorPrimitives.Divide(_memory, 1 - Math.Pow(share, _steps), _product);
        return _product;
    }

    double DampingNow()
    {
        if (_damping > 0) { return _damping; }
        var rule = _method.Step.Damping;
        var amount = DampingAmount.Of(rule, _information);
        return rule.Kind is DampingKind.Relative or DampingKind.Condition ? amount / Correction : amount;   // those follow the information, corrected as it is
    }

    /// <summary>The direction of the step: <c>(I/c + δ)⁻¹s = c(I + cδ)⁻¹s</c>, so that a correction needs no copy of I.</summary>
    SolveStatus Direct(ReadOnlySpan<double> score, double damping)
    {
        if (_isIdentity)
        {
            score.CopyTo(_direction);
            return SolveStatus.Solved;
        }
        var correction = Correction;
        if (_method.Step.Kind == StepKind.InverseRoot)
        {
            if (_method.Step.RootFloor > 0) { return DivideByRoots(score, correction, damping); }
            var root = _information.SolveSquareRoot(score, _direction, correction * damping);
            if (root.IsSolved && correction != 1) { TensorPrimitives.Multiply(_direction, Math.Sqrt(correction), _direction); }
            return root;
        }
        var status = _information.Solve(score, _direction, correction * damping);
        if (status.IsSolved && correction != 1) { TensorPrimitives.Multiply(_direction, correction, _direction); }
        return status;
    }

    SolveStatus DivideByRoots(ReadOnlySpan<double> score, double correction, double damping)
    {
        var floor = _method.Step.RootFloor;
        _information.CopyDiagonal(_direction);
        for (var i = 0; i < _direction.Length; i++) { _direction[i] = score[i] / (Math.Sqrt(_direction[i] / correction + damping) + floor); }
        return SolveStatus.Solved;
    }

    /// <summary><c>vᵀIv</c> of the information that counts; the product array is overwritten.</summary>
    double Quadratic(ReadOnlySpan<double> v)
    {
        if (_isIdentity) { return Dot.Product(v, v); }
        _information.Multiply(v, _product);
        return Dot.Product(v, _product) / Correction;
    }
}
