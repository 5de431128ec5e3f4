using System.Globalization;
using FisherFlow.Estimation;
using FisherFlow.Information;

namespace FisherFlow.Optimisation;

/// <summary>A named method of optimisation: a point in the space structure × memory × estimate × step.</summary>
public abstract record Method
{
    private protected Method()
    {
    }

    /// <summary>The axes in words; a snapshot is only read back by the method that wrote it.</summary>
    public abstract string Description { get; }

    /// <summary>What turns information and score into movement.</summary>
    public abstract StepRule Step { get; init; }

    /// <summary>The same method with another step.</summary>
    public Method WithStep(StepRule step) => this with { Step = step };

    /// <summary>Refuses points of the space where nothing stands.</summary>
    /// <exception cref="ArgumentException">The axes do not go together; the message says why.</exception>
    public abstract void Verify();

    /// <summary>An optimiser of this method that starts at θ.</summary>
    /// <param name="theta">The start <c>[d]</c>.</param>
    public abstract Optimiser Start(ReadOnlySpan<double> theta);

    /// <summary>Reads what <see cref="Optimiser.Save"/> wrote under the same method.</summary>
    /// <exception cref="InvalidDataException">The state is of another method, or damaged.</exception>
    public abstract Optimiser Load(Snapshots.StateReader reader);
}

/// <summary>A point in the space structure × memory × estimate × step; a tuple of the four is one.</summary>
/// <typeparam name="TInformation">The structure.</typeparam>
/// <param name="Structure">The shape in which information is kept.</param>
/// <param name="Retention">How long information counts.</param>
/// <param name="Curvature">How a batch's information is computed.</param>
/// <param name="Step">What turns information and score into movement.</param>
/// <param name="Prior">ε of the information <c>ε·1</c> that a sum starts from: a N(θ₀, 1/ε) prior, and reported as the prior it is.</param>
public sealed record Method<TInformation>(Structure<TInformation> Structure, Retention Retention, Curvature Curvature, StepRule Step, double Prior = 0) : Method
    where TInformation : class, IInformation<TInformation>
{
    /// <inheritdoc/>
    public override StepRule Step { get; init; } = Step;

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"({Structure.Name}, {Retention}, {Curvature}, {Step}{(Prior > 0 ? string.Create(CultureInfo.InvariantCulture, $", prior {Prior}") : "")})");

    /// <inheritdoc/>
    public override Optimiser<TInformation> Start(ReadOnlySpan<double> theta) => new(theta, this);

    /// <inheritdoc/>
    public override Optimiser<TInformation> Load(Snapshots.StateReader reader) => Optimiser<TInformation>.Load(reader, this);

    /// <summary>The axes are the method.</summary>
    public static implicit operator Method<TInformation>((Structure<TInformation> Structure, Retention Retention, Curvature Curvature, StepRule Step) axes) =>
        new(axes.Structure, axes.Retention, axes.Curvature, axes.Step);

    /// <summary>The axes and what a sum starts from.</summary>
    public static implicit operator Method<TInformation>((Structure<TInformation> Structure, Retention Retention, Curvature Curvature, StepRule Step, double Prior) axes) =>
        new(axes.Structure, axes.Retention, axes.Curvature, axes.Step, axes.Prior);

    /// <inheritdoc/>
    public override void Verify()
    {
        if (Prior > 0 && Retention.Kind != RetentionKind.Sum)
        {
            throw new ArgumentException($"a prior is evidence, which only a sum keeps; with retention '{Retention}' use damping instead");
        }
        if (!(Prior >= 0 && double.IsFinite(Prior))) { throw new ArgumentException($"a prior precision of {Prior} is not legal; it is finite and at least 0"); }
        if (Step.RootFloor > 0 && TInformation.Name is not ("diagonal" or "scalar"))
        {
            throw new ArgumentException($"a floor under the root needs a root that is a number for each parameter, and the structure is {TInformation.Name}: damp the information instead");
        }
        if (Step.RootFloor > 0 && Step.Kind != StepKind.InverseRoot) { throw new ArgumentException("a floor under the root belongs to the inverse-root step; other steps are damped"); }
        if (Step.Kind == StepKind.Mirror != Step.Potential is not null) { throw new ArgumentException("a mirror step needs a potential, and no other step has one"); }
        if (Step.Kind == StepKind.Mirror && Curvature.Kind != CurvatureKind.None) { throw new ArgumentException("a mirror step uses no information: its curvature is none"); }
        if (Step.Kind == StepKind.Proximal && Curvature.Kind is CurvatureKind.BatchMean)
        {
            throw new ArgumentException("a proximal step weighs old information against a batch's own, and the square of a mean score is no information: use expected or per-sample");
        }
        if (Step.Kind is StepKind.Proximal or StepKind.Mirror && Step.Momentum.Kind != MomentumKind.None)
        {
            throw new ArgumentException($"{(Step.Kind == StepKind.Mirror ? "a mirror" : "a proximal")} step solves its problem out; momentum is for natural and inverse-root steps");
        }
        if (Step.AdaptiveDamping > 0 && Step.Kind != StepKind.Natural) { throw new ArgumentException("the Levenberg-Marquardt ratio judges natural steps; other steps take a fixed damping"); }
        if (Step is { AdaptiveDamping: > 0, Damping.Kind: not DampingKind.None }) { throw new ArgumentException("a step is damped by one rule: a given one, or the Levenberg-Marquardt ratio"); }
    }
}
