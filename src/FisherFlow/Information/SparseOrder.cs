namespace FisherFlow.Information;

/// <summary>What a sparse Cholesky factor knows before it sees numbers: the order of elimination, the elimination tree, and room for every entry.</summary>
/// <remarks>Source: Davis (2006), Direct Methods for Sparse Linear Systems, chapters 4 and 7.</remarks>
sealed class SparseOrder
{
    /// <summary>Analyses a pattern.</summary>
    /// <param name="n">Parameters.</param>
    /// <param name="pairs">Pairs that meet, each once, the first below the second.</param>
    public SparseOrder(int n, ReadOnlySpan<(int First, int Second)> pairs)
    {
        Order = MinimumDegree.Order(n, pairs);
        var position = new int[n];
        for (var k = 0; k < n; k++) { position[Order[k]] = k; }
        (ColumnStarts, Rows, Sources) = (new int[n + 1], new int[pairs.Length], new int[pairs.Length]);
        foreach (var (first, second) in pairs) { ColumnStarts[Math.Max(position[first], position[second]) + 1]++; }
        for (var k = 0; k < n; k++) { ColumnStarts[k + 1] += ColumnStarts[k]; }
        var next = ColumnStarts.AsSpan(0, n).ToArray();
        for (var e = 0; e < pairs.Length; e++)
        {
            var (a, b) = (position[pairs[e].First], position[pairs[e].Second]);
            var place = next[Math.Max(a, b)]++;
            (Rows[place], Sources[place]) = (Math.Min(a, b), e);
        }
        Parents = new int[n];
        FactorStarts = new int[n + 1];
        Analyse(n);
    }

    /// <summary>Which parameter is eliminated when, <c>[n]</c>.</summary>
    public int[] Order { get; }

    /// <summary>Where each column of the upper triangle begins, <c>[n + 1]</c>.</summary>
    public int[] ColumnStarts { get; }

    /// <summary>Rows of its entries, <c>[pairs]</c>.</summary>
    public int[] Rows { get; }

    /// <summary>The pair that each entry comes from, <c>[pairs]</c>.</summary>
    public int[] Sources { get; }

    /// <summary>The elimination tree: the first later column that a column changes, or −1; <c>[n]</c>.</summary>
    public int[] Parents { get; }

    /// <summary>Where each column of L begins, <c>[n + 1]</c>.</summary>
    public int[] FactorStarts { get; }

    /// <summary>Entries of L below its diagonal.</summary>
    public int FactorEntries => FactorStarts[^1];

    /// <summary>Walks from every entry of a column up the tree: the ways are the rows of L.</summary>
    void Analyse(int n)
    {
        int[] flag = new int[n], counts = new int[n];
        for (var k = 0; k < n; k++)
        {
            (Parents[k], flag[k]) = (-1, k);
            for (var e = ColumnStarts[k]; e < ColumnStarts[k + 1]; e++)
            {
                for (var i = Rows[e]; flag[i] != k; i = Parents[i])
                {
                    if (Parents[i] < 0) { Parents[i] = k; }
                    counts[i]++;
                    flag[i] = k;
                }
            }
        }
        for (var k = 0; k < n; k++) { FactorStarts[k + 1] = checked(FactorStarts[k] + counts[k]); }
    }
}
