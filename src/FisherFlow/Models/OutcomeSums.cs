using FisherFlow.Differentiation;

namespace FisherFlow.Models;

/// <summary>What the models of categorical responses share: sums over outcomes and the null deviance they give.</summary>
static class OutcomeSums
{
    /// <summary>Whether the response is the index of an outcome.</summary>
    public static bool Supports(double response) => response is >= 0 and < int.MaxValue && response == Math.Floor(response);

    /// <summary>Adds what rows say about the response alone, the outcomes' weights among it.</summary>
    public static void Summarise(Block block, int start, int count, ref ResponseSums sums)
    {
        var batch = ResponseSums.Empty;
        ResponseSummary.Add(block, start, count, ref batch);
        sums.Add(batch);
        for (var i = start; i < start + count; i++)
        {
            if (block.Weight[i] > 0) { sums.Count((int)block.Response[i], block.Weight[i]); }
        }
    }

    /// <summary><c>−2 Σ W_k log(W_k/W)</c>.</summary>
    public static double NullDeviance(in ResponseSums responses)
    {
        var deviance = 0.0;
        foreach (var weight in responses.OutcomeWeights) { deviance -= 2 * Transcendental.XLogY(weight, weight / responses.Weight); }
        return deviance;
    }
}
