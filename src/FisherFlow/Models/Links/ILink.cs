using FisherFlow.Differentiation;

namespace FisherFlow.Models.Links;

/// <summary>How the mean follows the linear predictor, <c>μ = g⁻¹(η)</c>: a struct without state, so that loops over it are compiled for it.</summary>
/// <remarks>Far out, means are held where score and information stay finite: probabilities a machine epsilon from 0 and 1, as in R, positive means within 10^±60.</remarks>
public interface ILink
{
    /// <summary>Its name.</summary>
    Link Kind { get; }

    /// <summary>The one transcendental function that <see cref="At"/> needs, over many predictors: vectorised where it can be.</summary>
    /// <param name="eta">Linear predictors <c>[n]</c>.</param>
    /// <param name="values">The function's values <c>[n]</c>; left alone by links that need none.</param>
    void Prepare(ReadOnlySpan<double> eta, Span<double> values);

    /// <summary>Mean, its complement and its derivative at η.</summary>
    /// <param name="eta">The linear predictor.</param>
    /// <param name="prepared">What <see cref="Prepare"/> gave for it.</param>
    MeanPoint At(double eta, double prepared);

    /// <summary>Whether η has a mean at all; false for what is not a number.</summary>
    bool Contains(double eta);

    /// <summary><c>η = g(μ)</c>.</summary>
    double Predictor(double mean);

    /// <summary><c>μ″/μ′ = (d²μ/dη²)/(dμ/dη)</c>, what Firth's correction needs; finite where <see cref="At"/> is.</summary>
    double Curvature(double eta);

    /// <summary><c>μ = g⁻¹(η)</c> over any scalar.</summary>
    T Mean<T>(T eta) where T : struct, IScalar<T>;

    /// <summary><c>log μ</c> over any scalar, in the tail too.</summary>
    T LogMean<T>(T eta) where T : struct, IScalar<T>;

    /// <summary><c>log(1 − μ)</c> over any scalar, in the tail too; for links of probabilities.</summary>
    T LogComplement<T>(T eta) where T : struct, IScalar<T>;
}

/// <summary>A mean with what a GLM asks of it.</summary>
/// <param name="Mean">μ.</param>
/// <param name="Complement">1 − μ, without cancellation for links of probabilities.</param>
/// <param name="Slope">dμ/dη.</param>
public readonly record struct MeanPoint(double Mean, double Complement, double Slope);
