using FisherFlow.Information;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Estimation;

/// <summary>Corners: log-likelihoods whose maximum lies where they are not smooth, as that of the median's regression on a vertex.</summary>
/// <remarks>
/// The corners are rounded off, widely at first and then less and less, and Newton's method follows the maximum down by the observed information of the rounded density, which is
/// positive there. At the last width, that of the density itself, score zero says that zero is a subgradient: the p rows whose residuals vanish carry scores between −1 and 1 that balance
/// those of all others. Standard errors come from the expected information, by one more evaluation.
/// Source: Hunter &amp; Lange (2000), quantile regression via an MM algorithm, for the perturbed absolute value; the path of widths and Newton's steps are ours.
/// </remarks>
sealed partial class StreamEstimator<TEvidence>
{
    const double Widest = 1;
    const double Narrowing = 0.2;
    const double OnTheWay = 1e-6;      // of the rounded maximum, in the rounded information
    const double AtTheCorner = 1e-24;
    const double CornerTolerance = 1e-10;   // residuals of a corner's rows are known to 1e-9 of the corner's width, and their scores not better

    bool HasCorners => Model is DistributionalModel { HasCorners: true };

    /// <summary>Newton's method, behind the path to the corner where there is one.</summary>
    NewtonSolution Newton<TAny>(IObjective<TAny> objective, NewtonProblem problem, Func<Evaluation<TAny>, Factor, bool>? suffices, double[] theta, double auxiliary,
        Evaluation<TAny> evaluation, Func<DistributionalModel, IObjective<FullInformation>> rounded) where TAny : class, IEvidence<TAny>
    {
        if (Model is not DistributionalModel { HasCorners: true } model) { return new ProximalNewton<TAny>(objective, problem, suffices).Run(theta, auxiliary, evaluation); }
        var (start, iterations) = Approach(model, problem, theta, rounded);
        problem = problem with { StartAtResponses = false, Tolerance = Math.Max(problem.Tolerance, CornerTolerance) };
        var solution = new ProximalNewton<TAny>(objective, problem, suffices).Run(start, auxiliary, evaluation);
        return solution with { Iterations = solution.Iterations + iterations };
    }

    /// <summary>Follows the maximum while corners narrow: all the way for a strict tolerance, else until rounding is small against the sampling error.</summary>
    (double[] Theta, int Iterations) Approach(DistributionalModel model, NewtonProblem problem, double[] theta, Func<DistributionalModel, IObjective<FullInformation>> rounded)
    {
        var root = Math.Sqrt(Math.Max(1, _responses.Observations));
        var corner = problem.StartAtResponses ? Widest : Math.Clamp(10 / root, Laplace.Corner, Widest);   // a warm start is near the maximum already
        var last = problem.Tolerance <= ColdTolerance ? Laplace.Corner : Math.Clamp(0.1 / root, Laplace.Corner, Widest);
        var (evaluation, iterations) = (new Evaluation<FullInformation>(theta.Length) { Deficit = new(theta.Length) }, 0);
        for (; ; corner = Math.Max(corner * Narrowing, last))
        {
            var isLast = corner < 2 * last;
            if (isLast) { corner = last; }
            var step = problem with { StartAtResponses = false, Remembers = false, MaxIterations = 100, IsSharp = true, Tolerance = isLast && last == Laplace.Corner ? AtTheCorner : OnTheWay };
            var solution = new ProximalNewton<FullInformation>(rounded(model.Rounded(corner)!), step).Run(theta, 0, evaluation);
            iterations += solution.Iterations;
            if (!(solution.Converged || isLast) || !Array.TrueForAll(solution.Theta, double.IsFinite)) { break; }   // a scale that vanishes: there is no maximum
            theta = solution.Theta;
            if (isLast) { break; }
        }
        return (theta, iterations);
    }

    BatchObjective<FullInformation> Objective(DistributionalModel rounded, RowBuffer buffer, int rows) =>
        new(new(Shape, _foldedRows > 0 ? Evidence.ToFull() : null, Anchor, AuxiliaryAt), new(rounded, Options.Threads), buffer, rows);
}
