using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Optimisation;
using FisherFlow.Tests.Models;

namespace FisherFlow.Tests.Optimisation;

/// <summary>The estimates of a batch's information are different numbers, by orders of magnitude (CK-43); damping, trust and what approximation costs.</summary>
public sealed class CurvatureTests
{
    const int Batches = 2000;
    const int Size = 32;
    static readonly double[] _optimum = [0.5, -1, 0.25];

    /// <summary>The mean diagonal information of one observation by a method's estimate, over many batches at a fixed θ.</summary>
    static double[] Diagonal(Curvature curvature, double shift)
    {
        var draws = new Draws(12);
        double[] theta = [.. _optimum.Select(x => x + shift)];
        Method<DiagonalInformation> method = (Structures.Diagonal, Retention.Average(1 - 1.0 / Batches), curvature, Steps.Natural(1e-12));
        var sum = new double[3];
        for (var b = 0; b < Batches; b++)
        {
            var rows = draws.Design(Size, 3);
            var fresh = method.Start(theta);
            var block = SmallBlock.Dense(rows, draws.Logistic(rows, _optimum));
            block.FirstRow = b * Size;   // outcomes are drawn by the number of the row
            fresh.Prepare(Draws.Binomial, block, 0, Size, block.Shape);
            var diagonal = fresh.CopyInformation().Diagonal;
            for (var i = 0; i < 3; i++) { sum[i] += diagonal[i]; }   // (1 − ρ)·I_B/n each, and 1 − ρ is one by the number of batches
        }
        return sum;
    }

