using FisherFlow.Information;
using FisherFlow.Memory;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>Holds every batch's scores against what was learned before it, one detector a parameter, and then learns from the batch: what is common to all who watch.</summary>
/// <remarks>
/// A parameter's value is <c>s_j/√(φ(I_B + I_B I⁻¹ I_B)_jj)</c> at the θ of earlier rows, independent N(0, 1) from batch to batch while nothing changes; then θ takes one scored step,
/// <c>θ ← θ + (I + I_B)⁻¹s_B</c>. Cost: <c>O(d³)</c> a batch.
/// </remarks>
sealed class ScoreWatch(DetectorChoice choice)
{
    /// <summary>Rows that are judged together.</summary>
    public const int BatchRows = 256;

    /// <summary>Rows that the first θ is fitted to, at least.</summary>
    public const int FewestRows = 512;

    /// <summary>Rows that it is fitted to for every parameter.</summary>
    public const int RowsAColumn = 20;

    /// <summary>The largest number that is added up: its square is still a number.</summary>
    public const double Largest = 1e100;

    readonly List<DetectedChange> _changes = [];
    Dictionary<int, CoefficientWatch> _watches = [];   // by parameter

    public DetectorChoice Choice => choice;

    public IReadOnlyList<DetectedChange> Changes => _changes;

    /// <summary>Whether a first θ is known.</summary>
    public bool IsStarted => Learned > 0;

    /// <summary>θ <c>[d]</c>.</summary>
    public double[] Theta { get; private set; } = [];

    /// <summary>Fourth cumulants of the scores of rows since they were last cleared, <c>[d]</c>.</summary>
    public double[] Fourth { get; private set; } = [];

    /// <summary>Information and score at θ of the rows that were learned from.</summary>
    public FullInformation Past { get; private set; } = new(0);

    /// <summary>Those of the batch.</summary>
    public FullInformation Batch { get; private set; } = new(0);

    /// <summary>Pearson's χ² of the batch so far.</summary>
    public double BatchPearson { get; set; }

    /// <summary>Rows of the batch so far.</summary>
    public int Collected { get; set; }

    /// <summary>Pearson's χ² of the rows that were learned from.</summary>
    public double Pearson { get; private set; }

    /// <summary>Rows that were learned from.</summary>
    public long Learned { get; private set; }

    /// <summary>Goes to a first θ; what it was fitted to is to be added to <see cref="Past"/>.</summary>
    public void Begin(double[] theta)
    {
        var d = theta.Length;
        (Theta, Past, Batch, Fourth, _watches) = (theta, new(d), new(d), new double[d], []);
    }

    /// <summary>Starts to watch once the first rows are added; what their fit leaves of the score is nobody's surprise.</summary>
    public void Start(double pearson, int learned, long seen, int[] order)
    {
        (Pearson, Learned) = (pearson, learned);
        Move(Past.Factorise(order, default, default).Step.Span);
        foreach (var (parameter, information) in Diagonal(Past)) { Watch(parameter).Begin(information, Fourth[parameter], seen); }
        Array.Clear(Fourth);
    }

    /// <summary>Begins anew with the rows to come.</summary>
    public void Restart()
    {
        (Learned, Collected, Pearson, BatchPearson, _watches, Theta, Fourth) = (0, 0, 0, 0, [], [], []);
        (Past, Batch) = (new(0), new(0));
    }

    /// <summary>Compares the batch with what was learned before it, then learns from it; the parameter that has changed, or −1.</summary>
    /// <param name="order">Parameters that are free, in their order.</param>
    /// <param name="estimatesDispersion">Whether φ is Pearson's χ² by its degrees of freedom, and not 1.</param>
    /// <param name="seen">Rows seen, the batch included.</param>
    public int Judge(int[] order, bool estimatesDispersion, long seen)
    {
        var d = Past.Dimension;
        var factor = Past.Factorise(order, default, default);
        var dispersion = estimatesDispersion ? Pearson / Math.Max(1, Learned - factor.Rank) : 1;
        var (score, variances) = (new double[d], new double[d]);
        Batch.CopyScore(score);
        BatchScore.Variances(Batch, factor, dispersion, variances);
        var (found, coefficients) = (-1, Diagonal(Past).Count);
        foreach (var (parameter, information) in Diagonal(Batch))
        {
            var watch = Watch(parameter);
            if (watch.Add((score[parameter], variances[parameter], information, Fourth[parameter]), Collected, seen, choice, coefficients)
                && (found < 0 || Excess(watch) > Excess(_watches[found]))) { found = parameter; }
        }
        Array.Clear(Fourth);
        if (found >= 0) { return found; }
        var past = Past;
        past += Batch;
        Move(past.Factorise(order, default, default).Step.Span);
        Pearson += BatchPearson;
        Learned += Collected;
        Batch.Clear();
        (Collected, BatchPearson) = (0, 0);
        return -1;
    }

