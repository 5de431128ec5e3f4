using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Tests.Estimation;

/// <summary>The audit against what it estimates: the same comparison over all rows.</summary>
public sealed class AuditTests
{
    const int Rows = 4000;
    const int Sample = 300;
    const int Seeds = 40;

    static readonly IModel _model = ModelFactory.Create(new() { Family = Family.Binomial });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sample_scaled_up_is_unbiased_and_its_variance_is_what_it_says(bool merged)
    {
        var (sum, squares) = (new double[2], new double[2]);
        for (var seed = 0; seed < Seeds; seed++)
        {
            // the data seed the draw
            var data = Simulated.Draw(300 + seed, Rows, [-1, 0.8, -0.5], Enumerable.Range(0, 10).Select(i => Math.Cos(i)).ToArray(), Simulated.Bernoulli);
            var shape = data.All.Shape;
            var diagonal = Diagonal(data);
            var later = new double[_model.Dimension(shape)];
            for (var i = 0; i < later.Length; i++) { later[i] = 0.5 * Math.Sin(i + 1); }
            var early = new double[later.Length];
            var all = Sampled(data, early, diagonal, Rows, false);
            var some = Sampled(data, early, diagonal, Sample, merged);
            Assert.Equal(Rows, all.Count);
            Assert.InRange(some.Count, Sample / 2, 2 * Sample);
            var truth = all.Compare(shape, later, 0);
            var guess = some.Compare(shape, later, 0);
            for (var c = 0; c < 2; c++)
            {
                var variance = 0.0;
                for (var i = 0; i < some.Count; i++)
                {
                    var x = some.Rows.Dense[i * some.Rows.DenseColumns + c];
                    variance += (1 - 1 / some.Scale(i)) * guess.Errors[i] * guess.Errors[i] * x * x;
                }
                var z = (guess.Score[c] - truth.Score[c]) / Math.Sqrt(variance);
                sum[c] += z;
                squares[c] += z * z;
            }
        }
        for (var c = 0; c < 2; c++)
        {
            // four standard errors of a mean, and of a mean square, of standard normals
            Assert.InRange(sum[c] / Seeds, -4 / Math.Sqrt(Seeds), 4 / Math.Sqrt(Seeds));
            Assert.InRange(squares[c] / Seeds, 1 - 4 * Math.Sqrt(2.0 / Seeds), 1 + 4 * Math.Sqrt(2.0 / Seeds));
        }
    }

    [Fact]
    public void The_scaled_up_count_of_rows_is_that_of_all_rows()
    {
        var counts = new double[Seeds];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var data = Simulated.Draw(400 + seed, Rows, [0, 1], [], Simulated.Bernoulli);
            var audit = Sampled(data, [0, 0], Diagonal(data), Sample, merged: seed % 2 == 1);
            counts[seed] = Enumerable.Range(0, audit.Count).Sum(audit.Scale);
        }
        var mean = counts.Average();
        var error = Math.Sqrt(counts.Sum(c => (c - mean) * (c - mean)) / (Seeds - 1) / Seeds);
        Assert.InRange(mean, Rows - 4 * error, Rows + 4 * error);
    }

    [Fact]
    public void While_the_sample_holds_every_row_one_pass_is_the_maximum_likelihood_estimate()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var data = Simulated.Draw(100 + seed, 6000, [-2, 1.5, -1, 0.5], [], Simulated.Bernoulli);
            var exact = data.Solve(data.Fit(_model, new() { BufferRows = 20_000 }));
            var onePass = data.Solve(data.Fit(_model, new() { BufferRows = 300 }));
            // what is left after a few rounds of Newton on the audited score
            Assert.InRange(Simulated.Distance(exact, onePass), 0, 0.02);
            foreach (var (a, b) in Simulated.StandardErrors(exact).Zip(Simulated.StandardErrors(onePass))) { Assert.InRange(b / a, 0.98, 1.02); }
        }
    }

    static double[] Diagonal(Simulated data)
    {
        var diagonal = new double[data.All.Columns];
        for (var i = 0; i < Rows; i++)
        {
            for (var j = 0; j < data.All.DenseColumns; j++) { diagonal[j] += 0.25 * data.All.Dense[i * data.All.DenseColumns + j] * data.All.Dense[i * data.All.DenseColumns + j]; }
            for (var s = 0; s < data.All.Slots; s++) { diagonal[data.All.Indices[i * data.All.Slots + s]] += 0.25; }
        }
        return diagonal;
    }

    static Audit Sampled(Simulated data, double[] theta, double[] diagonal, int most, bool merged)
    {
        var shape = data.All.Shape;
        var audit = new Audit(_model, data.Layout, most);
        audit.Fold(data.Slice(0, merged ? Rows / 2 : Rows), merged ? Rows / 2 : Rows, shape, theta, 0, diagonal);
        if (!merged) { return audit; }
        var other = new Audit(_model, data.Layout, most);
        other.Fold(data.Slice(Rows / 2, Rows / 2), Rows / 2, shape, theta, 0, diagonal);
        audit.Merge(other, [.. Enumerable.Range(0, shape.Columns)], [], [.. Enumerable.Range(0, Rows)], shape);
        return audit;
    }
}
