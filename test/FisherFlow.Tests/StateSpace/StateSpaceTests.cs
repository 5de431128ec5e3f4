using FisherFlow.StateSpace;
using FisherFlow.Tests.Laws;
using FisherFlow.Tests.Memory;

namespace FisherFlow.Tests.StateSpace;

/// <summary>Four derivations of one answer: covariance, information and square-root recursions, and conditioning of the joint normal law of all states and observations; then R's numbers (statespace.R).</summary>
public sealed class StateSpaceTests
{
    const double Close = 1e-10;

    [Theory, Seeds(20)]
    public void Three_recursions_and_joint_conditioning_agree(int seed)
    {
        var (model, series) = Draw(seed);
        var joint = new JointNormal(model, series);
        foreach (var filter in new StateFilter[] { new CovarianceFilter(model), new InformationFilter(model), new SquareRootFilter(model) })
        {
            filter.Run(series);
            AssertClose(joint.Mean(series.Length - 1), filter.Mean());
            AssertClose(joint.Covariance(series.Length - 1), filter.Covariance());
            Assert.Equal(1, filter.LogLikelihood / joint.LogLikelihood, Close);
        }
        var smoothed = Smoother.Smooth(model, series);
        for (var t = 0; t < series.Length; t++)
        {
            AssertClose(joint.Mean(t), smoothed[t].Mean);
            AssertClose(joint.Covariance(t), smoothed[t].Covariance);
        }
    }

    /// <summary>Without drift the filter is recursive least squares, which is batch least squares: with a diffuse start to rounding.</summary>
    [Fact]
    public void A_filter_without_drift_is_least_squares()
    {
        var model = LinearGaussianModel.DriftingRegression(3, 0, 2);
        var (normals, gram, moment) = (new Normals(5), new double[3, 3], new double[3]);
        StateFilter[] filters = [new InformationFilter(model), new SquareRootFilter(model)];
        for (var t = 0; t < 400; t++)
        {
            double[] row = [1, normals.Next(), normals.Next()];
            var y = 2 - row[1] + 0.5 * row[2] + normals.Next();
            foreach (var filter in filters)
            {
                if (t > 0) { filter.Predict(); }
                filter.Observe(row, y);
                Assert.Equal(t >= 2, filter.IsDetermined);
            }
            for (var i = 0; i < 3; i++)
            {
                moment[i] += row[i] * y;
                for (var j = 0; j < 3; j++) { gram[i, j] += row[i] * row[j]; }
            }
        }
        var inverse = Square.Inverse(gram)!;
        foreach (var filter in filters)
        {
            AssertClose(Square.Product(inverse, moment), filter.Mean());
            AssertClose(Square.Sum(new double[3, 3], inverse, 2), filter.Covariance());
        }
    }

    /// <summary>Three guesses at a jar, 500 ± 50, 450 ± 100 and 480 ± 30, are 483.103448 ± 24.913644 together: rows divided by their standard deviations.</summary>
    [Fact]
    public void Measurements_of_unequal_accuracy_are_weighted_by_it()
    {
        foreach (var filter in new StateFilter[] { new InformationFilter(LinearGaussianModel.LocalLevel(0, 1)), new SquareRootFilter(LinearGaussianModel.LocalLevel(0, 1)) })
        {
            foreach (var (value, deviation) in new[] { (500.0, 50.0), (450, 100), (480, 30) }) { filter.Observe([1 / deviation], value / deviation); }
            Assert.Equal(483.103448, filter.Mean()[0], 5e-7);
            Assert.Equal(24.913644, Math.Sqrt(filter.Covariance()[0, 0]), 5e-7);
        }
    }

    /// <summary>One scored step on a logistic row, <c>θ + (I + wxxᵀ)⁻¹xr</c>, is the extended Kalman filter's, <c>θ + Px·r/(1 + w·xᵀPx)</c>.</summary>
    [Theory, Seeds(10)]
    public void A_scored_step_is_the_extended_Kalman_filters(int seed)
    {
        var normals = new Normals(seed);
        var root = new double[3, 3];
        for (var i = 0; i < 9; i++) { root[i / 3, i % 3] = normals.Next(); }
        var information = Square.Sum(Square.Identity(3), Square.Product(root, Square.Transpose(root)));
        var covariance = Square.Inverse(information)!;
        double[] x = [1, normals.Next(), normals.Next()], theta = [normals.Next(), normals.Next(), normals.Next()];
        var mean = 1 / (1 + Math.Exp(-Square.Dot(x, theta)));
        var (weight, score) = (mean * (1 - mean), 1 - mean);
        var sum = Square.Sum(information, new double[3, 3]);
        for (var i = 0; i < 9; i++) { sum[i / 3, i % 3] += weight * x[i / 3] * x[i % 3]; }
        var scored = Square.Product(Square.Inverse(sum)!, [score * x[0], score * x[1], score * x[2]]);
        var gain = Square.Product(covariance, x);
        for (var i = 0; i < 3; i++) { Assert.Equal(gain[i] * score / (1 + weight * Square.Dot(x, gain)), scored[i], 1e-12); }
    }

