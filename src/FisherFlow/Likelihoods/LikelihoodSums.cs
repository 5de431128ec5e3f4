using FisherFlow.Snapshots;

namespace FisherFlow.Likelihoods;

/// <summary>What is known of the rows besides their likelihood: how many, how heavy, and of a response its mean and spread.</summary>
struct LikelihoodSums
{
    /// <summary>Rows of positive weight.</summary>
    public long Observations { get; private set; }

    /// <summary>Rows of weight zero.</summary>
    public long ZeroWeights { get; private set; }

    /// <summary>Rows of positive weight, those forgotten counted less.</summary>
    public double Faded { get; private set; }

    /// <summary><c>Σ ω</c> of weights that fade, and <c>Σ ω²</c>.</summary>
    public double FadedWeight { get; private set; }

    public double FadedSquares { get; private set; }

    public double Weight { get; private set; }

    public double SquaredWeight { get; private set; }

    public double LogWeight { get; private set; }

    /// <summary>The weighted mean of the response.</summary>
    public double Mean { get; private set; }

    /// <summary><c>Σ w (y − mean)²</c>.</summary>
    public double Squares { get; private set; }

    public void Add(double weight, double response, double retention)
    {
        (Faded, FadedWeight, FadedSquares) = (Faded * retention, FadedWeight * retention + weight, FadedSquares * retention * retention + weight * weight);
        if (weight == 0)
        {
            ZeroWeights++;
            return;
        }
        Observations++;
        Faded++;
        SquaredWeight += weight * weight;
        LogWeight += Math.Log(weight);
        Weight += weight;
        var distance = response - Mean;
        Mean += weight / Weight * distance;
        Squares += weight * distance * (response - Mean);
    }

    public static LikelihoodSums operator +(LikelihoodSums a, LikelihoodSums b)
    {
        var weight = a.Weight + b.Weight;
        var distance = b.Mean - a.Mean;
        return new()
        {
            Observations = a.Observations + b.Observations,
            ZeroWeights = a.ZeroWeights + b.ZeroWeights,
            Faded = a.Faded + b.Faded,
            FadedWeight = a.FadedWeight + b.FadedWeight,
            FadedSquares = a.FadedSquares + b.FadedSquares,
            Weight = weight,
            SquaredWeight = a.SquaredWeight + b.SquaredWeight,
            LogWeight = a.LogWeight + b.LogWeight,
            Mean = weight > 0 ? a.Mean + b.Weight / weight * distance : 0,
            Squares = weight > 0 ? a.Squares + b.Squares + a.Weight * (b.Weight / weight) * distance * distance : 0,
        };
    }

    /// <param name="writer">Where it goes.</param>
    /// <param name="fades">Whether weights fade; else those sums are the others.</param>
    public readonly void Save(StateWriter writer, bool fades)
    {
        writer.Write(Observations);
        writer.Write(ZeroWeights);
        foreach (var sum in (ReadOnlySpan<double>)[Faded, Weight, SquaredWeight, LogWeight, Mean, Squares]) { writer.Write(sum); }
        if (!fades) { return; }
        writer.Write(FadedWeight);
        writer.Write(FadedSquares);
    }

    public static LikelihoodSums Load(StateReader reader, bool fades)
    {
        var sums = new LikelihoodSums
        {
            Observations = reader.ReadInt64(),
            ZeroWeights = reader.ReadInt64(),
            Faded = reader.ReadDouble(),
            Weight = reader.ReadDouble(),
            SquaredWeight = reader.ReadDouble(),
            LogWeight = reader.ReadDouble(),
            Mean = reader.ReadDouble(),
            Squares = reader.ReadDouble(),
        };
        (sums.FadedWeight, sums.FadedSquares) = fades ? (reader.ReadDouble(), reader.ReadDouble()) : (sums.Weight, sums.SquaredWeight);
        return sums;
    }
}
