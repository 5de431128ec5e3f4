using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>Sums of score products for robust covariances: over rows, or of sums over clusters.</summary>
/// <remarks>Merge: exact. Memory: <c>d²</c> over rows, <c>d</c> a cluster over clusters.</remarks>
sealed class SandwichSums(Sandwich kind, int dimension)
{
    const long LargestClusterMemory = 1L << 30;
    const double LargestScore = 1e70;   // its square is what information structures take

    readonly List<double[]?> _clusters = [];
    double[] _score = [];
    double[] _squares = [];

    /// <summary>What is summed.</summary>
    public Sandwich Kind => kind;

    /// <summary><c>Σ sᵢsᵢᵀ</c> over rows.</summary>
    public FullInformation Rows { get; private set; } = FullInformation.Create(kind == Sandwich.Clusters ? 0 : dimension);

    /// <summary>Clusters met so far.</summary>
    public int Clusters => _clusters.Count(c => c is not null);

    /// <summary>Adds the scores of observations; <paramref name="quadratic"/> is empty or <c>xᵢᵀI⁻¹xᵢ [n]</c> for HC3.</summary>
    public void Add(in WorkingRows working, Block block, int start, ReadOnlySpan<double> quadratic)
    {
        if (!(Math.Abs(TensorPrimitives.MaxMagnitude(working.Scores)) <= LargestScore))
        {
            throw new InvalidOperationException("robust errors square the scores, and those of some rows are beyond 1e70: measure the columns in larger units, or do without robust errors");
        }
        if (kind == Sandwich.Clusters)
        {
            AddToClusters(working, block, start);
        }
        else if (working.PerObservation > 1)
        {
            AddCombined(working);
        }
        else
        {
            AddRows(working, quadratic);
        }
    }

    /// <summary>The score of a cluster <c>[d]</c>, to be added to.</summary>
    public double[] ClusterScore(int number) => Cluster(number);

    /// <summary>The meat <c>J [d, d]</c>.</summary>
    public FullInformation Meat()
    {
        if (kind != Sandwich.Clusters) { return Rows; }
        var meat = FullInformation.Create(dimension);
        var row = new double[dimension];
        foreach (var cluster in _clusters)
        {
            if (cluster is null) { continue; }
            Array.Clear(row);
            cluster.CopyTo(row, 0);
            meat.Add(row, 1);
        }
        return meat;
    }

    /// <summary>A copy with its own storage.</summary>
    public SandwichSums Copy()
    {
        var copy = new SandwichSums(kind, dimension);
        copy.Rows = Rows.Copy();
        copy._clusters.AddRange(_clusters.Select(c => (double[]?)c?.Clone()));
        return copy;
    }

    /// <summary>The same sums under other parameter and cluster numbers.</summary>
    public SandwichSums Renamed(ReadOnlySpan<int> map, int newDimension, ReadOnlySpan<int> clusters)
    {
        var renamed = new SandwichSums(kind, newDimension);
        if (kind != Sandwich.Clusters)
        {
            var rows = Rows.Copy();
            rows.Remap(map, newDimension);
            renamed.Rows = rows;
            return renamed;
        }
        for (var g = 0; g < _clusters.Count; g++)
        {
            if (_clusters[g] is not { } old) { continue; }
            var score = renamed.Cluster(clusters.IsEmpty ? g : clusters[g]);
            for (var i = 0; i < old.Length; i++) { score[map[i]] += old[i]; }
        }
        return renamed;
    }

    /// <summary>Adds the other's sums, under the same numbers.</summary>
    public void Add(SandwichSums other)
    {
        if (kind != Sandwich.Clusters)
        {
            var rows = Rows;
            rows += other.Rows;
            return;
        }
        for (var g = 0; g < other._clusters.Count; g++)
        {
            if (other._clusters[g] is { } score) { TensorPrimitives.Add(Cluster(g), score, Cluster(g)); }
        }
    }

    /// <summary>Writes the sums, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(dimension);
        Rows.Save(writer);
        writer.Write(_clusters.Count);
        foreach (var cluster in _clusters) { writer.Write(cluster ?? []); }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static SandwichSums Load(StateReader reader, Sandwich kind)
    {
        var sums = new SandwichSums(kind, reader.ReadInt32()) { Rows = FullInformation.Load(reader) };
        var count = reader.ReadInt32();
        for (var g = 0; g < count; g++)
        {
            var score = reader.ReadDoubles();
            sums._clusters.Add(score.Length == 0 ? null : score);
        }
        return sums;
    }

    void AddRows(in WorkingRows working, ReadOnlySpan<double> quadratic)
    {
        var n = working.Rows.Count;
        if (_squares.Length < n) { _squares = new double[n]; _score = new double[Math.Max(n, _score.Length)]; }
        for (var i = 0; i < n; i++)
        {
            var score = working.Scores[i];
            if (!quadratic.IsEmpty) { score /= Math.Max(1 - working.Weights[i] * quadratic[i], 1e-8); }   // a leverage of one leaves no residual
            _squares[i] = score * score;
        }
        Array.Clear(_score, 0, n);
        Rows.Add(working.Rows, _squares.AsSpan(0, n), _score.AsSpan(0, n));
    }

    void AddCombined(in WorkingRows working)
    {
        if (_score.Length < dimension) { _score = new double[dimension]; }
        for (var i = 0; i < working.Rows.Count; i += working.PerObservation)
        {
            Array.Clear(_score, 0, dimension);
            for (var r = i; r < i + working.PerObservation; r++) { AddScore(working, r, _score); }
            Rows.Add(_score.AsSpan(0, dimension), 1);
        }
    }

    void AddToClusters(in WorkingRows working, Block block, int start)
    {
        for (var r = 0; r < working.Rows.Count; r++)
        {
            AddScore(working, r, Cluster(block.Cluster[start + r / working.PerObservation]));
        }
    }

    static void AddScore(in WorkingRows working, int row, Span<double> score)
    {
        var r = working.Scores[row];
        var dense = working.Rows.Dense.Slice(row * working.Rows.DenseColumns, working.Rows.DenseColumns);
        for (var j = 0; j < dense.Length; j++) { score[j] += r * dense[j]; }
        for (var s = row * working.Rows.Slots; s < (row + 1) * working.Rows.Slots; s++)
        {
            var index = working.Rows.Indices[s];
            if (index >= 0) { score[index] += working.Rows.Values.IsEmpty ? r : r * working.Rows.Values[s]; }
        }
    }

    double[] Cluster(int number)
    {
        if ((number + 1L) * dimension * sizeof(double) > LargestClusterMemory)
        {
            throw new InvalidOperationException($"clustered errors keep {dimension} numbers a cluster, and cluster {number + 1:N0} would take them past 1 GiB; cluster by something coarser, or use --robust hc1");
        }
        while (_clusters.Count <= number) { _clusters.Add(null); }
        return _clusters[number] ??= new double[dimension];
    }
}