    [Fact]
    public void A_local_level_on_the_Nile_has_the_numbers_of_R()
    {
        var model = Vague(LinearGaussianModel.LocalLevel(1469.1, 15099), 1e7);
        AssertFilters(model, Series.Nile, [798.370292608364], [4032.15794180848], -641.585578459415);
        double[] holed = [.. Series.Nile.Select((y, t) => t is >= 20 and < 40 or >= 60 and < 80 ? double.NaN : y)];
        AssertFilters(model, holed, [798.315114617568], [4032.18679744826], -389.626977525599);
        var smoothed = Smoother.Smooth(Vague(model, 1e7 + 1469.1), Series.Nile);   // R's smoother counts its start a step earlier
        foreach (var (t, mean, variance) in new[] { (0, 1111.220323356662, 4030.53300596215), (49, 834.763258994109, 2326.75686981419), (99, 798.370292608364, 4032.15794180848) })
        {
            Assert.Equal(1, smoothed[t].Mean[0] / mean, 1e-9);
            Assert.Equal(1, smoothed[t].Covariance[0, 0] / variance, 1e-9);
        }
    }

    [Fact]
    public void A_local_trend_on_Lake_Huron_has_the_numbers_of_R()
    {
        var model = LinearGaussianModel.LocalTrend(0.3, 0.01, 0.1);
        model = new(model.Transition, model.ProcessNoise, model.Observation, 0.1) { StartCovariance = new double[,] { { 1e4, 0 }, { 0, 1e2 } } };
        AssertFilters(model, [.. Series.LakeHuron.Select(y => y - 570)], [9.980961474592762, 0.224777886650851], [0.0824964198638648, 0.0132301096503904, 0.0132301096503904, 0.0623550537704204], -127.700882664243);
    }

    /// <summary>R's StructTS maximises nearly the same likelihood (its start has a large variance, ours none) and stops at 1469.147 and 15098.577; arima's (0,1,1) has the diffuse likelihood exactly, of the differences.</summary>
    [Fact]
    public void Variances_by_maximum_likelihood_are_those_of_R()
    {
        var nile = NoiseVariances.Estimate(Series.Nile, 2, v => LinearGaussianModel.LocalLevel(v[0], v[1]));
        Assert.Equal(1, nile.Variances[0] / 1469.14663055177, 2e-3);
        Assert.Equal(1, nile.Variances[1] / 15098.57710464844, 2e-4);
        Assert.Equal(-632.545624383191, nile.LogLikelihood, 1e-4);
        // Differences of a local level are a moving average: γ₁/γ₀ = −r/(q + 2r) = θ/(1 + θ²).
        var theta = -0.732942578287823;
        Assert.Equal(theta / (1 + theta * theta), -nile.Variances[1] / (nile.Variances[0] + 2 * nile.Variances[1]), 1e-4);
    }

    /// <summary>What the paper's errata give for q = .01 and r = 1, exactly; and the filter comes to rest there.</summary>
    [Fact]
    public void A_local_level_comes_to_rest_as_exponential_forgetting()
    {
        var steady = SteadyState.OfLocalLevel(0.01, 1);
        Assert.Equal(0.105125, steady.Prediction, 5e-7);
        Assert.Equal(0.095125, steady.Gain, 5e-7);
        Assert.Equal(0.904875, steady.Retention, 5e-7);
        Assert.Equal(0.01, SteadyState.DriftOf(steady.Retention), 1e-15);
        foreach (var (retention, error) in new[] { (0.8, 0.1289), (0.85, 0.1071), (0.9049, 0.0951), (0.95, 0.1182), (0.99, 0.4975) })
        {
            Assert.Equal(error, SteadyState.ErrorOf(retention, 0.01, 1), 5e-5);
        }
        var filter = new InformationFilter(LinearGaussianModel.LocalLevel(0.01, 1));
        for (var t = 0; t < 300; t++)
        {
            if (t > 0) { filter.Predict(); }
            filter.Observe(0);
        }
        Assert.Equal(steady.MeanSquaredError, filter.Covariance()[0, 0], 1e-12);
    }

