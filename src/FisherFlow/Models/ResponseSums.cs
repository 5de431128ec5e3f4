using FisherFlow.Snapshots;

namespace FisherFlow.Models;

/// <summary>Sums over the responses alone: what null deviance, log-likelihood and counts need, whatever θ is.</summary>
/// <remarks>Merge: sums add; the scatter merges by Chan, Golub &amp; LeVeque (1979). A copy is independent: the outcome weights are replaced, never written in place, but for those of rows that a model summarises; sums that go on growing are handed out detached.</remarks>
public struct ResponseSums
{
    double[]? _outcomeWeights;

    /// <summary>Rows with positive weight.</summary>
    public long Observations { get; set; }

    /// <summary>Rows whose weight is zero; they count in nothing, as in R.</summary>
    public long ZeroWeights { get; set; }

    /// <summary><c>Σ w</c>.</summary>
    public double Weight { get; set; }

    /// <summary><c>Σ w²</c>.</summary>
    public double SquaredWeight { get; set; }

    /// <summary><c>Σ log w</c>.</summary>
    public double LogWeight { get; set; }

    /// <summary><c>Σ w y</c>.</summary>
    public double Response { get; set; }

    /// <summary><c>Σ w (y − ȳ)²</c> about the weighted mean.</summary>
    public double Scatter { get; set; }

    /// <summary>Rows with a non-zero offset: then the null model is not determined by sums.</summary>
    public long Offsets { get; set; }

    /// <summary><c>Σ w·(yθ(y) − b(θ(y)))</c>: the saturated log-likelihood's kernel, by the family.</summary>
    public double Saturated { get; set; }

    /// <summary>The part of the log-likelihood that depends on y alone, by the family.</summary>
    public double Carrier { get; set; }

    /// <summary>Smallest response.</summary>
    public double Minimum { get; set; }

    /// <summary>Largest response.</summary>
    public double Maximum { get; set; }

    /// <summary>Weight of every outcome of a categorical response, <c>[K]</c>; as long as the last outcome met.</summary>
    public readonly ReadOnlySpan<double> OutcomeWeights => _outcomeWeights;

    /// <summary>Sums over no rows.</summary>
    public static ResponseSums Empty => new() { Minimum = double.PositiveInfinity, Maximum = double.NegativeInfinity };

    /// <summary>Adds the other sums to these.</summary>
    public void Add(in ResponseSums other)
    {
        if (other.Weight > 0)
        {
            var shift = Weight > 0 ? other.Response / other.Weight - Response / Weight : 0;
            Scatter += other.Scatter + shift * shift * Weight * other.Weight / (Weight + other.Weight);
        }
        Observations += other.Observations;
        ZeroWeights += other.ZeroWeights;
        Weight += other.Weight;
        SquaredWeight += other.SquaredWeight;
        LogWeight += other.LogWeight;
        Response += other.Response;
        Offsets += other.Offsets;
        Saturated += other.Saturated;
        Carrier += other.Carrier;
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
        AddOutcomes(other.OutcomeWeights);
    }

    /// <summary>Adds weights of outcomes, <c>[K]</c>.</summary>
    public void AddOutcomes(ReadOnlySpan<double> weights)
    {
        if (weights.IsEmpty) { return; }
        var sum = new double[Math.Max(weights.Length, OutcomeWeights.Length)];
        OutcomeWeights.CopyTo(sum);
        for (var k = 0; k < weights.Length; k++) { sum[k] += weights[k]; }
        _outcomeWeights = sum;
    }

    /// <summary>Counts a row of an outcome, in place: an outcome met before allocates nothing.</summary>
    internal void Count(int outcome, double weight)
    {
        if (_outcomeWeights is null || _outcomeWeights.Length <= outcome) { Array.Resize(ref _outcomeWeights, outcome + 1); }
        _outcomeWeights[outcome] += weight;
    }

    /// <summary>These sums, with outcome weights that no row counted later changes.</summary>
    internal readonly ResponseSums Detached() => this with { _outcomeWeights = (double[]?)_outcomeWeights?.Clone() };

    /// <summary>Renames the outcomes: old outcome k becomes <paramref name="map"/>[k]; the map is <c>[K]</c> at least.</summary>
    public void RemapOutcomes(ReadOnlySpan<int> map)
    {
        var old = OutcomeWeights;
        if (old.IsEmpty) { return; }
        var last = 0;
        for (var k = 0; k < old.Length; k++) { last = Math.Max(last, map[k]); }
        var renamed = new double[last + 1];
        for (var k = 0; k < old.Length; k++) { renamed[map[k]] += old[k]; }
        _outcomeWeights = renamed;
    }

    /// <summary>Writes the sums, bit for bit.</summary>
    public readonly void Save(StateWriter writer)
    {
        writer.Write(Observations);
        writer.Write(ZeroWeights);
        writer.Write(Offsets);
        writer.Write((ReadOnlySpan<double>)[Weight, SquaredWeight, LogWeight, Response, Scatter, Saturated, Carrier, Minimum, Maximum]);
        writer.Write(OutcomeWeights);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static ResponseSums Load(StateReader reader)
    {
        var (observations, zeroWeights, offsets) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        var sums = reader.ReadDoubles();
        var outcomes = reader.ReadDoubles();
        return new()
        {
            Observations = observations,
            ZeroWeights = zeroWeights,
            Offsets = offsets,
            Weight = sums[0],
            SquaredWeight = sums[1],
            LogWeight = sums[2],
            Response = sums[3],
            Scatter = sums[4],
            Saturated = sums[5],
            Carrier = sums[6],
            Minimum = sums[7],
            Maximum = sums[8],
            _outcomeWeights = outcomes.Length == 0 ? null : outcomes,
        };
    }
}
