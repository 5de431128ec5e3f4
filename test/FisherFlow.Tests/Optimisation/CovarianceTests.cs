using FisherFlow.Information;
using FisherFlow.Optimisation;
using FisherFlow.Tests.Models;

namespace FisherFlow.Tests.Optimisation;

/// <summary>How steps behave under a change of coordinates, and steps that are the same in two charts.</summary>
public sealed class CovarianceTests
{
    /// <summary>One step with the exact information of one coordinate, at a mean score.</summary>
    static double NaturalStep(double theta, double information, double score, double rate)
    {
        var exact = new FullInformation(1);
        exact.Add([1], information);
        Method<FullInformation> method = (Structures.Full, Retention.Fixed, Curvature.None, Steps.Natural(rate));
        var optimiser = new Optimiser<FullInformation>([theta], method, exact);
        optimiser.Step([score]);
        return optimiser.Theta[0];
    }

    [Fact]
    public void A_finite_natural_step_depends_on_the_chart_to_second_order()
    {
        // CK-11: Bernoulli at .3 with mean observation .7, in p, in the logit and in the arcsine.
        const double P = 0.3, Target = 0.7;
        double[] rates = [0.4, 0.2, 0.1, 0.05];
        var inP = rates.Select(rate => NaturalStep(P, 1 / (P * (1 - P)), (Target - P) / (P * (1 - P)), rate)).ToArray();
        var inLogit = rates.Select(rate => 1 / (1 + Math.Exp(-NaturalStep(Math.Log(P / (1 - P)), P * (1 - P), Target - P, rate)))).ToArray();
        var inArc = rates.Select(rate => Math.Pow(Math.Sin(NaturalStep(Math.Asin(Math.Sqrt(P)), 4, 2 * (Target - P) / Math.Sqrt(P * (1 - P)), rate)), 2)).ToArray();

        Draws.Close([0.46, 0.38, 0.34, 0.32], inP, 1e-12);
        Draws.Close([0.478665, 0.385482, 0.341454, 0.320373], inLogit, 1e-6);
        Draws.Close([0.468836, 0.382634, 0.340711, 0.320184], inArc, 1e-6);
        var gaps = inLogit.Zip(inP, (a, b) => a - b).ToArray();
        for (var i = 1; i < 4; i++) { Assert.InRange(gaps[i - 1] / gaps[i], 3.3, 4.1); }   // O(η²): four times less for half the rate
    }

