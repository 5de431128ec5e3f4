using FisherFlow.Models;

namespace FisherFlow.Data.Design;

/// <summary>A categorical term: from its factors' levels to the design column, growing as the stream brings new combinations.</summary>
/// <param name="term">Index of the term in the schema.</param>
/// <param name="factors">Its factors.</param>
/// <param name="numerics">Numbers of the numeric variables whose product is the slot's value.</param>
/// <param name="sign">1, or −1 for the second side of a pair, whose slot finds the same columns.</param>
/// <param name="hashed">The fields that are hashed to a slot, instead of factors; their term's columns are all there from the start.</param>
sealed class SlotTerm(int term, Factor[] factors, int[] numerics, double sign = 1, HashedFields? hashed = null)
{
    readonly Dictionary<long, int>[] _prefixes = [.. Enumerable.Range(0, Math.Max(0, factors.Length - 1)).Select(_ => new Dictionary<long, int>())];
    int[] _columns = [];
    int _combinations;

    public int[] Numerics => numerics;

    public double Sign => sign;

    public Factor[] Factors => factors;

    public int Term => term;

    /// <summary>The fields that are hashed, or null for factors.</summary>
    public HashedFields? Hashed => hashed;

    /// <summary>The first column of a hashed term.</summary>
    public int First { get; set; }

    /// <summary>The column of the factors' present levels, or −1.</summary>
    public int Find()
    {
        if (hashed is not null) { return First + hashed.Slot; }
        var combination = factors[0].Level;
        for (var f = 1; f < factors.Length && combination >= 0; f++)
        {
            if (!_prefixes[f - 1].TryGetValue(Key(combination, factors[f].Level), out combination)) { return -1; }
        }
        return (uint)combination < (uint)_columns.Length ? _columns[combination] - 1 : -1;
    }

    /// <summary>The column of the factors' present levels; a new one is added to the schema.</summary>
    public int FindOrAdd(DesignSchema schema)
    {
        var column = Find();
        if (column >= 0) { return column; }
        var levels = new int[factors.Length];
        for (var f = 0; f < levels.Length; f++) { levels[f] = factors[f].Level; }
        return Add(schema, levels);
    }

    /// <summary>The column of the given levels; a new one is added to the schema.</summary>
    public int FindOrAdd(DesignSchema schema, IReadOnlyList<string> levels)
    {
        var numbers = Numbers(levels);
        var combination = Combination(numbers);
        return combination < _columns.Length && _columns[combination] > 0 ? _columns[combination] - 1 : Add(schema, numbers);
    }

    /// <summary>Takes over a column that the schema has.</summary>
    public void Restore(int column, IReadOnlyList<string> levels) => Set(Combination(Numbers(levels)), column);

    int[] Numbers(IReadOnlyList<string> levels)
    {
        var numbers = new int[factors.Length];
        for (var f = 0; f < numbers.Length; f++)
        {
            numbers[f] = f < levels.Count ? factors[f].Levels.Find(levels[f]) : -1;
            if (numbers[f] < 0) { throw new InvalidDataException($"a column of factor '{factors[f].Name}' stands for a level that the factor does not have"); }
        }
        return numbers;
    }

    int Add(DesignSchema schema, int[] levels)
    {
        var column = schema.FindOrAdd(term, [.. levels.Select((level, f) => factors[f].Levels.Names[level])]);
        Set(Combination(levels), column);
        return column;
    }

    /// <summary>The number of a combination of levels: of a pair of (combination before, level), each numbered as it comes.</summary>
    int Combination(int[] levels)
    {
        var combination = levels[0];
        for (var f = 1; f < levels.Length; f++)
        {
            var key = Key(combination, levels[f]);
            if (!_prefixes[f - 1].TryGetValue(key, out combination)) { _prefixes[f - 1].Add(key, combination = _combinations++); }
        }
        return combination;
    }

    void Set(int combination, int column)
    {
        if (combination >= _columns.Length) { Array.Resize(ref _columns, Math.Max(16, 2 * (combination + 1))); }
        _columns[combination] = column + 1;
    }

    static long Key(int combination, int level) => ((long)combination << 32) | (uint)level;
}
