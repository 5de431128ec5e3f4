using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Numerics;

namespace FisherFlow.Optimisation;

/// <summary>The trajectory regime with information kept in one structure.</summary>
/// <remarks>Shape: θ <c>[d]</c>. Cost: that of the structure's solve, and of folding the batch. It has no covariance, by type: see <see cref="Optimiser"/>.</remarks>
/// <typeparam name="TInformation">The structure.</typeparam>
public sealed partial class Optimiser<TInformation> : Optimiser where TInformation : class, IInformation<TInformation>
{
    readonly Method<TInformation> _method;
    readonly Workspace _workspace = new();
    TInformation _information;   // changed in place, by compound operators
    readonly bool _isIdentity;   // a fixed metric that nobody gave: the identity, which needs no solve
    double[] _theta;
    double[] _iterate;           // the same array as θ, but under Nesterov's momentum
    double[] _memory;            // of the momentum; empty without
    double[] _score;
    double[] _direction;
    double[] _candidate;
    double[] _product;
    double[] _weights = [];
    double _weight;              // what an average's coefficients add up to so far
    double _damping;
    long _steps;
    long _refusals;

    /// <summary>Starts at θ without information, or with the method's prior.</summary>
    /// <param name="theta">The start <c>[d]</c>, finite.</param>
    /// <param name="method">The axes.</param>
    /// <exception cref="ArgumentException">The axes do not go together, or the start is not finite.</exception>
    public Optimiser(ReadOnlySpan<double> theta, Method<TInformation> method)
        : this(theta, method, Empty(theta.Length, method), method.Retention.Kind == RetentionKind.Fixed, 0)
    {
    }

    /// <summary>Starts at θ with information from elsewhere: a regulariser, another state, a first batch; it is copied.</summary>
    /// <remarks>To trust another state at a discount, multiply its copy by a share first: <c>start *= 0.1</c>.</remarks>
    /// <param name="theta">The start <c>[d]</c>, finite.</param>
    /// <param name="method">The axes; a prior of theirs is added.</param>
    /// <param name="start">The information at the start; per observation where the method averages.</param>
    /// <exception cref="ArgumentException">The axes do not go together, the start is not finite or the information is of another dimension.</exception>
    public Optimiser(ReadOnlySpan<double> theta, Method<TInformation> method, TInformation start)
        : this(theta, method, WithPrior(start, method.Prior), false, 1)
    {
    }

    Optimiser(ReadOnlySpan<double> theta, Method<TInformation> method, TInformation information, bool isIdentity, double weight)
    {
        ArgumentNullException.ThrowIfNull(method);
        method.Verify();
        RequireFinite(theta, nameof(theta));
        if (information.Dimension != theta.Length) { throw new ArgumentException($"{theta.Length} parameters start with information about {information.Dimension}", nameof(information)); }
        (_method, _information, _isIdentity, _weight) = (method, information, isIdentity, weight);
        var d = theta.Length;
        _theta = theta.ToArray();
        _iterate = method.Step.Momentum.Kind == MomentumKind.Nesterov ? theta.ToArray() : _theta;
        _memory = method.Step.Momentum.Kind is MomentumKind.Scores or MomentumKind.HeavyBall ? new double[d] : [];
        (_score, _direction, _candidate, _product) = (new double[d], new double[d], new double[d], new double[d]);
        _damping = method.Step.AdaptiveDamping;
    }

    /// <summary>The axes.</summary>
    public Method<TInformation> Method => _method;

    /// <inheritdoc/>
    public override string Description => _method.Description;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Theta => _theta;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Iterate => _iterate;

    /// <inheritdoc/>
    public override long Steps => _steps;

    /// <inheritdoc/>
    public override long Refusals => _refusals;

    /// <inheritdoc/>
    public override double AdaptiveDamping => _damping;

    /// <summary>The metric gathered on the way, before the correction of an average's start. It is not a precision: a copy, to look at and to start others from.</summary>
    public TInformation CopyInformation() => _information.Copy();

