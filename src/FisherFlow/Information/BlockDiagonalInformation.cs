using System.Numerics.Tensors;

namespace FisherFlow.Information;

/// <summary>The information within groups of parameters, <c>I = ⊕ I_g</c>: everything inside a group, nothing between two.</summary>
/// <remarks>
/// Shape: one <c>[d_g, d_g]</c> a group, its members anywhere among the parameters. Cost: <c>O(Σ k_g²)</c> a row with k_g non-zeros in group g,
/// <c>O(Σ d_g³)</c> a solve. Merge: exact. Allocates: nothing per row. Of all block-diagonal matrices this is the nearest in Frobenius norm and in
/// <c>KL(N(0, M⁻¹) ‖ N(0, I⁻¹))</c>; variances are those when all other groups are known.
/// </remarks>
public sealed partial class BlockDiagonalInformation : IInformation<BlockDiagonalInformation>
{
    readonly RowEntries _row = new();
    string[] _names;      // [groups]
    int[] _group;         // [d]
    int[] _place;         // [d]: of a parameter within its group
    int[][] _members;     // [groups][d_g]
    double[][] _blocks;   // [groups][d_g, d_g], upper triangles

    /// <summary>No evidence about consecutive groups of the given sizes, named <c>0</c>, <c>1</c>, ….</summary>
    /// <param name="sizes">Parameters of each group, <c>[groups]</c>.</param>
    public BlockDiagonalInformation(params ReadOnlySpan<int> sizes) : this(Labels(sizes))
    {
    }

    /// <summary>No evidence about parameters that belong to named groups.</summary>
    /// <param name="groups">The group of each parameter, by name; <c>[d]</c>.</param>
    public BlockDiagonalInformation(IReadOnlyList<string> groups)
    {
        _names = [.. groups.Distinct()];
        var numbers = _names.Select((name, g) => (name, g)).ToDictionary(pair => pair.name, pair => pair.g);
        _group = [.. groups.Select(name => numbers[name])];
        (_members, _place) = Arrange(_group, _names.Length);
        _blocks = [.. _members.Select(members => new double[members.Length * members.Length])];
    }

    /// <inheritdoc/>
    public static Exactness Merging => Exactness.Exact;

    /// <inheritdoc/>
    public static string Name => "block";

    /// <inheritdoc/>
    public static bool UnderstatesVariance => true;

    /// <inheritdoc/>
    public int Dimension => _group.Length;

    /// <summary>Names of the groups.</summary>
    public IReadOnlyList<string> Groups => _names;

