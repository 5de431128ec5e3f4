using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Tests.Estimation;

/// <summary>Hashed columns in the estimator: millions of parameters of which a batch touches a few.</summary>
public sealed class HashedEstimatorTests
{
    const int Slots = 1 << 20;

    static readonly IModel _gaussian = ModelFactory.Create(new());

    /// <summary>With one slot for each text the diagonal fit of texts is ridge regression on their dummies; all rows in one batch, it is exactly that.</summary>
    [Fact]
    public void A_hashed_term_is_ridge_regression_on_its_slots()
    {
        var (schema, rows) = Data(400, 30, 64);
        var estimator = FisherFlow.Estimation.Estimator.Create(_gaussian, schema, new() { BufferRows = 1000 }, rows, false);
        Assert.Equal("diagonal", estimator.StructureName);
        estimator.Observe(rows);
        var estimate = estimator.Solve(new(schema, _gaussian));
        var (gram, right) = (MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(66, 66), MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(66));
        for (var i = 0; i < 400; i++)
        {
            (int Column, double Value)[] x = [(0, 1), (1, rows.Dense[2 * i + 1]), (rows.Indices[i], 1)];
            foreach (var (a, u) in x)
            {
                right[a] += u * rows.Response[i];
                foreach (var (b, v) in x) { gram[a, b] += u * v; }
            }
        }
        for (var j = 2; j < 66; j++) { gram[j, j] += 1; }
        var expected = gram.Solve(right);
        for (var j = 0; j < 66; j++) { Assert.Equal(expected[j], estimate.Theta[j], 1e-7); }
        Assert.Equal(estimate.Structured!.HashedMet, estimate.Factor.Rank - 2);
    }

    [Fact]
    public void A_million_slots_cost_what_rows_touch()
    {
        var (schema, rows) = Data(20_000, 5000, Slots);
        var estimator = FisherFlow.Estimation.Estimator.Create(_gaussian, schema, new() { BufferRows = 2000 }, rows, false);
        estimator.Observe(rows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        estimator.Observe(rows);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);   // ten folds without an array over all slots
        var estimate = estimator.Solve(new(schema, _gaussian));
        Assert.Equal([0, 1], estimate.Factor.Kept.Take(2));
        Assert.True(estimate.Factor.IsDiagonal);
        Assert.Equal(0.5, estimate.Theta[1], 0.05);
        Assert.Equal(Slots, estimate.Structured!.HashedColumns);
        Assert.InRange(estimate.Structured.HashedMet, 4900, 5000);
    }

    [Fact]
    public void Hashed_terms_are_named_by_slot_and_kept_out_of_the_table()
    {
        var schema = new DesignSchema([new(Term.Intercept, "", []), new("hash(id)", "", []) { Slots = 8 }, new("g", "", ["g"])], hasIntercept: true);
        var level = schema.Add(2, ["a"]);
        Assert.Equal(9, level);
        Assert.Equal(10, schema.Columns.Count);
        Assert.Equal(["(Intercept)", "hash(id)[0]", "hash(id)[7]", "g[a]"], ((int[])[0, 1, 8, 9]).Select(schema.Name));
        var writer = new FisherFlow.Snapshots.StateWriter();
        schema.Save(writer);
        var again = DesignSchema.Load(new(writer.Written.ToArray()));
        Assert.Equal(schema.Columns.Select((_, c) => schema.Name(c)), again.Columns.Select((_, c) => again.Name(c)));
        Assert.Equal(8, again.HashedColumns);
        Assert.Equal([0], new Identification(schema, _gaussian).Free.Select(free => free.Column));   // g's only level is its reference
    }

    static (DesignSchema Schema, Block Rows) Data(int count, int texts, int slots)
    {
        var schema = new DesignSchema([new(Term.Intercept, "", []), new("x", "x", []), new("hash(id)", "", []) { Slots = slots }], hasIntercept: true);
        var random = new Random(4);
        var rows = new Block(count, 2, 1, false, false, false) { Count = count, Columns = schema.Columns.Count };
        for (var i = 0; i < count; i++)
        {
            var (text, x) = (random.Next(texts), Simulated.Normal(random));
            (rows.Dense[2 * i], rows.Dense[2 * i + 1], rows.Weight[i]) = (1, x, 1);
            rows.Indices[i] = 2 + (int)((uint)(text * 2654435761) % (uint)slots);
            rows.Response[i] = 1 + 0.5 * x + Math.Sin(text) + 0.5 * Simulated.Normal(random);
        }
        return (schema, rows);
    }
}
