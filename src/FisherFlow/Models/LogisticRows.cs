using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FisherFlow.Models.Families;
using FisherFlow.Models.Links;

namespace FisherFlow.Models;

/// <summary>The working rows of logistic regression, the commonest and most hurried case: four rows at a time, one exponential and one logarithm a row.</summary>
/// <remarks>
/// With <c>e = exp(−|η|)</c> everything follows without cancellation: μ and 1 − μ are 1/(1 + e) and e/(1 + e),
/// and half the unit deviance is <c>log(1 + e) + max(η, 0) − yη</c>.
/// </remarks>
static class LogisticRows
{
    /// <summary><c>w = prior·μ(1 − μ)</c>, <c>r = prior·(y − μ)</c>, with their sums; all spans are <c>[n]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]   // vectors are an order of magnitude slower before the tiers catch up, and a short run ends there
    public static void Describe(ReadOnlySpan<double> response, ReadOnlySpan<double> prior, ReadOnlySpan<double> eta,
        Span<double> weights, Span<double> scores, ref FitSums sums)
    {
        var (n, lanes) = (eta.Length, Vector256<double>.Count);
        ref var y = ref MemoryMarshal.GetReference(response);
        ref var w = ref MemoryMarshal.GetReference(prior);
        ref var predictor = ref MemoryMarshal.GetReference(eta);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        ref var score = ref MemoryMarshal.GetReference(scores);
        var halfDeviance = Vector256<double>.Zero;
        var pearson = Vector256<double>.Zero;
        var i = 0;
        for (; i <= n - lanes; i += lanes)
        {
            var observed = Vector256.LoadUnsafe(ref y, (nuint)i);
            var x = Vector256.LoadUnsafe(ref predictor, (nuint)i);
            var success = Vector256.Equals(observed, Vector256<double>.One);
            var regular = (success | Vector256.Equals(observed, Vector256<double>.Zero)) & Vector256.Equals(x, x);
            if (regular.ExtractMostSignificantBits() != 0b1111)
            {
                for (var j = i; j < i + lanes; j++) { DescribeRow(response[j], prior[j], eta[j], ref weights[j], ref scores[j], ref sums); }
                continue;
            }
            x = Vector256.Min(Vector256.Max(x, Vector256.Create(-LogitLink.Limit)), Vector256.Create(LogitLink.Limit));
            var multiplier = Vector256.LoadUnsafe(ref w, (nuint)i);
            var e = Vector256.Exp(-Vector256.Abs(x));
            var large = Vector256<double>.One / (Vector256<double>.One + e);
            var small = e * large;
            var slope = large * small;
            var likely = ~(success ^ Vector256.GreaterThanOrEqual(x, Vector256<double>.Zero));
            var residual = Vector256.ConditionalSelect(success, Vector256<double>.One, -Vector256<double>.One)
                * Vector256.ConditionalSelect(likely, small, large);
            (multiplier * slope).StoreUnsafe(ref weight, (nuint)i);
            (multiplier * residual).StoreUnsafe(ref score, (nuint)i);
            halfDeviance += multiplier * (Vector256.Log(Vector256<double>.One + e) + Vector256.Max(x, Vector256<double>.Zero) - observed * x);
            pearson += multiplier * residual * residual / slope;
        }
        for (; i < n; i++) { DescribeRow(response[i], prior[i], eta[i], ref weights[i], ref scores[i], ref sums); }
        sums.Deviance += 2 * Vector256.Sum(halfDeviance);
        sums.Pearson += Vector256.Sum(pearson);
    }

    /// <summary>A row by itself: a proportion, the rest of a block, or a predictor that is not a number.</summary>
    static void DescribeRow(double response, double prior, double eta, ref double weight, ref double score, ref FitSums sums)
    {
        if (prior == 0 || double.IsNaN(eta))
        {
            (weight, score) = (0, 0);
            if (prior != 0) { sums.Deviance = double.PositiveInfinity; }
            return;
        }
        var point = default(LogitLink).At(eta, Math.Exp(-Math.Min(Math.Abs(eta), LogitLink.Limit)));
        var residual = response * point.Complement - (1 - response) * point.Mean;
        weight = prior * point.Slope;
        score = prior * residual;
        sums.Deviance += prior * default(Binomial).UnitDeviance(response, point);
        sums.Pearson += prior * residual * (residual / point.Slope);
    }
}