    /// <summary>Notes a change and begins anew: what was learned before it does not predict what follows.</summary>
    public void Report(int parameter, string term, string? outcome, long seen)
    {
        var watch = _watches[parameter];
        _changes.Add(new(term, outcome, watch.ChangeRow(), seen, watch.Detector!.Statistic, watch.Detector.Threshold, watch.Detector.Method));
        Restart();
    }

    /// <summary>Gives every parameter its new number.</summary>
    public void Remap(int[] map, int dimension)
    {
        Past.Remap(map, dimension);
        Batch.Remap(map, dimension);
        (Theta, Fourth) = (ParameterLayout.Move(Theta, map, dimension), ParameterLayout.Move(Fourth, map, dimension));
        _watches = _watches.ToDictionary(pair => map[pair.Key], pair => pair.Value);
    }

    public void SaveCounts(StateWriter writer)
    {
        writer.Write(Learned);
        writer.Write(Collected);
    }

    public void SaveSums(StateWriter writer, double auxiliary)
    {
        writer.Write([auxiliary, Pearson, BatchPearson]);
        writer.Write(Theta);
        writer.Write(Fourth);
        Past.Save(writer);
        Batch.Save(writer);
    }

    public void SaveWatches(StateWriter writer)
    {
        writer.Write(_watches.Count);
        foreach (var (parameter, watch) in _watches)
        {
            writer.Write(parameter);
            watch.Save(writer);
        }
        writer.Write(_changes.Count);
        foreach (var change in _changes)
        {
            writer.Write(change.Term);
            writer.Write(change.Outcome);
            writer.Write(change.Row);
            writer.Write(change.FoundAt);
            writer.Write([change.Statistic, change.Threshold]);
            writer.Write(change.Method);
        }
    }

    public void LoadCounts(StateReader reader) => (Learned, Collected) = (reader.ReadInt64(), reader.ReadInt32());

    /// <summary>Reads the sums; returns the auxiliary parameter among them.</summary>
    public double LoadSums(StateReader reader)
    {
        var numbers = reader.ReadDoubles();
        if (numbers is [_, var pearson, var batchPearson]) { (Pearson, BatchPearson) = (pearson, batchPearson); }
        (Theta, Fourth) = (reader.ReadDoubles(), reader.ReadDoubles());
        (Past, Batch) = (FullInformation.Load(reader), FullInformation.Load(reader));
        return numbers.Length > 0 ? numbers[0] : 0;
    }

    public void LoadWatches(StateReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--) { _watches.Add(reader.ReadInt32(), CoefficientWatch.Load(reader, choice)); }
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (term, outcome, row, found, numbers, method) = (reader.ReadText(), reader.ReadOptionalText(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadDoubles(), reader.ReadText());
            _changes.Add(new(term, outcome, row, found, numbers[0], numbers[1], method));
        }
    }

    void Move(ReadOnlySpan<double> step)
    {
        for (var j = 0; j < step.Length; j++) { Theta[j] += step[j]; }
        Past.Shift(step);
    }

    CoefficientWatch Watch(int parameter) => _watches.TryGetValue(parameter, out var watch) ? watch : _watches[parameter] = new();

    static double Excess(CoefficientWatch watch) => watch.Detector!.Statistic / watch.Detector.Threshold;

    static List<(int Parameter, double Information)> Diagonal(FullInformation information)
    {
        var diagonal = new double[information.Dimension];
        information.CopyDiagonal(diagonal);
        return [.. diagonal.Index().Where(pair => pair.Item > 0)];
    }
}
