namespace FisherFlow.Models.Distributions;

/// <summary>The responses of the first rows, from which a distribution takes its starting values; censored ones count at their limits.</summary>
public readonly ref struct OutcomeSample
{
    const int Most = 10_000;   // moments of so many rows start as well as those of all

    readonly Block _rows;

    /// <summary>The responses of a block, the first ten thousand of them.</summary>
    public OutcomeSample(Block rows)
    {
        _rows = rows;
        Count = Math.Min(rows.Count, Most);
    }

    /// <summary>Number of responses <c>n</c>.</summary>
    public int Count { get; }

    /// <summary>A response.</summary>
    public Outcome this[int index] => _rows.Outcome(index);

    /// <summary>Its prior weight.</summary>
    public double Weight(int index) => _rows.Weight[index];

    /// <summary>The weighted mean.</summary>
    public double Mean => MeanOf(y => y);

    /// <summary>The weighted variance; 1 where responses do not vary, so that a logarithm of it can be taken.</summary>
    public double Variance
    {
        get
        {
            var mean = Mean;
            var variance = MeanOf(y => (y - mean) * (y - mean));
            return variance > 0 && double.IsFinite(variance) ? variance : 1;
        }
    }

    /// <summary>The weighted mean of a function of the responses; 0 of none.</summary>
    public double MeanOf(Func<double, double> function)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var i = 0; i < Count; i++)
        {
            if (Weight(i) == 0) { continue; }
            sum += Weight(i) * function(_rows.Response[i]);
            weight += Weight(i);
        }
        return weight > 0 ? sum / weight : 0;
    }

    /// <summary>The response below which a share of the rows lies, weights aside: the median at ½.</summary>
    public double Quantile(double share)
    {
        var values = _rows.Response.AsSpan(0, Count).ToArray();
        if (values.Length == 0) { return 0; }
        Array.Sort(values);
        return values[Math.Clamp((int)(share * values.Length), 0, values.Length - 1)];
    }
}
