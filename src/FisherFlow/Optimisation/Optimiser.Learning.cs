using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Numerics;

namespace FisherFlow.Optimisation;

/// <summary>Steps on blocks of observations under a model.</summary>
public sealed partial class Optimiser<TInformation>
{
    const double Trusted = 0.75;      // of the gain foretold: the damping shrinks
    const double Mistrusted = 0.25;   // below it the damping grows
    const double AdaptiveFactor = 1.5;
    const double Rounding = 1e-12;    // of a likelihood

    IModel? _model;
    IModel? _informed;

    /// <inheritdoc/>
    public override StepReport Step(IModel model, Block block, int start, int count, in ModelShape shape)
    {
        Require(model, block, start, count, shape);
        if (_method.Step.Kind == StepKind.Proximal) { return Solve(model, block, start, count, shape); }
        var sums = default(FitSums);
        if (!Describe(model, block, start, count, shape, ref sums)) { return Refuse(); }
        var before = Scale(count) * 0.5 * sums.Deviance;
        var moves = Propose(out var report);
        report = report with { Loss = 0.5 * sums.Deviance };
        if (!moves) { return report; }
        return _method.Step.AdaptiveDamping > 0 && !IsTrusted(model, block, start, count, shape, before)
            ? report with { Outcome = StepOutcome.Rejected }
            : Commit(report);
    }

    /// <inheritdoc/>
    public override void Prepare(IModel model, Block block, int start, int count, in ModelShape shape)
    {
        Require(model, block, start, count, shape);
        var sums = default(FitSums);
        if (!Describe(model, block, start, count, shape, ref sums)) { Refuse(); }
    }

    void Require(IModel model, Block block, int start, int count, in ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(block);
        if (count < 1 || start < 0 || start + count > block.Count) { throw new ArgumentOutOfRangeException(nameof(count), count, $"rows {start} to {start + count - 1} are not among the {block.Count} of the block"); }
        if (model.Dimension(shape) != Dimension) { throw new ArgumentException($"the model has {model.Dimension(shape)} parameters under this shape, and θ has {Dimension}", nameof(shape)); }
        if (model.HasAuxiliary) { throw new ArgumentException("the model estimates an auxiliary parameter beside θ (the negative binomial's), which steps along a score do not: fit it in one pass", nameof(model)); }
    }

    /// <summary>Folds the batch's information and leaves its score; false, and nothing changed, when the likelihood is not finite at θ.</summary>
    bool Describe(IModel model, Block block, int start, int count, in ModelShape shape, ref FitSums sums)
    {
        var work = Informed(model).Work(block, start, count, shape, _theta, 0, default, ref sums, _workspace);
        if (!double.IsFinite(sums.Deviance)) { return false; }
        var scale = Scale(count);
        _score.AsSpan().Clear();
        RowProducts.AddTransposed(work.Rows, work.Scores, scale, _score);
        if (!IsFinite(_score)) { return false; }
        Fold(work, Retain(), scale);
        return true;
    }

    void Fold(in WorkingRows work, double unit, double scale)
    {
        switch (_method.Curvature.Kind)
        {
            case CurvatureKind.None: break;
            case CurvatureKind.BatchMean: _information.Add(_score, unit); break;
            default:
                var n = work.Rows.Count;
                if (unit * scale == 1)
                {
                    _information.Add(work.Rows, work.Weights);
                    break;
                }
                if (_weights.Length < n) { _weights = new double[n]; }
                TensorPrimitives.Multiply(work.Weights, unit * scale, _weights.AsSpan(0, n));
                _information.Add(work.Rows, _weights.AsSpan(0, n));
                break;
        }
    }

    /// <summary>The model with the information that the method asks for.</summary>
    IModel Informed(IModel model)
    {
        if (!ReferenceEquals(model, _model))
        {
            _model = model;
            _informed = _method.Curvature.Kind switch
            {
                CurvatureKind.PerSample => model.WithInformation(InformationKind.Empirical),
                CurvatureKind.MonteCarlo => model.WithInformation(InformationKind.MonteCarlo, _method.Curvature.Draws, _method.Curvature.Seed),
                _ => model,
            };
        }
        return _informed!;
    }

    /// <summary>Compares the gain of the candidate with the quadratic's forecast and adapts the damping; false when the likelihood fell.</summary>
    /// <remarks>Source: Marquardt (1963); the thresholds and factor as in Martens &amp; Grosse (2015), §6.5.</remarks>
    bool IsTrusted(IModel model, Block block, int start, int count, in ModelShape shape, double before)
    {
        TensorPrimitives.Subtract(_candidate, _theta, _direction);
        var foretold = Dot.Product(_score, _direction) - 0.5 * Quadratic(_direction);
        var sums = default(FitSums);
        model.Work(block, start, count, shape, _candidate, 0, default, ref sums, _workspace);
        var gain = before - Scale(count) * 0.5 * sums.Deviance;
        if (Math.Abs(foretold) <= Rounding * Math.Abs(before)) { return gain >= -Rounding * Math.Abs(before); }   // at the optimum there is nothing to judge by
        var ratio = gain / foretold;
        if (ratio > Trusted) { _damping /= AdaptiveFactor; }
        else if (!(ratio >= Mistrusted)) { _damping *= AdaptiveFactor; }   // written so that NaN grows it too
        return gain >= 0;
    }
}
