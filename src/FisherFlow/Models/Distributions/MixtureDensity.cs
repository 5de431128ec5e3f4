namespace FisherFlow.Models.Distributions;

/// <summary>The density of a normal mixture at its predictors: means, logarithms of the scales, logarithms of the weights up to a constant, <c>[3K]</c>.</summary>
static class MixtureDensity
{
    /// <summary>Weights πₖ <c>[K]</c> from their logarithms <c>[K]</c>.</summary>
    public static void Weights(ReadOnlySpan<double> logarithms, Span<double> weights)
    {
        var (largest, total) = (double.NegativeInfinity, 0.0);
        foreach (var logarithm in logarithms) { largest = Math.Max(largest, logarithm); }
        for (var k = 0; k < weights.Length; k++) { total += weights[k] = Math.Exp(logarithms[k] - largest); }
        for (var k = 0; k < weights.Length; k++) { weights[k] /= total; }
    }

    /// <summary>Responsibilities <c>P(k | x, y) [K]</c>; returns the log-density.</summary>
    /// <param name="eta">Predictors <c>[3K]</c>.</param>
    /// <param name="y">The response.</param>
    /// <param name="shares">Responsibilities <c>[K]</c>.</param>
    public static double Share(ReadOnlySpan<double> eta, double y, Span<double> shares)
    {
        var (count, largest, heaviest) = (shares.Length, double.NegativeInfinity, double.NegativeInfinity);
        for (var k = 0; k < count; k++)
        {
            var u = (y - eta[k]) * Math.Exp(-eta[count + k]);
            shares[k] = eta[2 * count + k] - eta[count + k] - 0.5 * u * u;
            largest = Math.Max(largest, shares[k]);
            heaviest = Math.Max(heaviest, eta[2 * count + k]);
        }
        var (total, weight) = (0.0, 0.0);
        for (var k = 0; k < count; k++)
        {
            total += shares[k] = Math.Exp(shares[k] - largest);
            weight += Math.Exp(eta[2 * count + k] - heaviest);
        }
        for (var k = 0; k < count; k++) { shares[k] /= total; }
        return largest + Math.Log(total) - heaviest - Math.Log(weight) - 0.5 * Math.Log(2 * Math.PI);
    }

    /// <summary><c>P(Y ≤ y)</c>.</summary>
    /// <param name="eta">Predictors <c>[3K]</c>.</param>
    /// <param name="y">The response.</param>
    public static double Cumulative(ReadOnlySpan<double> eta, double y)
    {
        var count = eta.Length / 3;
        Span<double> weights = stackalloc double[count];
        Weights(eta[(2 * count)..], weights);
        var sum = 0.0;
        for (var k = 0; k < count; k++) { sum += weights[k] * MathNet.Numerics.Distributions.Normal.CDF(0, 1, (y - eta[k]) * Math.Exp(-eta[count + k])); }
        return sum;
    }

    /// <summary>Score and observed information about the predictors.</summary>
    /// <remarks>
    /// With <c>Sₖ</c> the score and <c>Cₖ</c> the information of the row if k is its label, <c>s = Σ rₖSₖ</c> and <c>H = Σ rₖCₖ − Σ rₖSₖSₖᵀ + ssᵀ</c>.
    /// Source: Louis (1982), equation 3.2.
    /// </remarks>
    /// <param name="eta">Predictors <c>[3K]</c>.</param>
    /// <param name="y">The response.</param>
    /// <param name="shares">Responsibilities <c>[K]</c>, of <see cref="Share"/>.</param>
    /// <param name="score"><c>s [3K]</c>.</param>
    /// <param name="information"><c>H [3K, 3K]</c>.</param>
    public static void Differentiate(ReadOnlySpan<double> eta, double y, ReadOnlySpan<double> shares, Span<double> score, Span<double> information)
    {
        var (count, d) = (shares.Length, 3 * shares.Length);
        Span<double> weights = stackalloc double[count], labelled = stackalloc double[d];
        Weights(eta[(2 * count)..], weights);
        score.Clear();
        information.Clear();
        for (var k = 0; k < count; k++)
        {
            var (share, precision) = (shares[k], Math.Exp(-eta[count + k]));
            var u = (y - eta[k]) * precision;
            labelled.Clear();
            (labelled[k], labelled[count + k]) = (u * precision, u * u - 1);
            for (var o = 0; o < count; o++) { labelled[2 * count + o] = (o == k ? 1 : 0) - weights[o]; }
            information[k * d + k] += share * precision * precision;
            information[k * d + count + k] += 2 * share * u * precision;
            information[(count + k) * d + k] += 2 * share * u * precision;
            information[(count + k) * (d + 1)] += 2 * share * u * u;
            for (var i = 0; i < d; i++)
            {
                var own = share * labelled[i];
                score[i] += own;
                if (own == 0) { continue; }
                for (var j = 0; j < d; j++) { information[i * d + j] -= own * labelled[j]; }
            }
        }
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) { information[i * d + j] += score[i] * score[j]; }
        }
        for (var a = 0; a < count; a++)
        {
            for (var b = 0; b < count; b++) { information[(2 * count + a) * d + 2 * count + b] += weights[a] * ((a == b ? 1 : 0) - weights[b]); }
        }
    }
}
