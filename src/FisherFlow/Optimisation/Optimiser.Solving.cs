using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Numerics;

namespace FisherFlow.Optimisation;

/// <summary>Proximal steps: the batch's own likelihood against the quadratic of what was known before, by Newton's method.</summary>
/// <remarks>
/// Minimises <c>f(θ) = −σℓ_B(θ) + ‖θ − θₙ‖²_M/2η</c> with <c>M = I/c + δ</c>. Newton's system <c>(M/η + σXᵀWX)x = −∇f</c> is solved by conjugate gradients with
/// the exact batch and the structure's projection of it as preconditioner, so that every structure reaches the same minimum; the full one in a single iteration.
/// </remarks>
public sealed partial class Optimiser<TInformation>
{
    const double SolvedDecrement = 1e-18;   // ∇f·x, about the square of the distance in standard errors: 1e-9 of one
    const double SolvedResidual = 1e-28;    // of conjugate gradients, squared and relative
    const int MostIterations = 500;         // of conjugate gradients
    const int MostHalvings = 30;

    Proximal? _proximal;

    /// <summary>What is left of <c>−∇f</c> at the last proximal step's end, <c>[d]</c>.</summary>
    internal ReadOnlySpan<double> Leftover => _proximal is { } work ? work.Gradient : default;

    StepReport Solve(IModel model, Block block, int start, int count, in ModelShape shape)
    {
        var rule = _method.Step;
        var sums = default(FitSums);
        var rows = model.Work(block, start, count, shape, _theta, 0, default, ref sums, _workspace);
        if (!double.IsFinite(sums.Deviance)) { return Refuse(); }
        if (_proximal?.Gradient.Length != Dimension) { _proximal = new(_information); }
        var work = _proximal;
        var rate = rule.Rate.At(++_steps);
        var unit = Retain();
        work.Set(_information, 1 / (rate * PriorWeight(unit)), (_isIdentity ? 1 : 0) + DampingNow(), rate, Scale(count));
        _theta.CopyTo(work.Anchor, 0);
        var loss = 0.5 * sums.Deviance;
        var value = work.Scale * loss;
        for (var iteration = 0; ; iteration++)
        {
            work.FillGradient(rows, _theta);
            if (iteration == rule.Iterations) { break; }
            var status = work.Solve(rows, _direction);
            if (!status.IsSolved) { return new(StepOutcome.Singular, rate, work.Damping, Loss: loss, FailedPivot: status.FailedPivot); }
            if (!(Dot.Product(work.Gradient, _direction) > SolvedDecrement)) { break; }
            var accepted = false;
            for (var halving = 0; halving < MostHalvings && !accepted; halving++)
            {
                TensorPrimitives.MultiplyAdd(_direction, Math.ScaleB(1, -halving), _theta, _candidate);
                sums = default;
                rows = model.Work(block, start, count, shape, _candidate, 0, default, ref sums, _workspace);
                var reached = work.Scale * 0.5 * sums.Deviance + work.Distance(_candidate);
                if (!(reached <= value + 1e-13 * Math.Abs(value))) { continue; }   // written so that NaN is no gain
                (accepted, value) = (true, reached);
            }
            if (!accepted)
            {
                sums = default;
                rows = model.Work(block, start, count, shape, _theta, 0, default, ref sums, _workspace);
                work.FillGradient(rows, _theta);
                break;
            }
            (_theta, _candidate) = (_candidate, _theta);
            _iterate = _theta;
        }
        var divergence = work.Distance(_theta) * rate;
        if (_method.Curvature.Kind != CurvatureKind.None)
        {
            sums = default;
            Fold(Informed(model).Work(block, start, count, shape, _theta, 0, default, ref sums, _workspace), unit, work.Scale);
        }
        return new(StepOutcome.Moved, rate, work.Damping, divergence, loss);
    }

    /// <summary>What makes the retained information what it was before the batch: an average has just been faded to make room for it.</summary>
    double PriorWeight(double unit) => _method.Retention switch
    {
        { Kind: RetentionKind.Average, Corrected: true } => _weight > unit ? _weight - unit : 1,
        { Kind: RetentionKind.Average, Share: > 0 } average => average.Share,
        _ => 1,
    };

