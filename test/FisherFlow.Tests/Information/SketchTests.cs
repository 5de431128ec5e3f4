using FisherFlow.Information;
using FisherFlow.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Information;

/// <summary>Low rank and Frequent Directions: their bounds, and a plain dense form of the same algorithm (CK-50, CK-51).</summary>
public sealed class SketchTests
{
    [Theory, Seeds(20)]
    public void Rows_made_up_for_later_are_the_rows_of_the_plain_algorithm(int seed)
    {
        // Every direction turned at once, in dense arithmetic: S ← the r leading directions of S + XᵀX, the rest to the diagonal.
        const int Dimension = 40, Rank = 3;
        var random = new Random(seed);
        var sketch = new LowRankInformation(Dimension, Rank);
        var kept = Matrix<double>.Build.Dense(Dimension, Dimension);
        var waiting = Matrix<double>.Build.Dense(Dimension, Dimension);
        var diagonal = Vector<double>.Build.Dense(Dimension);
        var count = 0;
        for (var block = 0; block < 12; block++)
        {
            // A strong direction of its own for every few blocks, so that the choice of directions does not hang on rounding.
            var rows = RowSet.Random(seed * 100 + block, Dimension, 40, 0, 4);
            for (var r = 0; r < rows.Count; r++)
            {
                var row = rows.Slice(r, 1);
                var x = Vector<double>.Build.DenseOfArray(row.Densified());
                if (row.Weights[0] == 0 || x.All(value => value == 0)) { continue; }
                if (count == 2 * Rank)
                {
                    var spectrum = (kept + waiting).Evd(Symmetricity.Symmetric);
                    kept.Clear();
                    for (var k = Dimension - Rank; k < Dimension; k++) { kept += spectrum.EigenValues[k].Real * spectrum.EigenVectors.Column(k).OuterProduct(spectrum.EigenVectors.Column(k)); }
                    waiting.Clear();
                    count = 0;
                }
                waiting += row.Weights[0] * x.OuterProduct(x);
                diagonal += row.Weights[0] * x.PointwiseMultiply(x);
                count++;
                sketch.Add(row.Rows, row.Weights);
            }
            if (block % 4 != 3) { continue; }
            sketch *= 0.8;
            (kept, waiting, diagonal) = (kept * 0.8, waiting * 0.8, diagonal * 0.8);
        }
        var expected = kept + waiting;
        expected.SetDiagonal(diagonal);
        Close.Matrices(expected.ToArray(), sketch.ToDense(), 1e-9);
        Assert.Equal(Rank, sketch.Directions);
    }

    [Theory, Seeds(10)]
    public void Frequent_directions_lose_no_more_than_their_bound(int seed)
    {
        const int Dimension = 40, Count = 2000, Length = 12;
        var random = new Random(seed);
        var x = RowSet.Normals(random, Count * Dimension);
        for (var i = 0; i < x.Length; i++) { x[i] *= Math.Exp(-0.15 * (i % Dimension)); }   // a spectrum that falls
        var ones = Enumerable.Repeat(1.0, Count).ToArray();
        var whole = new FrequentDirectionsInformation(Dimension, Length);
        whole.Add(new DesignRows(Count, Dimension, x, 0, default, default), ones);
        var merged = new FrequentDirectionsInformation(Dimension, Length);
        for (var part = 0; part < 4; part++)
        {
            var piece = merged.CreateEmpty();
            piece.Add(new DesignRows(Count / 4, Dimension, x.AsSpan(part * Count / 4 * Dimension), 0, default, default), ones.AsSpan(0, Count / 4));
            merged += piece;
        }
        var full = new FullInformation(Dimension);
        full.Add(new DesignRows(Count, Dimension, x, 0, default, default), ones);
        var exact = Matrix<double>.Build.DenseOfArray(full.ToDense());
        var values = exact.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order().ToArray();
        foreach (var sketch in new[] { whole, merged })
        {
            var gap = (exact - Matrix<double>.Build.DenseOfArray(sketch.ToDense())).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).ToArray();
            Assert.True(gap.Min() >= -1e-10 * exact.Trace());
            Assert.True(gap.Max() <= sketch.ErrorBound * (1 + 1e-10));
            for (var k = 0; k < Length; k++) { Assert.True(sketch.ErrorBound <= values[..^k].Sum() / (Length - k) * (1 + 1e-10), $"{sketch.ErrorBound} was taken off; k = {k} allows {values[..^k].Sum() / (Length - k)}"); }
        }
    }

    [Fact]
    public void A_direction_has_its_price()
    {
        double[] ratios = [100, 10, 1, 0.1, 0.01], prices = [1.8125, 0.74440, 0.096574, 0.0022005, 0.0000247];
        for (var i = 0; i < ratios.Length; i++)
        {
            var r = ratios[i];
            Assert.Equal(prices[i], LowRankInformation.DirectionPrice(r), i switch { 0 => 4, 1 => 5, 2 => 6, _ => 7 });
            // The divergence itself, from the two precisions.
            Close.Numbers(0.5 * (1 / (1 + r) - 1 + Math.Log(1 + r)), LowRankInformation.DirectionPrice(r), 1e-12, 1e-4);
        }
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.05, 3)]
    [InlineData(0.001, 4)]
    public void Directions_are_kept_that_are_worth_their_price(double price, int directions)
    {
        // Precisions 100, 10, 1, 0.1, 0.01 times the floor along five directions, in as many rows as wait; the next row has them compressed.
        const double Floor = 3;
        var sketch = new LowRankInformation(6, 5, price, Floor);
        double[] ratios = [100, 10, 1, 0.1, 0.01], diagonal = new double[6];
        for (var row = 0; row < 10; row++)
        {
            var x = new double[6];
            x[row % 5] = 1;
            sketch.Add(x, ratios[row % 5] * Floor / 2);
        }
        Assert.Equal(0, sketch.Directions);
        sketch.Add([0, 0, 0, 0, 0, 1], 1);
        Assert.Equal(directions, sketch.Directions);
        sketch.CopyDiagonal(diagonal);
        Close.Vectors([300, 30, 3, 0.3, 0.03, 1], diagonal, 1e-12);   // what was dropped is in the diagonal
        Close.Numbers(directions == 5 ? 0 : ratios[directions] * Floor, sketch.ErrorBound, 1e-12);
    }

    [Fact]
    public void A_million_sparse_parameters_are_solved_for()
    {
        const int Dimension = 1_000_000;
        var sketch = new LowRankInformation(Dimension, 3);
        var rows = RowSet.Random(3, Dimension, 40, 0, 5);
        sketch.Add(rows.Rows, rows.Weights);
        double[] x = RowSet.Normals(new(4), Dimension), y = new double[Dimension], back = new double[Dimension];
        sketch.Multiply(x, y);
        for (var i = 0; i < y.Length; i++) { y[i] += 0.5 * x[i]; }
        Assert.True(sketch.Solve(y, back, 0.5).IsSolved);
        Close.Vectors(x, back, 1e-10);
    }
}
