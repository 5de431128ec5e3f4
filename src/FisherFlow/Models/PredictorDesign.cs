using System.Numerics;

namespace FisherFlow.Models;

/// <summary>Which linear predictor of a model with several uses which part of the common design, and where its coefficients live.</summary>
/// <remarks>
/// Dense columns are laid out predictor by predictor, only those in use. Every level column has a coefficient for each predictor that uses any categorical term, so that a
/// new level only appends: (predictor o, level column c) is <c>D + (c − k)·L + rank(o)</c>. Immutable, safe to share between threads.
/// </remarks>
public sealed class PredictorDesign
{
    readonly int[] _dense;      // [K, k] → place among the dense coefficients, or −1
    readonly int[] _firsts;     // [K + 1] → first dense coefficient of a predictor
    readonly int[] _columns;    // [D] → the dense column of a dense coefficient
    readonly int[] _ranks;      // [K] → place among the coefficients of a level, or −1
    readonly bool[] _constants; // [K] → whether dense column 0, the intercept, is in use

    /// <summary>Lays out the coefficients.</summary>
    /// <param name="predictors">Number of linear predictors <c>K</c>.</param>
    /// <param name="dense">For each dense column <c>[k]</c>, the predictors that use it, a bit each.</param>
    /// <param name="slots">For each slot <c>[m]</c>, the same.</param>
    /// <param name="hasIntercept">Whether dense column 0 is the constant.</param>
    public PredictorDesign(int predictors, IReadOnlyList<int> dense, IReadOnlyList<int> slots, bool hasIntercept)
    {
        (Predictors, Dense, Slots) = (predictors, dense, slots);
        (_dense, _firsts, _ranks, _constants) = (new int[predictors * dense.Count], new int[predictors + 1], new int[predictors], new bool[predictors]);
        var columns = new List<int>();
        for (var o = 0; o < predictors; o++)
        {
            _firsts[o] = columns.Count;
            for (var c = 0; c < dense.Count; c++)
            {
                _dense[o * dense.Count + c] = Uses(dense[c], o) ? columns.Count : -1;
                if (Uses(dense[c], o)) { columns.Add(c); }
            }
            _constants[o] = hasIntercept && Uses(dense[0], o);
        }
        _firsts[predictors] = columns.Count;
        _columns = [.. columns];
        var used = slots.Aggregate(0, (all, one) => all | one);
        for (var o = 0; o < predictors; o++) { _ranks[o] = Uses(used, o) ? BitOperations.PopCount((uint)used & ((1u << o) - 1)) : -1; }
        Levels = BitOperations.PopCount((uint)used);
        IsWhole = predictors == 1 && columns.Count == dense.Count && slots.All(mask => mask == 1);
    }

    /// <summary>The layout that a schema's terms ask for.</summary>
    /// <param name="schema">The names behind the design, its outcomes being the predictors.</param>
    public static PredictorDesign Of(DesignSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var masks = Enumerable.Range(0, schema.Terms.Count).Select(t => Enumerable.Range(0, schema.Outcomes.Count).Aggregate(0, (mask, o) => schema.Uses(t, o) ? mask | 1 << o : mask)).ToArray();
        var slots = schema.Terms.Select(term => term.IsPair ? 2 : Math.Min(1, term.Factors.Count)).ToArray();   // a pair fills one for either side
        return new(schema.Outcomes.Count, [.. masks.Where((_, t) => slots[t] == 0)], [.. masks.SelectMany((mask, t) => Enumerable.Repeat(mask, slots[t]))], schema.Terms.Count > 0 && schema.Terms[0].IsIntercept);
    }

    /// <summary>Every predictor uses everything.</summary>
    /// <param name="predictors">Number of linear predictors <c>K</c>.</param>
    /// <param name="dense">Dense columns <c>k</c>.</param>
    /// <param name="slots">Slots <c>m</c>.</param>
    /// <param name="hasIntercept">Whether dense column 0 is the constant.</param>
    public static PredictorDesign Common(int predictors, int dense, int slots, bool hasIntercept = true)
    {
        var all = (1 << predictors) - 1;
        return new(predictors, [.. Enumerable.Repeat(all, dense)], [.. Enumerable.Repeat(all, slots)], hasIntercept && dense > 0);
    }

    /// <summary>Linear predictors <c>K</c>.</summary>
    public int Predictors { get; }

    /// <summary>For each dense column <c>[k]</c>, the predictors that use it, a bit each.</summary>
    public IReadOnlyList<int> Dense { get; }

    /// <summary>For each slot <c>[m]</c>, the same.</summary>
    public IReadOnlyList<int> Slots { get; }

    /// <summary>Dense coefficients <c>D</c>.</summary>
    public int DenseCoefficients => _columns.Length;

    /// <summary>Coefficients of a level <c>L</c>.</summary>
    public int Levels { get; }

    /// <summary>Whether there is one predictor, and it uses everything: coefficients are then the design columns.</summary>
    public bool IsWhole { get; }

    /// <summary>Coefficients under these sizes.</summary>
    public int Dimension(in ModelShape shape) => DenseCoefficients + (shape.Columns - shape.DenseColumns) * Levels;

    /// <summary>The coefficient of a design column in a predictor, or −1.</summary>
    public int Parameter(int predictor, int column) =>
        column < 0 ? -1
        : column < Dense.Count ? _dense[predictor * Dense.Count + column]
        : Level(predictor, column);

    /// <summary>The coefficient of a predictor's constant, or −1.</summary>
    public int Constant(int predictor) => _constants[predictor] ? _dense[predictor * Dense.Count] : -1;

    /// <summary>The predictor's dense coefficients: the first, and how many.</summary>
    internal (int First, int Count) DenseOf(int predictor) => (_firsts[predictor], _firsts[predictor + 1] - _firsts[predictor]);

    /// <summary>The dense column of every dense coefficient <c>[D]</c>.</summary>
    internal ReadOnlySpan<int> Columns => _columns;

    /// <summary>The coefficient of a level column in a predictor, or −1.</summary>
    internal int Level(int predictor, int column) => _ranks[predictor] < 0 ? -1 : DenseCoefficients + (column - Dense.Count) * Levels + _ranks[predictor];

    /// <summary>Whether a bit is set.</summary>
    internal static bool Uses(int mask, int predictor) => (mask >> predictor & 1) != 0;
}