    /// <summary>The quadratic of a proximal step and the vectors that its solution takes.</summary>
    sealed class Proximal(TInformation like)
    {
        TInformation _metric = like.CreateEmpty();           // I/(cη)
        TInformation _preconditioner = like.CreateEmpty();   // with the batch's projection
        readonly double[] _product = new double[like.Dimension];
        readonly double[] _residual = new double[like.Dimension];
        readonly double[] _conditioned = new double[like.Dimension];
        readonly double[] _search = new double[like.Dimension];
        double[] _predictors = [];
        double[] _weights = [];

        public double[] Anchor { get; } = new double[like.Dimension];

        public double[] Gradient { get; } = new double[like.Dimension];

        public double Damping { get; private set; }

        public double Scale { get; private set; }

        double Ridge { get; set; }

        public void Set(TInformation information, double factor, double damping, double rate, double scale)
        {
            _metric *= 0;
            _metric += information;
            _metric *= factor;
            (Damping, Ridge, Scale) = (damping, damping / rate, scale);
        }

        /// <summary><c>−∇f = σXᵀr − (M/η)(θ − θₙ)</c>.</summary>
        public void FillGradient(in WorkingRows rows, double[] theta)
        {
            TensorPrimitives.Subtract(theta, Anchor, _search);
            MultiplyMetric(_search, Gradient);
            TensorPrimitives.Negate(Gradient, Gradient);
            RowProducts.AddTransposed(rows.Rows, rows.Scores, Scale, Gradient);
        }

        /// <summary><c>‖θ − θₙ‖²_M/2η</c>.</summary>
        public double Distance(double[] theta)
        {
            TensorPrimitives.Subtract(theta, Anchor, _search);
            MultiplyMetric(_search, _product);
            return 0.5 * Dot.Product(_search, _product);
        }

        /// <summary>Newton's direction at these rows, from the gradient that was filled.</summary>
        public SolveStatus Solve(in WorkingRows rows, double[] direction)
        {
            var n = rows.Rows.Count;
            if (_weights.Length < n) { (_weights, _predictors) = (new double[n], new double[n]); }
            TensorPrimitives.Multiply(rows.Weights, Scale, _weights.AsSpan(0, n));
            _preconditioner *= 0;
            _preconditioner += _metric;
            _preconditioner.Add(rows.Rows, _weights.AsSpan(0, n));
            Gradient.CopyTo(_residual, 0);
            direction.AsSpan().Clear();
            var status = _preconditioner.Solve(_residual, _conditioned, Ridge);
            if (!status.IsSolved) { return status; }
            _conditioned.CopyTo(_search, 0);
            var rho = Dot.Product(_residual, _conditioned);
            var enough = SolvedResidual * rho;
            for (var iteration = 0; iteration < MostIterations && rho > enough; iteration++)
            {
                MultiplyHessian(rows.Rows, n);
                var curvature = Dot.Product(_search, _product);
                if (!(curvature > 0)) { break; }
                var step = rho / curvature;
                Dot.Axpy(step, _search, direction);
                Dot.Axpy(-step, _product, _residual);
                if (!_preconditioner.Solve(_residual, _conditioned, Ridge).IsSolved) { break; }
                var next = Dot.Product(_residual, _conditioned);
                TensorPrimitives.MultiplyAdd(_search, next / rho, _conditioned, _search);
                rho = next;
            }
            return SolveStatus.Solved;
        }

        void MultiplyMetric(ReadOnlySpan<double> v, Span<double> product)
        {
            _metric.Multiply(v, product);
            if (Ridge != 0) { Dot.Axpy(Ridge, v, product); }
        }

        void MultiplyHessian(in DesignRows rows, int n)
        {
            MultiplyMetric(_search, _product);
            RowProducts.Multiply(rows, _search, _predictors);
            TensorPrimitives.Multiply(_predictors.AsSpan(0, n), _weights.AsSpan(0, n), _predictors.AsSpan(0, n));
            RowProducts.AddTransposed(rows, _predictors, 1, _product);
        }
    }
}