    [Fact]
    public void At_the_optimum_they_agree_but_for_the_size_of_the_batch()
    {
        // Four standard errors over 64 000 observations: 4·√2·0.19/√64000 ≈ 0.004 for squares, and 0.025 for squared means of 2 000 batches.
        var expected = Diagonal(Curvature.Expected, 0);
        var sampled = Diagonal(Curvature.PerSample, 0);
        var mean = Diagonal(Curvature.BatchMean, 0);
        var drawn = Diagonal(Curvature.MonteCarlo(1, 7), 0);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(expected[i], sampled[i], 0.006);
            Assert.Equal(expected[i], drawn[i], 0.006);
            Assert.Equal(expected[i], Size * mean[i], 0.035);
        }
    }

    [Fact]
    public void Away_from_it_they_tell_different_stories()
    {
        var expected = Diagonal(Curvature.Expected, 1);
        var sampled = Diagonal(Curvature.PerSample, 1);
        var mean = Diagonal(Curvature.BatchMean, 1);
        var drawn = Diagonal(Curvature.MonteCarlo(1, 7), 1);
        for (var i = 0; i < 3; i++)
        {
            Assert.InRange(sampled[i] / expected[i], 1.3, 4);       // squared residuals inflate it
            Assert.InRange(Size * mean[i] / expected[i], 3, 20);    // the squared bias comes on top, 32 times
            Assert.Equal(expected[i], drawn[i], 0.006);             // outcomes drawn from the model do not
        }
    }

    [Fact]
    public void A_condition_number_is_brought_down_to_its_target_and_no_further()
    {
        // CK-66: eigenvalues 1e8 and 1e-4, κ = 1e6: λ = 100.00 and the condition number 1e6.
        var information = new DiagonalInformation(2);
        information.Add([1e4, 1e-2], 1);
        Method<DiagonalInformation> method = (Structures.Diagonal, Retention.Fixed, Curvature.None, Steps.Natural(1, new(DampingKind.Condition, 1e6)));
        var optimiser = new Optimiser<DiagonalInformation>([0, 0], method, information);
        var report = optimiser.Step([1, 1]);
        Assert.Equal(100.00, report.Damping, 1e-2);
        Assert.Equal(1e6, (1e8 + report.Damping) / (1e-4 + report.Damping), 1e-2);
        Assert.Equal(0, new Optimiser<DiagonalInformation>([0, 0], method, Identity(2)).Step([1, 1]).Damping);
    }

    [Fact]
    public void Relative_damping_leaves_the_direction_of_scaled_scores_alone()
    {
        Method<FullInformation> method = (Structures.Full, Retention.Average(0.9), Curvature.PerSample, Steps.Natural(1, new(DampingKind.Relative, 0.1)));
        var (a, b) = (method.Start(new double[2]), method.Start(new double[2]));
        a.Step([1, 2, -1, 0.5], 2);
        b.Step([10, 20, -10, 5], 2);
        Draws.Close([a.Theta[0] / 10, a.Theta[1] / 10], b.Theta, 1e-14);   // natural: ten times the score, a hundred times the information
    }

    [Fact]
    public void A_trust_radius_shortens_the_step_to_the_divergence_it_allows()
    {
        Method<DiagonalInformation> method = (Structures.Diagonal, Retention.Fixed, Curvature.None, Steps.Natural(1) with { TrustRadius = 0.02 });
        var optimiser = new Optimiser<DiagonalInformation>([0, 0], method, Identity(2));
        var report = optimiser.Step([3, 4]);
        Assert.Equal(0.02, report.Divergence, 1e-15);
        Draws.Close([0.2 * 0.6, 0.2 * 0.8], optimiser.Theta, 1e-14);   // ½r² = 0.02
        Draws.Close([0.12 + 0.001, 0.16], [optimiser.Theta[0] + optimiser.Step([0.001, 0]).Rate * 0.001, 0.16], 1e-14);   // a short one is left alone
    }

    [Fact]
    public void The_Levenberg_Marquardt_ratio_takes_back_what_loses_and_trusts_what_gains()
    {
        // A Poisson mean far too low: the full natural step would overshoot to e^(some thousands).
        var rows = new Draws(13).Design(50, 1);
        var block = SmallBlock.Dense(rows, [.. rows.Select(_ => 100.0)]);
        Method<FullInformation> method = (Structures.Full, Retention.Average(0), Curvature.Expected, Steps.LevenbergMarquardt(1, 0.1));
        var optimiser = method.Start([-5]);
        var (rejected, greatest) = (0, 0.0);
        for (var step = 0; step < 200; step++)
        {
            var report = optimiser.Step(Draws.Poisson, block);
            if (report.Outcome == StepOutcome.Rejected) { rejected++; }
            greatest = Math.Max(greatest, optimiser.AdaptiveDamping);
        }
        Assert.True(rejected > 3, "the first forecasts are absurd");
        Assert.Equal(Math.Log(100), optimiser.Theta[0], 1e-6);
        Assert.True(optimiser.AdaptiveDamping < greatest / 4, "once steps gain what was foretold the damping goes");
    }

    [Fact]
    public void An_information_wrong_by_a_share_costs_the_square_of_the_share()
    {
        // CK-20: θ ← θ + I~⁻¹s with I~ = (1 ± ε)I of a Gaussian mean; weights follow w ← w(1 − b/t), b = 1/(1 ± ε).
        const int N = 4000;
        foreach (var (epsilon, predicted, band) in ((double, double, double)[])[(-0.5, 4.0 / 3, 1e-3), (0.2, 1 / 0.96, 2e-3), (-0.2, 1 / 0.96, 2e-3)])
        {
            var b = 1 / (1 + epsilon);
            var (square, weight) = (0.0, 1.0);
            for (var t = N; t >= 1; t--)
            {
                square += Math.Pow(b / t * weight, 2);
                weight *= 1 - b / t;
            }
            Assert.Equal(predicted, N * square, band * predicted);
        }
        // The recursion is the optimiser's: rate b on the accumulated information.
        var draws = new Draws(14);
        var optimiser = Presets.ExtendedKalmanFilter(1e-12) with { Step = Steps.Natural(1 / 0.8) } is { } method ? method.Start([0]) : null!;
        var mean = 0.0;
        for (var t = 1; t <= 100; t++)
        {
            var y = draws.Normal();
            optimiser.Step(Draws.Gaussian, SmallBlock.Single(y));
            mean += 1 / 0.8 / t * (y - mean);
        }
        Assert.Equal(mean, optimiser.Theta[0], 1e-9);   // the prior of 1e-12 beside one observation
    }

    static DiagonalInformation Identity(int d)
    {
        var identity = new DiagonalInformation(d);
        for (var i = 0; i < d; i++) { identity.Add([.. Enumerable.Range(0, d).Select(j => i == j ? 1.0 : 0)], 1); }
        return identity;
    }
}