    /// <inheritdoc/>
    public override StepReport Step(ReadOnlySpan<double> scores, int count)
    {
        var d = Dimension;
        if (count < 1 || scores.Length != (long)count * d) { throw new ArgumentException($"scores [{count}, {d}] are {(long)count * d} numbers; there are {scores.Length}", nameof(scores)); }
        var (step, curvature) = (_method.Step, _method.Curvature.Kind);
        if (curvature is CurvatureKind.Expected or CurvatureKind.MonteCarlo || step.Kind == StepKind.Proximal || step.AdaptiveDamping > 0)
        {
            throw new InvalidOperationException($"the method {Description} asks a model for {(curvature is CurvatureKind.Expected or CurvatureKind.MonteCarlo ? "its information" : "its likelihood")}: give it a model and a block, or take another method");
        }
        if (!IsFinite(scores)) { return Refuse(); }
        scores[..d].CopyTo(_score);
        for (var i = 1; i < count; i++) { TensorPrimitives.Add(_score, scores.Slice(i * d, d), _score); }
        var scale = Scale(count);
        if (scale != 1) { TensorPrimitives.Multiply(_score, scale, _score); }
        var unit = Retain();
        if (curvature == CurvatureKind.BatchMean) { _information.Add(_score, unit); }
        else if (curvature == CurvatureKind.PerSample)
        {
            for (var i = 0; i < count; i++) { _information.Add(scores.Slice(i * d, d), unit * scale); }
        }
        return Propose(out var report) ? Commit(report) : report;
    }

    /// <inheritdoc/>
    public override void MoveTo(ReadOnlySpan<double> theta)
    {
        if (theta.Length != Dimension) { throw new ArgumentException($"{Dimension} parameters cannot move to a place of {theta.Length}", nameof(theta)); }
        RequireFinite(theta, nameof(theta));
        theta.CopyTo(_theta);
        theta.CopyTo(_iterate);
    }

    /// <summary>Whether scores and information are totals over the batch; otherwise they are means.</summary>
    bool IsTotal => _method.Retention.Kind == RetentionKind.Sum && _method.Curvature.Kind != CurvatureKind.BatchMean;

    double Scale(int count) => IsTotal ? 1 : 1.0 / count;

    /// <summary>Fades the old information and returns what the batch's counts.</summary>
    double Retain()
    {
        var retention = _method.Retention;
        if (retention.Kind == RetentionKind.Average)
        {
            _information *= retention.Share;
            _weight = retention.Share * _weight + (1 - retention.Share);
            return 1 - retention.Share;
        }
        if (retention is { Kind: RetentionKind.Sum, Share: < 1 }) { _information *= retention.Share; }
        return 1;
    }

    /// <summary>What the information is divided by: an average's coefficients so far, when their empty start is not to count.</summary>
    double Correction => _method.Retention is { Kind: RetentionKind.Average, Corrected: true } ? _weight : 1;

    StepReport Refuse()
    {
        _refusals++;
        return new(StepOutcome.NotFinite);
    }

    static TInformation Empty(int dimension, Method<TInformation> method)
    {
        ArgumentNullException.ThrowIfNull(method);
        var information = method.Structure.Create(dimension);
        AddPrior(information, method.Prior, 0);
        return information;
    }

    static TInformation WithPrior(TInformation start, double prior)
    {
        ArgumentNullException.ThrowIfNull(start);
        var copy = start.Copy();
        AddPrior(copy, prior, 0);
        return copy;
    }

    static void AddPrior(TInformation information, double prior, int from)
    {
        if (prior == 0) { return; }
        var unit = new double[information.Dimension];
        for (var i = from; i < unit.Length; i++)
        {
            unit[i] = 1;
            information.Add(unit, prior);
            unit[i] = 0;
        }
    }

    static bool IsFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) { return false; }
        }
        return true;
    }

    static void RequireFinite(ReadOnlySpan<double> theta, string name)
    {
        for (var i = 0; i < theta.Length; i++)
        {
            if (!double.IsFinite(theta[i])) { throw new ArgumentException($"parameter {i} would start at {theta[i]}; a start is finite", name); }
        }
    }
}
