using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Tests.Estimation;

/// <summary>The gate of allocated bytes: a row that is observed by itself allocates nothing, and a fold an amount that depends on the parameters only.</summary>
public sealed class ObserveAllocationTests
{
    const int Columns = 20;
    const int Distinct = 512;
    const int Audited = 4096;

    [Theory]
    [InlineData(Family.Gaussian, Structure.SquareRoot, 1024)]
    [InlineData(Family.Gaussian, Structure.Full, 4096)]
    [InlineData(Family.Binomial, Structure.SquareRoot, 4096)]
    [InlineData(Family.Binomial, Structure.Full, 1024)]
    [InlineData(Family.Poisson, Structure.SquareRoot, 2048)]
    [InlineData(Family.Multinomial, Structure.Full, 1024)]
    [InlineData(Family.Ordinal, Structure.Full, 1024)]
    [InlineData(Family.Ordinal, Structure.SquareRoot, 1024)]
    public void A_row_allocates_nothing_between_folds_and_a_fold_does_not_allocate_by_rows(Family family, Structure structure, int buffer)
    {
        var rows = Rows(family);
        var (isOrdinal, outcomes) = (family == Family.Ordinal, family is Family.Multinomial or Family.Ordinal ? 3 : 1);
        long parameters = family == Family.Multinomial ? outcomes * Columns : Columns + outcomes;
        var bytesAFold = 8 * sizeof(double) * parameters * parameters;   // a few small matrices: the factor, and what its pivoting needs
        var schema = new DesignSchema([isOrdinal ? new("x0", "x0", []) : new(Term.Intercept, "", []), .. Enumerable.Range(1, Columns - 1).Select(j => new Term($"x{j}", $"x{j}", []))], hasIntercept: true);
        if (outcomes > 1) { schema.Outcomes.AddRange("few", "some", "many"); }
        var options = new EstimatorOptions { Structure = structure, BufferRows = buffer, AuditedRows = Audited };
        var estimator = Estimator.Create(ModelFactory.Create(new() { Family = family }), schema, options, rows[0], hasOffset: false);
        var next = 0;
        while (estimator.FoldedRows < (outcomes > 1 ? 2 * Audited : 40_000)) { estimator.Observe(rows[next++ % Distinct]); }   // warm: buffers have grown, and the audit's sample is full

        var (folds, between, largest) = (0, 0L, 0L);
        while (folds < 4)
        {
            var folded = estimator.FoldedRows;
            var before = GC.GetAllocatedBytesForCurrentThread();
            estimator.Observe(rows[next++ % Distinct]);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (estimator.FoldedRows == folded) { between += bytes; } else { (folds, largest) = (folds + 1, Math.Max(largest, bytes)); }
        }

        Assert.Equal(0, between);
        Assert.InRange(largest, 0, bytesAFold);
    }

    static Block[] Rows(Family family)
    {
        var random = new Random(8);
        var rows = new Block[Distinct];
        for (var i = 0; i < Distinct; i++)
        {
            var block = new Block(1, Columns, 0, false, false, false) { Count = 1, Outcomes = family is Family.Multinomial or Family.Ordinal ? 3 : 1 };
            (block.Dense[0], block.Weight[0]) = (family == Family.Ordinal ? random.NextDouble() - 0.5 : 1, 1);
            for (var j = 1; j < Columns; j++) { block.Dense[j] = random.NextDouble() - 0.5; }
            var eta = block.Dense[1] - 0.5 * block.Dense[2];
            block.Response[0] = block.Outcomes > 1 ? Math.Clamp(Math.Floor(1.5 + eta + 2 * (random.NextDouble() - 0.5)), 0, 2) : family == Family.Gaussian ? eta + random.NextDouble() : random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
            rows[i] = block;
        }
        return rows;
    }
}
