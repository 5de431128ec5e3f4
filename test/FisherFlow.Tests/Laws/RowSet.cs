using FisherFlow.Information;

namespace FisherFlow.Tests.Laws;

/// <summary>Random weighted design rows, dense and slotted, and the plain arithmetic that structures are held against.</summary>
public sealed record RowSet(int Dimension, int Count, int DenseColumns, double[] Dense, int Slots, int[] Indices, double[] Values, double[] Weights, double[] Scores)
{
    public DesignRows Rows => new(Count, DenseColumns, Dense, Slots, Indices, Values);

    /// <summary>Rows with every kind of slot: absent, unit or valued, in any order, now and then two that name one column.</summary>
    public static RowSet Random(int seed, int dimension, int count, int dense, int slots)
    {
        var random = new Random(seed);
        var hasValues = random.Next(2) == 0;
        var indices = new int[count * slots];
        for (var i = 0; i < indices.Length; i++) { indices[i] = random.Next(8) == 0 || dense == dimension ? -1 : random.Next(dense, dimension); }
        var weights = new double[count];
        var scores = new double[count];
        for (var i = 0; i < count; i++)
        {
            weights[i] = random.Next(10) == 0 ? 0 : Math.Exp(Normal(random));
            scores[i] = weights[i] == 0 ? 0 : Normal(random);
        }
        return new(dimension, count, dense, Normals(random, count * dense), slots, indices, hasValues ? Normals(random, count * slots) : [], weights, scores);
    }

    /// <summary>Rows enough to identify every parameter well.</summary>
    public static RowSet Rich(int seed)
    {
        var (dimension, dense, slots) = Sizes(seed);
        return Random(seed, dimension, 12 * dimension + 40, dense, slots);
    }

    public static (int Dimension, int Dense, int Slots) Sizes(int seed)
    {
        var random = new Random(seed + 7919);
        var slots = random.Next(0, 4);
        var dense = random.Next(slots > 0 ? 0 : 1, 7);
        return (dense + (slots > 0 ? random.Next(1, 9) : 0), dense, slots);
    }

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double[] Normals(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Normal(random))];


    /// <summary>The dense form <c>[n, d]</c> of every row.</summary>
    public double[] Densified()
    {
        var x = new double[Count * Dimension];
        for (var r = 0; r < Count; r++)
        {
            for (var j = 0; j < DenseColumns; j++) { x[r * Dimension + j] += Dense[r * DenseColumns + j]; }
            for (var a = r * Slots; a < (r + 1) * Slots; a++)
            {
                if (Indices[a] >= 0) { x[r * Dimension + Indices[a]] += Values.Length == 0 ? 1 : Values[a]; }
            }
        }
        return x;
    }

    public RowSet AsDense() => this with { DenseColumns = Dimension, Dense = Densified(), Slots = 0, Indices = [], Values = [] };

    public RowSet Slice(int start, int count) => this with
    {
        Count = count,
        Dense = [.. Dense.Skip(start * DenseColumns).Take(count * DenseColumns)],
        Indices = [.. Indices.Skip(start * Slots).Take(count * Slots)],
        Values = [.. Values.Skip(start * Slots).Take(count * Slots)],
        Weights = [.. Weights.Skip(start).Take(count)],
        Scores = [.. Scores.Skip(start).Take(count)],
    };

    /// <summary><c>Σ w xxᵀ</c>, by the definition.</summary>
    public double[,] Gram()
    {
        var x = Densified();
        var gram = new double[Dimension, Dimension];
        for (var r = 0; r < Count; r++)
        {
            for (var i = 0; i < Dimension; i++)
            {
                for (var j = 0; j < Dimension; j++) { gram[i, j] += Weights[r] * x[r * Dimension + i] * x[r * Dimension + j]; }
            }
        }
        return gram;
    }

    /// <summary><c>Σ r x</c> at an anchor moved by δ, where the score factor of a row is <c>r − w xᵀδ</c>.</summary>
    public double[] Score(double[] delta)
    {
        var x = Densified();
        var score = new double[Dimension];
        for (var r = 0; r < Count; r++)
        {
            var moved = Moved(x, r, delta);
            for (var i = 0; i < Dimension; i++) { score[i] += moved * x[r * Dimension + i]; }
        }
        return score;
    }

    /// <summary><c>Σ (r − w xᵀδ)²/w</c>.</summary>
    public double Residual(double[] delta)
    {
        var x = Densified();
        return Enumerable.Range(0, Count).Where(r => Weights[r] > 0).Sum(r => Moved(x, r, delta) * Moved(x, r, delta) / Weights[r]);
    }

    double Moved(double[] x, int r, double[] delta) => Scores[r] - Weights[r] * Enumerable.Range(0, Dimension).Sum(i => x[r * Dimension + i] * delta[i]);
}
