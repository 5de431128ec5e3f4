using FisherFlow.Estimation;
using FisherFlow.Information;

namespace FisherFlow.Optimisation;

/// <summary>Named methods, each as the tuple (structure, memory, estimate, step) that it is.</summary>
/// <remarks>
/// What returns a <see cref="Method{TInformation}"/> is of the trajectory regime and has no covariance; what returns a
/// <see cref="ConvergedMethod{TInformation}"/> has one. Scores are gradients of the log-likelihood, so the signs are those of ascent.
/// </remarks>
public static class Presets
{
    /// <summary>Stochastic gradient: <c>θ ← θ + ηs̄</c> (Robbins &amp; Monro 1951).</summary>
    public static Method<DiagonalInformation> Sgd(Schedule rate) => (Structures.Diagonal, Retention.Fixed, Curvature.None, Steps.Natural(rate));

    /// <summary>Stochastic gradient with a heavy ball: <c>v ← μv + s̄</c>, <c>θ ← θ + ηv</c> (Polyak 1964).</summary>
    public static Method<DiagonalInformation> MomentumSgd(Schedule rate, double momentum = 0.9) =>
        (Structures.Diagonal, Retention.Fixed, Curvature.None, Steps.Natural(rate) with { Momentum = Momentum.HeavyBall(momentum) });

    /// <summary>Implicit stochastic gradient (Toulis &amp; Airoldi 2017): <c>θ′ = θ + ηs̄(θ′)</c>, stable at every rate.</summary>
    public static Method<DiagonalInformation> ImplicitSgd(Schedule rate) => (Structures.Diagonal, Retention.Fixed, Curvature.None, Steps.Proximal(rate));

    /// <summary>RMSprop (Tieleman &amp; Hinton 2012): <c>v ← ρv + (1 − ρ)s̄²</c>, <c>θ ← θ + ηs̄/(√v + ε)</c>.</summary>
    public static Method<DiagonalInformation> RmsProp(Schedule rate, double retention = 0.99, double floor = 1e-8) =>
        (Structures.Diagonal, Retention.Average(retention, corrected: false), Curvature.BatchMean, Steps.InverseRoot(rate, floor));

    /// <summary>AdaGrad (Duchi, Hazan &amp; Singer 2011): <c>v ← v + s̄²</c>, <c>θ ← θ + ηs̄/(√v + ε)</c>.</summary>
    public static Method<DiagonalInformation> AdaGrad(Schedule rate, double floor = 1e-10) =>
        (Structures.Diagonal, Retention.Sum, Curvature.BatchMean, Steps.InverseRoot(rate, floor));

    /// <summary>Adam (Kingma &amp; Ba 2015).</summary>
    public static Method<DiagonalInformation> Adam(Schedule rate, double momentum = 0.9, double retention = 0.999, double floor = 1e-8) =>
        (Structures.Diagonal, Retention.Average(retention), Curvature.BatchMean, Steps.InverseRoot(rate, floor) with { Momentum = Momentum.OfScores(momentum) });

    /// <summary>AdamW (Loshchilov &amp; Hutter 2019): Adam with weight decay apart from the score.</summary>
    public static Method<DiagonalInformation> AdamW(Schedule rate, double decay = 0.01, double momentum = 0.9, double retention = 0.999, double floor = 1e-8) =>
        (Structures.Diagonal, Retention.Average(retention), Curvature.BatchMean, Steps.InverseRoot(rate, floor) with { Momentum = Momentum.OfScores(momentum), Decay = decay });

    /// <summary>The natural gradient (Amari 1998) with an average of the expected information: <c>θ ← θ + η(F̄ + δ)⁻¹s̄</c>.</summary>
    public static Method<FullInformation> NaturalGradient(Schedule rate, DampingRule damping, double retention = 0.95) => NaturalGradient(Structures.Full, rate, damping, retention);

    /// <summary>The natural gradient with its information in another structure; with Kronecker products of a layer it is K-FAC's (Martens &amp; Grosse 2015).</summary>
    public static Method<TInformation> NaturalGradient<TInformation>(Structure<TInformation> structure, Schedule rate, DampingRule damping, double retention = 0.95)
        where TInformation : class, IInformation<TInformation> => (structure, Retention.Average(retention), Curvature.Expected, Steps.Natural(rate, damping));

    /// <summary>The diagonal natural gradient: per-sample squares and no root. Unlike Adam it is covariant under rescaling of the parameters.</summary>
    public static Method<DiagonalInformation> DiagonalNaturalGradient(Schedule rate, DampingRule damping, double retention = 0.999) =>
        (Structures.Diagonal, Retention.Average(retention), Curvature.PerSample, Steps.Natural(rate, damping));

    /// <summary>Online Newton step (Hazan, Agarwal &amp; Kale 2007) without its projection: <c>A ← A + ssᵀ</c>, <c>θ ← θ + A⁻¹s/γ</c>.</summary>
    public static Method<FullInformation> OnlineNewtonStep(double gamma, double prior) => (Structures.Full, Retention.Sum, Curvature.PerSample, Steps.Natural(1 / gamma), prior);

    /// <summary>The extended Kalman filter of a fixed state: <c>I ← I + F(θ)</c>, <c>θ ← θ + I⁻¹s</c>; also Amari's online natural gradient (Ollivier 2018).</summary>
    /// <remarks>It linearises once where it stands, so far from the optimum its information is not that of its θ: no covariance. One row a step covers 66 to 89 % where 95 % are meant.</remarks>
    public static Method<FullInformation> ExtendedKalmanFilter(double prior) => (Structures.Full, Retention.Sum, Curvature.Expected, Steps.Natural(1), prior);

    /// <summary>Recursive least squares with forgetting: <c>I ← λI + xxᵀ</c>. What fades is no covariance, so this one has none.</summary>
    public static Method<FullInformation> ForgettingLeastSquares(double retention, double prior) => (Structures.Full, Retention.Fading(retention), Curvature.Expected, Steps.Natural(1), prior);

    /// <summary>Elastic weight consolidation (Kirkpatrick et al. 2017), a task a batch: <c>θ′ = argmax ℓ_B(θ) − ½λ‖θ − θₙ‖²_I</c>, one anchor, summed information.</summary>
    public static Method<TInformation> ElasticWeightConsolidation<TInformation>(Structure<TInformation> structure, double strength = 1) where TInformation : class, IInformation<TInformation> =>
        (structure, Retention.Sum, Curvature.Expected, Steps.Proximal(1 / strength, 100));

    /// <summary>Recursive least squares: converged at every row. ε is the ridge that it starts from.</summary>
    public static ConvergedMethod<FullInformation> RecursiveLeastSquares(double prior = 0) => (Structures.Full, 1, prior);

    /// <summary>The Kalman filter of a fixed state: the same recursion, with the prior covariance given at the start.</summary>
    public static ConvergedMethod<FullInformation> KalmanFilter() => (Structures.Full, 1, 0);

    /// <summary>The renewable estimator (Luo &amp; Song 2020): every batch solved out against what is known.</summary>
    public static ConvergedMethod<FullInformation> Renewable(double prior = 0) => (Structures.Full, 20, prior);
}
