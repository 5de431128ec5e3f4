using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FisherFlow.Information;

/// <summary>The gate of every structure: rows are checked as a whole before the first of them is added, so that a bad row never leaves a trace.</summary>
/// <remarks>Cost: one vectorised reading of the rows, small beside what adding them costs.</remarks>
static class RowCheck
{
    const double Largest = 1e140;   // so that neither squares nor their weighted sums overflow

    /// <summary>Throws unless a vector has one number for each parameter.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    /// <param name="name">The argument.</param>
    /// <exception cref="ArgumentException">It has more or fewer.</exception>
    public static void Length(int length, int dimension, string name)
    {
        if (length != dimension) { throw new ArgumentException($"{name} has shape [{length}]; the information is [{dimension}, {dimension}] and needs [{dimension}]", name); }
    }

    /// <summary>Throws unless two structures have as many parameters.</summary>
    /// <param name="other">Parameters of the one that is added.</param>
    /// <param name="dimension">Parameters of the one that it is added to.</param>
    /// <exception cref="ArgumentException">They have not.</exception>
    public static void SameDimension(int other, int dimension)
    {
        if (other != dimension) { throw new ArgumentException($"an information [{other}, {other}] cannot be added to one of [{dimension}, {dimension}]", nameof(other)); }
    }

    /// <summary>Throws unless a retention is a finite factor of at least zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static void Retention(double retention)
    {
        if (!(retention >= 0 && double.IsFinite(retention))) { throw new ArgumentOutOfRangeException(nameof(retention), retention, "it must be finite and at least 0"); }
    }

    /// <summary>As the check of rows with scores, for rows that have none.</summary>
    /// <param name="rows">The rows, <c>n</c> of them.</param>
    /// <param name="weights">Weights <c>[n]</c>.</param>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    /// <exception cref="ArgumentException">A length, an index or a number is not legal; the message names the first such row.</exception>
    public static void Verify(in DesignRows rows, ReadOnlySpan<double> weights, int dimension) => Verify(rows, weights, weights, dimension);

    /// <summary>The check of one dense row.</summary>
    /// <param name="a">The row <c>[d]</c>.</param>
    /// <param name="weight">Its weight.</param>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    /// <exception cref="ArgumentException">A length or a number is not legal.</exception>
    public static void Verify(ReadOnlySpan<double> a, double weight, int dimension)
    {
        Length(a.Length, dimension, nameof(a));
        Verify(new DesignRows(1, dimension, a, 0, default, default), new(in weight), dimension);
    }

    /// <summary>Whether information structures take these weights or scores: rows of a θ so far out that they do not cannot be added up.</summary>
    public static bool Fits(ReadOnlySpan<double> values) => Math.Abs(TensorPrimitives.MaxMagnitude(values)) <= Largest;

    /// <summary>Throws unless every number is finite (and at most 1e140), every weight is at least zero and every slot names a parameter.</summary>
    /// <param name="rows">The rows, <c>n</c> of them.</param>
    /// <param name="weights">Weights <c>[n]</c>.</param>
    /// <param name="scores">Score factors <c>[n]</c>.</param>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    /// <exception cref="ArgumentException">A length, an index or a number is not legal; the message names the first such row.</exception>
    public static void Verify(in DesignRows rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores, int dimension)
    {
        if (weights.Length != rows.Count || scores.Length != rows.Count)
        {
            throw new ArgumentException($"{rows.Count} rows need as many weights and scores; there are {weights.Length} and {scores.Length}", nameof(weights));
        }
        if (rows.DenseColumns > dimension)
        {
            throw new ArgumentException($"rows of {rows.DenseColumns} dense columns do not fit {dimension} parameters", nameof(rows));
        }
        if (rows.Count == 0) { return; }
        if (!rows.Indices.IsEmpty && (TensorPrimitives.Min(rows.Indices) < -1 || TensorPrimitives.Max(rows.Indices) >= dimension))
        {
            var position = 0;
            while (rows.Indices[position] >= -1 && rows.Indices[position] < dimension) { position++; }
            throw new ArgumentException($"slot {position % rows.Slots} of row {position / rows.Slots} names parameter {rows.Indices[position]}; legal are −1 and 0 to {dimension - 1}", nameof(rows));
        }
        Finite(rows.Dense, rows.DenseColumns, "design value", nameof(rows));
        Finite(rows.Values, rows.Slots, "slot value", nameof(rows));
        Finite(scores, 1, "score", nameof(scores));
        Finite(weights, 1, "weight", nameof(weights));
        if (TensorPrimitives.Min(weights) < 0)
        {
            var row = 0;
            while (weights[row] >= 0) { row++; }
            throw new ArgumentException($"the weight of row {row} is {weights[row]}; it must be at least 0", nameof(weights));
        }
    }

    /// <summary>Whether every number is finite and, times <paramref name="scale"/>, still is.</summary>
    /// <param name="values">Numbers <c>[n]</c>.</param>
    /// <param name="scale">A factor of at least one.</param>
    public static bool IsFinite(ReadOnlySpan<double> values, double scale = 1)
    {
        // x − x is 0 for a finite x and NaN for every other, and NaN survives a sum.
        var wide = MemoryMarshal.Cast<double, Vector256<double>>(values);
        var sum = Vector256<double>.Zero;
        foreach (var v in wide) { sum += v * scale - v * scale; }
        var rest = Vector256.Sum(sum);
        foreach (var x in values[(4 * wide.Length)..]) { rest += x * scale - x * scale; }
        return rest == 0;
    }

    static void Finite(ReadOnlySpan<double> values, int columns, string what, string argument)
    {
        if (IsFinite(values, double.MaxValue / Largest)) { return; }
        var position = 0;
        while (Math.Abs(values[position]) <= Largest) { position++; }
        throw new ArgumentException($"a {what} of row {position / columns} is {values[position]}; its size must be at most {Largest}", argument);
    }
}
