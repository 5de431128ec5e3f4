using FisherFlow.Information;

namespace FisherFlow.Optimisation;

/// <summary>A method of the converged regime: evidence is summed and never fades, and every step is solved out, so that <c>I⁻¹</c> is a covariance.</summary>
/// <remarks>Its memory, estimate and step are not for choosing: what remains of the four axes is the structure, how far a step is iterated and what the sum starts from.</remarks>
/// <typeparam name="TInformation">The structure.</typeparam>
/// <param name="Structure">The shape in which information is kept.</param>
/// <param name="Iterations">Newton steps of a batch at most; one is enough where the likelihood is quadratic.</param>
/// <param name="Prior">ε of the information <c>ε·1</c> that the sum starts from: a N(θ₀, 1/ε) prior.</param>
public sealed record ConvergedMethod<TInformation>(Structure<TInformation> Structure, int Iterations, double Prior) where TInformation : class, IInformation<TInformation>
{
    /// <summary>The same point among the methods of optimisation, where it has no covariance.</summary>
    public Method<TInformation> Axes => (Structure, Retention.Sum, Curvature.Expected, Steps.Proximal(1, Iterations), Prior);

    /// <summary>A filter of this method that starts at θ.</summary>
    /// <param name="theta">The prior mean <c>[d]</c>.</param>
    public Filter<TInformation> Start(ReadOnlySpan<double> theta) => new(theta, this);

    /// <summary>A filter that starts at θ with a precision: a Kalman filter's prior.</summary>
    /// <param name="theta">The prior mean <c>[d]</c>.</param>
    /// <param name="precision">The inverse of the prior covariance; it is copied, and the method's own prior added.</param>
    public Filter<TInformation> Start(ReadOnlySpan<double> theta, TInformation precision) => new(theta, this, precision);

    /// <summary>The three choices are the method.</summary>
    public static implicit operator ConvergedMethod<TInformation>((Structure<TInformation> Structure, int Iterations, double Prior) axes) => new(axes.Structure, axes.Iterations, axes.Prior);
}
