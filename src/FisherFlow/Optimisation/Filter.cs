using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Optimisation;

/// <summary>The converged regime: θ solved out for everything seen, and <c>I⁻¹</c> its covariance.</summary>
/// <remarks>
/// For linear-Gaussian observations it is recursive least squares and the Kalman filter of a fixed state, exactly. For other models it is the renewable
/// estimator (Luo &amp; Song 2020), whose score left over is watched: beyond a gauge of a hundredth the covariance is withheld, with the reason.
/// The dispersion counts as one: scale by an estimate of it where it is unknown. Threads: one caller at a time.
/// </remarks>
/// <typeparam name="TInformation">The structure; one that understates variances says so.</typeparam>
public sealed class Filter<TInformation> where TInformation : class, IInformation<TInformation>
{
    /// <summary>The largest score left over, in units of information, with which θ still counts as solved: a tenth of a standard error.</summary>
    public const double LargestGauge = 0.01;

    readonly ConvergedMethod<TInformation> _method;
    readonly Optimiser<TInformation> _engine;
    readonly double[] _leftover;
    readonly double[] _work;

    internal Filter(ReadOnlySpan<double> theta, ConvergedMethod<TInformation> method)
        : this(method, new Optimiser<TInformation>(theta, method.Axes), new double[theta.Length], 0)
    {
    }

    internal Filter(ReadOnlySpan<double> theta, ConvergedMethod<TInformation> method, TInformation precision)
        : this(method, new Optimiser<TInformation>(theta, method.Axes, precision), new double[theta.Length], 0)
    {
    }

    Filter(ConvergedMethod<TInformation> method, Optimiser<TInformation> engine, double[] leftover, long observations) =>
        (_method, _engine, _leftover, _work, Observations) = (method, engine, leftover, new double[leftover.Length], observations);

    /// <summary>The estimate, or posterior mean, <c>[d]</c>.</summary>
    public ReadOnlySpan<double> Theta => _engine.Iterate;

    /// <summary>Observations learned.</summary>
    public long Observations { get; private set; }

    /// <summary>Batches refused because the likelihood was not finite; they changed nothing.</summary>
    public long Refusals => _engine.Refusals;

    /// <summary>Whether the structure drops correlations, so that its variances are too small.</summary>
    public static bool UnderstatesVariance => TInformation.UnderstatesVariance;

    /// <summary>The precision of θ, with the prior's: a copy.</summary>
    public TInformation CopyInformation() => _engine.CopyInformation();

    /// <summary>Learns a batch of observations: <c>θ′ = argmax ℓ_B(θ) − ½‖θ − θₙ‖²_I</c>, <c>I ← I + I_B(θ′)</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="block">The rows.</param>
    /// <param name="start">The first row of the batch.</param>
    /// <param name="count">Its rows.</param>
    /// <param name="shape">The sizes under which θ is laid out.</param>
    public StepReport Observe(IModel model, Block block, int start, int count, in ModelShape shape)
    {
        var report = _engine.Step(model, block, start, count, shape);
        if (!report.HasMoved) { return report; }
        Dot.Axpy(1, _engine.Leftover, _leftover);
        Observations += count;
        return report;
    }

    /// <summary>Learns a whole block of observations.</summary>
    public StepReport Observe(IModel model, Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return Observe(model, block, 0, block.Count, block.Shape);
    }

    /// <summary><c>g = rᵀI⁻¹r</c> of the score r that unfinished steps left over; 0 for quadratic likelihoods, +∞ while the information is singular.</summary>
    public double Gauge()
    {
        var information = _engine.CopyInformation();
        return information.Solve(_leftover, _work, damping: 0).IsSolved ? Dot.Product(_leftover, _work) : double.PositiveInfinity;
    }

    /// <summary>Copies the standard errors <c>√(I⁻¹)ᵢᵢ</c>.</summary>
    /// <param name="errors">Receives them, <c>[d]</c>; as it was when there are none.</param>
    /// <param name="reason">Why there are none, or empty.</param>
    public bool TryCopyStandardErrors(Span<double> errors, out string reason)
    {
        if (errors.Length != _leftover.Length) { throw new ArgumentException($"there are {_leftover.Length} standard errors, and room for {errors.Length}", nameof(errors)); }
        var gauge = Gauge();
        if (!(gauge <= LargestGauge))
        {
            reason = double.IsFinite(gauge)
                ? $"the steps left a score of {gauge:G3} in units of information, and the errors would not be those of this θ: allow more iterations, or larger batches at the start"
                : "the observations do not determine every parameter yet: the information is singular";
            return false;
        }
        reason = "";
        _engine.CopyInformation().InverseDiagonal(errors, damping: 0);
        foreach (ref var error in errors) { error = Math.Sqrt(error); }
        return true;
    }

    /// <summary>Writes the state, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Observations);
        writer.Write(_leftover);
        _engine.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote under the same method.</summary>
    /// <exception cref="InvalidDataException">The state is of another method, or damaged.</exception>
    public static Filter<TInformation> Load(StateReader reader, ConvergedMethod<TInformation> method)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(method);
        var (observations, leftover) = (reader.ReadInt64(), reader.ReadDoubles());
        var engine = Optimiser<TInformation>.Load(reader, method.Axes);
        return leftover.Length == engine.Dimension
            ? new(method, engine, leftover, observations)
            : throw new InvalidDataException($"{engine.Dimension} parameters come with a score of {leftover.Length}");
    }

    /// <summary>The method.</summary>
    public ConvergedMethod<TInformation> Method => _method;
}
