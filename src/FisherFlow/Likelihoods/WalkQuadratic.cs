using System.Numerics.Tensors;
using FisherFlow.Information;

namespace FisherFlow.Likelihoods;

/// <summary>A path of parameters that walk at random, to second order: each row's information, and the steps between rows.</summary>
/// <remarks>As information it gives that of the last row, the path before it maximised out: what the filter keeps.</remarks>
/// <param name="recursion">Solves for the path.</param>
/// <param name="information">Of the rows <c>[n, q, q]</c>.</param>
/// <param name="scores">Of the rows <c>[n, q]</c>.</param>
/// <param name="drift">The variances of a step, <c>[q]</c>.</param>
sealed class WalkQuadratic(WalkRecursion recursion, double[] information, double[] scores, double[] drift) : Linearisation
{
    public override bool TryStep(ReadOnlySpan<double> damping, Span<double> step) => recursion.TryForward(information, scores, Phi, damping) && recursion.TryBackward(Phi, step);

    public override double Form(ReadOnlySpan<double> delta)
    {
        var (sum, q) = (0.0, drift.Length);
        for (var (t, from) = (0, 0); from < delta.Length; t++, from += q)
        {
            sum += SymmetricSystem.Form(information.AsSpan(t * q * q, q * q), delta.Slice(from, q));
            for (var j = 0; j < q && t > 0; j++)
            {
                var step = delta[from + j] - delta[from - q + j];
                if (drift[j] > 0) { sum += step * step / drift[j]; }
            }
        }
        return sum;
    }

    public override double[] ToDense()
    {
        if (recursion.TryForward(information, scores, Phi, default)) { return recursion.Information.ToArray(); }
        var negative = new double[drift.Length * drift.Length];
        for (var j = 0; j < drift.Length; j++) { negative[j * drift.Length + j] = -1; }
        return negative;
    }

    public override SquareRootInformation? ToEvidence() => Last().ToEvidence();

    /// <summary>What is known of the last row's φ; of a path that is no maximum, an information that is not positive.</summary>
    public Linearisation Last() => new DenseQuadratic(ToDense())
    {
        Phi = Phi[^drift.Length..],
        Value = Value,
        Score = recursion.Score.ToArray(),
        Scale = Scale[^drift.Length..],
        Noise = Noise,
    };

    /// <summary><c>Σ log |M|</c> of the steps between rows, once <see cref="Last"/> was asked.</summary>
    public double LogDeterminant => recursion.LogDeterminant;
}
