using FisherFlow.Differentiation;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Tests.Gallery;

/// <summary>What every density of the gallery must be, by quadrature and by differences.</summary>
public sealed class DensityTests
{
    const double Quadrature = 1e-6;   // the project's promise for golden matrices

    public static TheoryData<string> Names => GalleryCase.Names;

    public static TheoryData<string> Scalars => GalleryCase.Scalars;

    [Theory, MemberData(nameof(Names))]
    public void Densities_sum_to_one_and_scores_to_zero(string name)
    {
        var c = GalleryCase.Of(name);
        var sums = c.Line.Expect(Density(c), (in y) => [1, .. Derivatives.Of(c.Distribution, y, c.Parameters).Score]);
        Assert.Equal(1, sums[0], 1e-9);
        foreach (var score in sums[1..]) { Assert.Equal(0, score, Quadrature); }
    }

    /// <summary>Three derivations: the variance of the score, minus the mean second derivative, and the closed form where there is one.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Both_forms_of_the_information_agree_with_the_closed_one(string name)
    {
        var c = GalleryCase.Of(name);
        var k = c.Parameters.Length;
        var forms = c.Line.Expect(Density(c), (in y) =>
        {
            var at = Derivatives.Of(c.Distribution, y, c.Parameters);
            return [.. at.Outer(), .. at.Hessian];
        });
        var closed = c.Information();
        for (var i = 0; i < k * k; i++)
        {
            var scale = Math.Sqrt(forms[i / k * (k + 1)] * forms[i % k * (k + 1)]);
            if (c.IsSmooth) { Assert.Equal(forms[i], -forms[k * k + i], Quadrature * scale); }
            if (closed is not null) { Assert.Equal(closed[i], forms[i], Quadrature * scale); }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Derivatives_agree_with_differences(string name)
    {
        var c = GalleryCase.Of(name);
        foreach (var share in (double[])[0.1, 0.37, 0.8])
        {
            var outcome = Typical(c, share);
            var at = Derivatives.Of(c.Distribution, outcome, c.Parameters);
            var k = c.Parameters.Length;
            for (var i = 0; i < k; i++)
            {
                // central differences of order four: rounding and truncation balance near 1e-3 for the score, whose own derivative is then good to about 1e-10
                var h = 1e-3 * c.Parameters[i];
                var (score, hessian) = Difference(c, outcome, i, h);
                Assert.Equal(score, at.Score[i], 1e-7 * (1 + Math.Abs(score)));
                for (var j = 0; j < k; j++) { Assert.Equal(hessian[j], at.Hessian[i * k + j], 1e-7 * (1 + Math.Abs(hessian[j]))); }
            }
        }
    }

    [Theory, MemberData(nameof(Scalars))]
    public void Cumulative_distributions_are_the_integrals_of_densities_and_quantiles_their_inverses(string name)
    {
        var c = GalleryCase.Of(name);
        foreach (var share in (double[])[0.02, 0.3, 0.5, 0.71, 0.99])
        {
            var y = c.Distribution.Quantile(share, c.Parameters);
            var cumulative = c.Distribution.Cumulative(y, c.Parameters);
            if (c.Distribution.IsDiscrete)
            {
                Assert.True(cumulative >= share && c.Distribution.Cumulative(y - 1, c.Parameters) < share);
                var sum = Enumerable.Range(0, (int)y + 1).Sum(count => Math.Exp(c.Distribution.LogDensity<Real>(new(count), Reals(c.Parameters)).Value));
                Assert.Equal(sum, cumulative, 1e-10);
            }
            else
            {
                Assert.Equal(share, cumulative, 1e-8);
                var below = new Support(c.Line.Lower, y).Expect(Density(c), (in _) => [1]);
                if (!double.IsInfinity(c.Line.Lower)) { Assert.Equal(cumulative, below[0], 1e-8); }
                else
                {
                    // on the line the density is the slope of the distribution (at a corner there is none)
                    if (y == c.Line.Corner) { continue; }
                    var slope = (c.Distribution.Cumulative(y + 1e-4, c.Parameters) - c.Distribution.Cumulative(y - 1e-4, c.Parameters)) / 2e-4;
                    Assert.Equal(Density(c)(new(y)), slope, 1e-7);
                }
            }
        }
    }

    /// <summary>The mean that predictions give, where it is a mean.</summary>
    [Theory, MemberData(nameof(Scalars))]
    public void Means_are_expectations(string name)
    {
        var c = GalleryCase.Of(name);
        if (c.Distribution is LocationScale<Cauchy> or ScaleShape<Logistic> or Truncated<StandardNormal> or VonMises) { return; }
        var mean = c.Line.Expect(Density(c), (in y) => [y.Value])[0];
        Assert.Equal(mean, c.Distribution.Mean<Real>(Reals(c.Parameters)).Value, 1e-6);
    }

    [Fact]
    public void A_censored_response_has_the_probability_of_its_range()
    {
        foreach (var c in GalleryCase.All.Where(c => c.Distribution.Supports(new(1) { Status = Censoring.Right })))
        {
            foreach (var (low, high) in ((double, double)[])[(0.2, 0.9), (1.1, 4), (3, 3.001)])
            {
                var (below, above) = (c.Distribution.Cumulative(low, c.Parameters), c.Distribution.Cumulative(high, c.Parameters));
                // the differences on the left lose digits where the probability is small
                Assert.Equal(Math.Log(1 - below), Log(new(low) { Status = Censoring.Right }), 1e-12 / (1 - below));
                Assert.Equal(Math.Log(below), Log(new(low) { Status = Censoring.Left }), 1e-12 / below);
                Assert.Equal(Math.Log(above - below), Log(new(low) { Status = Censoring.Interval, Upper = high }), 1e-12 / (above - below));
            }

            double Log(in Outcome outcome) => c.Distribution.LogDensity<Real>(outcome, Reals(c.Parameters)).Value;
        }
    }

    /// <summary>Twenty scales out a cumulative distribution is 1 to a double: the tails' own logarithms are not.</summary>
    [Fact]
    public void Censoring_far_into_the_tail_keeps_its_digits()
    {
        var normal = new LocationScale<StandardNormal>();
        Real[] at = [0.0, 1.0];
        // log Φ(−20) and log(Φ(−20) − Φ(−21)), R's pnorm(-20, log.p = TRUE) and the same with log1p
        Assert.Equal(-203.91715537109723, normal.LogDensity<Real>(new(20) { Status = Censoring.Right }, at).Value, 1e-9);
        Assert.Equal(-203.91715537109723, normal.LogDensity<Real>(new(20) { Status = Censoring.Interval, Upper = 21 }, at).Value, 1e-7);
        Assert.Equal(-203.91715537109723, normal.LogDensity<Real>(new(-21) { Status = Censoring.Interval, Upper = -20 }, at).Value, 1e-7);
    }

    [Fact]
    public void Starting_values_are_legal_whatever_the_first_rows_are()
    {
        foreach (var c in GalleryCase.All)
        {
            foreach (var rows in (double[][])[[], [1], [0, 0, 0], [0.5, 0.5], [0.1, 0.4, 0.7, 0.2], [1, 2, 40, 3, 0]])
            {
                var block = new FisherFlow.Models.Block(8, 1, 0, false, false, false, FisherFlow.Models.ResponseLayout.Components(c.Line.Components)) { Count = rows.Length };
                rows.CopyTo(block.Response, 0);
                Array.Fill(block.Weight, 1);
                Array.Fill(block.Details, 0.3);
                var start = new double[c.Parameters.Length];
                c.Distribution.Start(new(block), start);
                for (var i = 0; i < start.Length; i++) { Assert.True(c.Distribution.Parameters[i].Domain.Contains(start[i]) && double.IsFinite(start[i]), $"{c} from {string.Join(' ', rows)}: {start[i]}"); }
            }
        }
    }

    static Func<Outcome, double> Density(GalleryCase c)
    {
        var parameters = Reals(c.Parameters);
        return outcome => Math.Exp(c.Distribution.LogDensity<Real>(outcome, parameters).Value);
    }

    static Real[] Reals(double[] values) => [.. values.Select(v => (Real)v)];

    static Outcome Typical(GalleryCase c, double share) => c.Line == Support.Simplex
        ? new(share) { Others = new[] { 0.6 * (1 - share), 0.4 * (1 - share) } }
        : new(c.Distribution.Quantile(share, c.Parameters));

    static (double Score, double[] Hessian) Difference(GalleryCase c, in Outcome outcome, int i, double h)
    {
        var points = new Derivatives[4];
        double[] steps = [-2, -1, 1, 2], factors = [1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12];
        var (score, hessian) = (0.0, new double[c.Parameters.Length]);
        for (var s = 0; s < 4; s++)
        {
            double[] moved = [.. c.Parameters];
            moved[i] += steps[s] * h;
            points[s] = Derivatives.Of(c.Distribution, outcome, moved);
            score += factors[s] * points[s].Value / h;
            for (var j = 0; j < hessian.Length; j++) { hessian[j] += factors[s] * points[s].Score[j] / h; }
        }
        return (score, hessian);
    }
}
