namespace FisherFlow.Models;

/// <summary>The response sums that every model shares.</summary>
static class ResponseSummary
{
    /// <summary>Adds counts, weights, moments and extremes of rows to sums that start empty.</summary>
    public static void Add(Block block, int start, int count, ref ResponseSums sums)
    {
        for (var i = start; i < start + count; i++)
        {
            var (weight, y) = (block.Weight[i], block.Response[i]);
            if (weight == 0)
            {
                sums.ZeroWeights++;
                continue;
            }
            var shift = sums.Weight > 0 ? y - sums.Response / sums.Weight : 0;
            sums.Scatter += shift * shift * (sums.Weight * weight / (sums.Weight + weight));
            sums.Observations++;
            sums.Weight += weight;
            sums.SquaredWeight += weight * weight;
            sums.LogWeight += weight == 1 ? 0 : Math.Log(weight);
            sums.Response += weight * y;
            sums.Minimum = Math.Min(sums.Minimum, y);
            sums.Maximum = Math.Max(sums.Maximum, y);
            if (block.Offset[i] != 0) { sums.Offsets++; }
        }
    }
}
