using FisherFlow.Information;

namespace FisherFlow.Estimation;

/// <summary>How much of another source's information to believe: the share a₀ of it under which the two estimates' distance is likeliest.</summary>
/// <remarks>
/// The source's estimate has covariance <c>V_s/a₀</c>, <c>0 &lt; a₀ ≤ 1</c>, as a power prior has, and <c>D = θ_t − θ_s ~ N(0, V_t + V_s/a₀)</c> chooses a₀ (empirical Bayes). With a source that
/// is off the loss is bounded, where full pooling's grows without end. Source: Ibrahim &amp; Chen (2000) for power priors; Gravestock &amp; Held (2017) for the rule.
/// </remarks>
public static class TransferDiscount
{
    const double Least = 1e-8;
    const int GridSteps = 64;
    const int Refinements = 60;

    /// <summary>One parameter: <c>V_s/a₀ = max(V_s, D² − V_t)</c>.</summary>
    /// <param name="distance">D.</param>
    /// <param name="target">V_t, the variance of the target's estimate.</param>
    /// <param name="source">V_s, the variance of the source's.</param>
    public static double Of(double distance, double target, double source) => source / Math.Max(source, distance * distance - target);

    /// <summary>Several parameters: the a₀ in (0, 1] that maximises <c>log N(D; 0, V_t + V_s/a₀)</c>.</summary>
    /// <remarks>Cost: <c>O(k³)</c> for each of about a hundred values that are tried.</remarks>
    /// <param name="distance">D <c>[k]</c>.</param>
    /// <param name="target">V_t <c>[k, k]</c>, row by row.</param>
    /// <param name="source">V_s <c>[k, k]</c>, row by row.</param>
    public static double Of(ReadOnlySpan<double> distance, ReadOnlySpan<double> target, ReadOnlySpan<double> source)
    {
        var k = distance.Length;
        if (k == 0) { return 1; }
        if (k == 1) { return Of(distance[0], target[0], source[0]); }
        var (order, best, at) = (Enumerable.Range(0, k).ToArray(), double.NegativeInfinity, 0.0);
        var matrix = new double[k * k];
        for (var step = 0; step <= GridSteps; step++)
        {
            var log = Math.Log(Least) * step / GridSteps;
            var value = LogDensity(distance, target, source, Math.Exp(log), order, matrix);
            if (value > best) { (best, at) = (value, log); }
        }
        var (low, high) = (at + Math.Log(Least) / GridSteps, Math.Min(0, at - Math.Log(Least) / GridSteps));
        var golden = (Math.Sqrt(5) - 1) / 2;
        for (var round = 0; round < Refinements; round++)
        {
            var (left, right) = (high - golden * (high - low), low + golden * (high - low));
            var isLeft = LogDensity(distance, target, source, Math.Exp(left), order, matrix) > LogDensity(distance, target, source, Math.Exp(right), order, matrix);
            if (isLeft) { high = right; } else { low = left; }
        }
        var refined = Math.Exp((low + high) / 2);
        return at == 0 && LogDensity(distance, target, source, 1, order, matrix) >= LogDensity(distance, target, source, refined, order, matrix) ? 1 : Math.Min(1, refined);
    }

    static double LogDensity(ReadOnlySpan<double> distance, ReadOnlySpan<double> target, ReadOnlySpan<double> source, double share, int[] order, double[] matrix)
    {
        var k = distance.Length;
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++) { matrix[i * k + j] = j < i ? 0 : target[i * k + j] + source[i * k + j] / share; }
        }
        var factor = new Factor(k, order, [], LimitedPivoting.Cholesky(matrix, order, null, out var kept, out _), new double[k]);
        return kept.Length < k ? double.NegativeInfinity : -0.5 * (factor.LogDeterminant + factor.QuadraticForm(distance));
    }
}
