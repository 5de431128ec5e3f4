using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Numerics;

namespace FisherFlow.Optimisation;

/// <summary>What earlier tasks taught, as a penalty on the next: <c>½λ‖θ − θ*‖²_F</c>, for optimisers that take scores from elsewhere.</summary>
/// <remarks>
/// One anchor for all tasks, at the latest optimum, with the sum of their information (Huszár 2018): one anchor a task counts the first again and again. At λ = 1 with the
/// full information of linear models the penalised optimum is that of all tasks together. Source: Kirkpatrick et al. (2017); the information is that at the old optimum.
/// </remarks>
/// <typeparam name="TInformation">The structure of the importances.</typeparam>
public sealed class Anchor<TInformation> where TInformation : class, IInformation<TInformation>
{
    TInformation _information;   // changed in place, by compound operators
    readonly double[] _theta;
    readonly double[] _difference;
    readonly double[] _product;

    /// <summary>Anchors θ* with its information, which is copied.</summary>
    /// <param name="theta">The optimum of the tasks so far <c>[d]</c>.</param>
    /// <param name="information">Their information at it.</param>
    public Anchor(ReadOnlySpan<double> theta, TInformation information)
    {
        ArgumentNullException.ThrowIfNull(information);
        if (information.Dimension != theta.Length) { throw new ArgumentException($"{theta.Length} parameters come with information about {information.Dimension}", nameof(information)); }
        (_theta, _information) = (theta.ToArray(), information.Copy());
        (_difference, _product) = (new double[theta.Length], new double[theta.Length]);
    }

    /// <summary>Where θ is held, <c>[d]</c>.</summary>
    public ReadOnlySpan<double> Theta => _theta;

    /// <summary><c>½λ(θ − θ*)ᵀF(θ − θ*)</c>.</summary>
    /// <param name="theta">θ <c>[d]</c>.</param>
    /// <param name="strength">λ.</param>
    public double Penalty(ReadOnlySpan<double> theta, double strength)
    {
        Pull(theta);
        return 0.5 * strength * Dot.Product(_difference, _product);
    }

    /// <summary>Adds the pull of the anchor to a score: <c>s ← s − λF(θ − θ*)</c>.</summary>
    /// <param name="theta">θ <c>[d]</c>.</param>
    /// <param name="strength">λ; of a mean score over n observations, λ/n.</param>
    /// <param name="score">s <c>[d]</c>.</param>
    public void AddScore(ReadOnlySpan<double> theta, double strength, Span<double> score)
    {
        Pull(theta);
        Dot.Axpy(-strength, _product, score);
    }

    /// <summary>Takes in a finished task: the anchor moves to its optimum, and its information is added.</summary>
    /// <param name="theta">The optimum <c>[d]</c> with the penalty in force.</param>
    /// <param name="information">The task's information at it.</param>
    /// <param name="retention">The share kept of the information so far: 1, or online EWC's γ.</param>
    public void Consolidate(ReadOnlySpan<double> theta, TInformation information, double retention = 1)
    {
        if (theta.Length != _theta.Length) { throw new ArgumentException($"the anchor holds {_theta.Length} parameters, and θ has {theta.Length}", nameof(theta)); }
        if (retention != 1) { _information *= retention; }
        _information += information;
        theta.CopyTo(_theta);
    }

    void Pull(ReadOnlySpan<double> theta)
    {
        TensorPrimitives.Subtract(theta, _theta, _difference);
        _information.Multiply(_difference, _product);
    }
}