    /// <summary>Indices of the parameters of a group, in the order of its block.</summary>
    /// <param name="group">Number of the group.</param>
    public ReadOnlySpan<int> Members(int group) => _members[group];

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<double> a, double weight)
    {
        RowCheck.Verify(a, weight, Dimension);
        AddRow(new DesignRows(1, Dimension, a, 0, default, default), 0, weight);
    }

    /// <inheritdoc/>
    public void Add(in DesignRows rows, ReadOnlySpan<double> weights)
    {
        RowCheck.Verify(rows, weights, Dimension);
        for (var r = 0; r < rows.Count; r++) { AddRow(rows, r, weights[r]); }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The other one has another dimension or other groups.</exception>
    public void operator +=(BlockDiagonalInformation other)
    {
        RowCheck.SameDimension(other.Dimension, Dimension);
        if (!other._group.AsSpan().SequenceEqual(_group) || !other._names.AsSpan().SequenceEqual(_names)) { throw new ArgumentException("groups differ: both must put the same parameters into groups of the same names", nameof(other)); }
        for (var g = 0; g < _blocks.Length; g++) { TensorPrimitives.Add(_blocks[g], other._blocks[g], _blocks[g]); }
    }

    /// <inheritdoc/>
    public void operator *=(double retention)
    {
        RowCheck.Retention(retention);
        foreach (var block in _blocks) { TensorPrimitives.Multiply(block, retention, block); }
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        RowCheck.Length(x.Length, Dimension, nameof(x));
        RowCheck.Length(y.Length, Dimension, nameof(y));
        for (var g = 0; g < _blocks.Length; g++)
        {
            double[] part = Gather(g, x), product = new double[part.Length];
            UpperTriangle.Multiply(_blocks[g], part.Length, part, product);
            Scatter(g, product, y);
        }
    }

    /// <inheritdoc/>
    public SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x, double damping) =>
        ByGroup(b, x, (block, n, part) => DampedFactor.OfGram(block, n, damping).Solve(part, part));

    /// <inheritdoc/>
    /// <remarks>By eigenvectors of each block.</remarks>
    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping) => ByGroup(b, x, (block, n, part) =>
    {
        var status = DampedFactor.OfGram(block, n, damping).Status;
        if (status.IsSolved) { InverseRoot.Dense((double[])block.Clone(), n, part, part, damping); }
        return status;
    });

    /// <inheritdoc/>
    public SolveStatus InverseDiagonal(Span<double> diagonal, double damping) =>
        ByGroup(diagonal, diagonal, (block, n, part) => DampedFactor.OfGram(block, n, damping).InverseDiagonal(part));

    /// <inheritdoc/>
    public void CopyDiagonal(Span<double> diagonal)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        for (var i = 0; i < diagonal.Length; i++) { diagonal[i] = _blocks[_group[i]][_place[i] * (_members[_group[i]].Length + 1)]; }
    }

    /// <inheritdoc/>
    public double LogDeterminant(double damping)
    {
        var sum = 0.0;
        for (var g = 0; g < _blocks.Length; g++) { sum += DampedFactor.OfGram(_blocks[g], _members[g].Length, damping).LogDeterminant; }
        return sum;
    }

    /// <inheritdoc/>
    public double Trace()
    {
        var diagonal = new double[Dimension];
        CopyDiagonal(diagonal);
        return TensorPrimitives.Sum<double>(diagonal);
    }

    /// <inheritdoc/>
    public SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x, double damping)
    {
        RowCheck.Length(normals.Length, Dimension, nameof(normals));
        return ByGroup(normals, x, (block, n, part) => DampedFactor.OfGram(block, n, damping).Sample(part, part));
    }

    /// <inheritdoc/>
    public double[,] ToDense()
    {
        var dense = new double[Dimension, Dimension];
        foreach (var members in _members)
        {
            foreach (var i in members) { foreach (var j in members) { dense[i, j] = At(i, j); } }
        }
        return dense;
    }

    static string[] Labels(ReadOnlySpan<int> sizes)
    {
        var labels = new List<string>();
        for (var g = 0; g < sizes.Length; g++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sizes[g], nameof(sizes));
            labels.AddRange(Enumerable.Repeat($"{g}", sizes[g]));
        }
        return [.. labels];
    }

    static (int[][] Members, int[] Place) Arrange(int[] group, int groups)
    {
        var members = new List<int>[groups];
        for (var g = 0; g < groups; g++) { members[g] = []; }
        var place = new int[group.Length];
        for (var i = 0; i < group.Length; i++)
        {
            place[i] = members[group[i]].Count;
            members[group[i]].Add(i);
        }
        return ([.. members.Select(list => list.ToArray())], place);
    }

    /// <summary>The entry of two parameters of one group.</summary>
    ref double At(int i, int j)
    {
        var g = _group[i];
        return ref _blocks[g][Math.Min(_place[i], _place[j]) * _members[g].Length + Math.Max(_place[i], _place[j])];
    }

    void AddRow(in DesignRows rows, int r, double weight)
    {
        if (weight == 0) { return; }
        _row.Read(rows, r);
        ReadOnlySpan<int> columns = _row.Columns;
        var values = _row.Values;
        for (var a = 0; a < columns.Length; a++)
        {
            var (g, place) = (_group[columns[a]], _place[columns[a]]);
            var line = _blocks[g].AsSpan(place * _members[g].Length);
            var value = weight * values[a];
            for (var b = a; b < columns.Length; b++)
            {
                if (_group[columns[b]] == g) { line[_place[columns[b]]] += value * values[b]; }
            }
        }
    }

    double[] Gather(int g, ReadOnlySpan<double> x)
    {
        var part = new double[_members[g].Length];
        for (var a = 0; a < part.Length; a++) { part[a] = x[_members[g][a]]; }
        return part;
    }

    void Scatter(int g, ReadOnlySpan<double> part, Span<double> y)
    {
        for (var a = 0; a < part.Length; a++) { y[_members[g][a]] = part[a]; }
    }

    /// <summary>Asks every group and writes only when all have answered.</summary>
    SolveStatus ByGroup(ReadOnlySpan<double> b, Span<double> x, Func<double[], int, double[], SolveStatus> ask)
    {
        RowCheck.Length(b.Length, Dimension, nameof(b));
        RowCheck.Length(x.Length, Dimension, nameof(x));
        var parts = new double[_blocks.Length][];
        var failed = int.MaxValue;
        for (var g = 0; g < parts.Length; g++)
        {
            parts[g] = Gather(g, b);
            if (ask(_blocks[g], parts[g].Length, parts[g]).FailedPivot is { } pivot) { failed = Math.Min(failed, _members[g][pivot]); }
        }
        if (failed < int.MaxValue) { return new(failed); }
        for (var g = 0; g < parts.Length; g++) { Scatter(g, parts[g], x); }
        return SolveStatus.Solved;
    }
}