    [Fact]
    public void The_directions_agree_exactly_under_random_linear_maps()
    {
        // CK-12 for affine maps, where even finite steps agree: φ = Aθ has s_φ = A⁻ᵀs and F_φ = A⁻ᵀFA⁻¹.
        var draws = new Draws(11);
        var rows = draws.Design(200, 3);
        var response = draws.Logistic(rows, [0.3, 1, -1]);
        double[,] map = { { 2, 0.5, 0 }, { 0, 1, -0.3 }, { 0.2, 0, 5 } };
        var mapped = rows.Select(x => Draws.Solve(Transposed(map), x)).ToArray();   // xᵀθ = (A⁻ᵀx)ᵀφ
        var method = Presets.NaturalGradient(0.7, default);
        var (plain, other) = (method.Start(new double[3]), method.Start(new double[3]));
        for (var step = 0; step < 5; step++)
        {
            plain.Step(Draws.Binomial, SmallBlock.Dense(rows, response));
            other.Step(Draws.Binomial, SmallBlock.Dense(mapped, response));
        }
        var theta = plain.Theta.ToArray();
        double[] moved = [.. Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 3).Sum(j => map[i, j] * theta[j]))];
        Draws.Close(moved, other.Theta, 1e-10);

        static double[,] Transposed(double[,] a) => new[,] { { a[0, 0], a[1, 0], a[2, 0] }, { a[0, 1], a[1, 1], a[2, 1] }, { a[0, 2], a[1, 2], a[2, 2] } };
    }

    [Fact]
    public void Rescaling_a_parameter_rescales_the_diagonal_natural_step_but_not_Adams()
    {
        // CK-44: φ = cθ, so the score in φ is s/c and a covariant step is c times as long.
        double[] score = [0.3, -2], scale = [10, 0.1];
        double[] scaled = [score[0] / scale[0], score[1] / scale[1]];
        double[] Step(Method method, double[] s)
        {
            var optimiser = method.Start(new double[2]);
            optimiser.Step(s);
            return optimiser.Theta.ToArray();
        }

        var natural = Presets.DiagonalNaturalGradient(1, default);
        var (a, b) = (Step(natural, score), Step(natural, scaled));
        Draws.Close(a, [b[0] / scale[0], b[1] / scale[1]], 1e-14);
        var adam = Presets.Adam(1, floor: 0);
        var (c, d) = (Step(adam, score), Step(adam, scaled));
        Draws.Close([1, -1], c, 1e-12);
        Draws.Close([0.1, -10], [d[0] / scale[0], d[1] / scale[1]], 1e-12);
    }

    [Fact]
    public void A_unit_natural_step_in_mean_parameters_is_the_maximum_likelihood_estimate()
    {
        // F(μ) = 1/V and s̄ = (ȳ − μ)/V, so the step leads from anywhere to ȳ: Bernoulli, Poisson, exponential means.
        foreach (var (mean, variance) in ((double, double)[])[(0.2, 0.16), (3, 3), (2.5, 6.25)])
        {
            Assert.Equal(0.9, NaturalStep(mean, 1 / variance, (0.9 - mean) / variance, 1), 1e-14);
        }
    }

    [Fact]
    public void Mirror_descent_in_means_is_the_natural_gradient_in_natural_parameters()
    {
        // CK-62 for Poisson means: ∇A*(μ) = log μ = θ. The natural gradient in θ: F = μ, s = y − μ. In μ the score is (y − μ)/μ.
        double[] y = [2, 0.5, 7];
        var mirror = ((Method<DiagonalInformation>)(Structures.Diagonal, Retention.Fixed, Curvature.None, Steps.Mirror(Potentials.Entropy, 0.3))).Start([1, 1, 1]);
        double[] theta = [0, 0, 0];
        for (var step = 0; step < 40; step++)
        {
            mirror.Step([.. y.Select((value, i) => (value - mirror.Theta[i]) / mirror.Theta[i])]);
            for (var i = 0; i < 3; i++) { theta[i] = NaturalStep(theta[i], Math.Exp(theta[i]), y[i] - Math.Exp(theta[i]), 0.3); }
            Draws.Close([.. theta.Select(Math.Exp)], mirror.Theta, 1e-12);
        }
        // Gaussian means: the potential is the square, and both are gradient ascent.
        var flat = ((Method<DiagonalInformation>)(Structures.Diagonal, Retention.Fixed, Curvature.None, Steps.Mirror(Potentials.Euclidean, 0.3))).Start([1]);
        flat.Step([2 - flat.Theta[0]]);
        Assert.Equal(NaturalStep(1, 1, 1, 0.3), flat.Theta[0], 1e-15);
    }

    [Fact]
    public void Exponentiated_gradient_is_the_natural_gradient_in_logits_up_to_a_constant()
    {
        // CK-63: loss Σ c p on the simplex. In logits s = −p(c − c̄), F = diag p − ppᵀ, whose pseudo-inverse gives −(c − c̄) up to a constant.
        double[] cost = [0.3, -1, 2, 0.1];
        var eg = ((Method<DiagonalInformation>)(Structures.Diagonal, Retention.Fixed, Curvature.None, Steps.Mirror(Potentials.Simplex, 0.2))).Start([0.25, 0.25, 0.25, 0.25]);
        double[] free = [0, 0, 0];   // logits against the last outcome, where F is regular
        for (var step = 0; step < 25; step++)
        {
            var weights = free.Append(0).Select(Math.Exp).ToArray();
            double[] p = [.. weights.Select(w => w / weights.Sum())];
            var average = Draws.Inner(p, cost);
            var fisher = new double[3, 3];
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 3; j++) { fisher[i, j] = (i == j ? p[i] : 0) - p[i] * p[j]; }
            }
            var direction = Draws.Solve(fisher, [.. Enumerable.Range(0, 3).Select(i => -p[i] * (cost[i] - average))]);
            for (var i = 0; i < 3; i++) { free[i] += 0.2 * direction[i]; }
            eg.Step([.. cost.Select(c => -c)]);
            var after = free.Append(0).Select(Math.Exp).ToArray();
            Draws.Close([.. after.Select(w => w / after.Sum())], eg.Theta, 1e-12);
        }
    }
}