    /// <summary>By simulation: means with five retentions follow a random walk of 200 000 steps with the errors the formula says, within 1.5 %, or 6 % where errors of successive steps are alike for hundreds of them.</summary>
    [Fact]
    public void Means_with_forgetting_follow_a_random_walk_with_the_errors_expected()
    {
        const int Steps = 200_000;
        double[] retentions = [0.8, 0.85, 0.904875, 0.95, 0.99];
        var (normals, level, means, squares) = (new Normals(9), 0.0, new double[5], new double[5]);
        for (var t = 0; t < Steps; t++)
        {
            level += 0.1 * normals.Next();
            var y = level + normals.Next();
            for (var i = 0; i < 5; i++)
            {
                means[i] += (1 - retentions[i]) * (y - means[i]);
                squares[i] += (means[i] - level) * (means[i] - level) / Steps;
            }
        }
        for (var i = 0; i < 5; i++) { Assert.Equal(1, squares[i] / SteadyState.ErrorOf(retentions[i], 0.01, 1), i == 4 ? 0.06 : 0.015); }
    }

    [Fact]
    public void What_cannot_be_filtered_is_refused_with_its_reason()
    {
        Assert.Contains("diffuse", Assert.Throws<ArgumentException>(() => new CovarianceFilter(LinearGaussianModel.LocalLevel(1, 1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearGaussianModel.LocalLevel(1, 0));
        Assert.Throws<ArgumentException>(() => LinearGaussianModel.LocalLevel(-1, 1));
        Assert.Contains("singular", Assert.Throws<ArgumentException>(() => new InformationFilter(new(new double[1, 1], new double[,] { { 1 } }, [1], 1))).Message, StringComparison.Ordinal);
        Assert.Contains("[2, 2]", Assert.Throws<ArgumentException>(() => new LinearGaussianModel(new double[1, 1], new double[2, 2], [1, 0], 1)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new SquareRootFilter(LinearGaussianModel.LocalLevel(1, 1)).Mean());
    }

    static void AssertFilters(LinearGaussianModel model, double[] series, double[] mean, double[] covariance, double logLikelihood)
    {
        foreach (var filter in new StateFilter[] { new CovarianceFilter(model), new InformationFilter(model), new SquareRootFilter(model) })
        {
            filter.Run(series);
            // A start of variance 10⁷ costs as many digits as it has.
            Assert.All(filter.Mean().Zip(mean), pair => Assert.Equal(1, pair.First / pair.Second, 1e-9));
            Assert.All(filter.Covariance().Cast<double>().Zip(covariance), pair => Assert.Equal(1, pair.First / pair.Second, 1e-9));
            Assert.Equal(1, filter.LogLikelihood / logLikelihood, 1e-10);
        }
    }

    static LinearGaussianModel Vague(LinearGaussianModel model, double variance) =>
        new(model.Transition, model.ProcessNoise, model.Observation, model.ObservationVariance) { StartCovariance = Square.Identity(model.Dimension, variance) };

    /// <summary>A random model with one to four states, singular process noise now and then, and a series with holes.</summary>
    static (LinearGaussianModel Model, double[] Series) Draw(int seed)
    {
        var normals = new Normals(seed);
        var d = 1 + seed % 4;
        double[,] Random(int columns)
        {
            var a = new double[d, columns];
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < columns; j++) { a[i, j] = normals.Next(); }
            }
            return a;
        }
        var transition = Square.Sum(Square.Identity(d, 0.8), Random(d), 0.1);
        var noise = Random(seed % 3 == 0 ? Math.Max(1, d - 1) : d);
        var start = Random(d);
        double[] Vector() => [.. Enumerable.Range(0, d).Select(_ => normals.Next())];
        var model = new LinearGaussianModel(transition, Square.Product(noise, Square.Transpose(noise)), Vector(), 0.1 + normals.Uniform())
        {
            StartMean = Vector(),
            StartCovariance = Square.Sum(Square.Identity(d, 0.1), Square.Product(start, Square.Transpose(start))),
        };
        return (model, [.. Enumerable.Range(0, 25).Select(t => t % 7 == 3 ? double.NaN : 3 * normals.Next())]);
    }

    static void AssertClose(double[] expected, double[] actual) => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Close * (1 + Math.Abs(pair.First))));

    static void AssertClose(double[,] expected, double[,] actual) => AssertClose([.. expected.Cast<double>()], [.. actual.Cast<double>()]);
}
