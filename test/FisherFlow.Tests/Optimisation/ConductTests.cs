using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Optimisation;
using FisherFlow.Snapshots;
using FisherFlow.Tests.Models;

namespace FisherFlow.Tests.Optimisation;

/// <summary>How an optimiser behaves: states, allocation, bad scores, impossible combinations.</summary>
public sealed class ConductTests
{
    public static TheoryData<string> Names => [.. _methods.Keys];

    static readonly Dictionary<string, Method> _methods = new()
    {
        ["sgd"] = Presets.Sgd(0.01),
        ["momentum"] = Presets.MomentumSgd(0.01),
        ["rmsprop"] = Presets.RmsProp(0.01),
        ["adagrad"] = Presets.AdaGrad(0.1),
        ["adam"] = Presets.Adam(0.01),
        ["adamw"] = Presets.AdamW(Schedule.Cosine(0.01, 100).WarmUp(10)),
        ["diagonal-natural"] = Presets.DiagonalNaturalGradient(0.1, default),
        ["natural"] = Presets.NaturalGradient(0.1, default),
        ["nesterov"] = Presets.NaturalGradient(0.1, default) with { Step = Steps.Natural(0.1) with { Momentum = Momentum.Nesterov(0.9) } },
        ["levenberg"] = Presets.NaturalGradient(0.1, default) with { Step = Steps.LevenbergMarquardt(0.5, 1) },
        ["ons"] = Presets.OnlineNewtonStep(1, 1),
        ["ekf"] = Presets.ExtendedKalmanFilter(1),
        ["forgetting"] = Presets.ForgettingLeastSquares(0.9, 1),
        ["ewc"] = Presets.ElasticWeightConsolidation(Structures.Diagonal, 0.5),
        ["proximal-average"] = (Method<DiagonalInformation>)(Structures.Diagonal, Retention.Average(0.9), Curvature.Expected, Steps.Proximal(0.5)),
        ["implicit-sgd"] = (Method<DiagonalInformation>)(Structures.Diagonal, Retention.Fixed, Curvature.None, Steps.Proximal(0.1)),
        ["monte-carlo"] = (Method<DiagonalInformation>)(Structures.Diagonal, Retention.Average(0.9), Curvature.MonteCarlo(2, 5), Steps.Natural(0.1)),
    };

    static readonly Block _block = Data();

    static Block Data()
    {
        var draws = new Draws(20);
        var rows = draws.Design(400, 3);
        return SmallBlock.Dense(rows, draws.Logistic(rows, [0.5, -1, 1]));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_snapshot_goes_on_to_the_bit(string name)
    {
        var method = _methods[name];
        var optimiser = method.Start(new double[3]);
        for (var at = 0; at < 200; at += 20) { optimiser.Step(Draws.Binomial, _block, at, 20, _block.Shape); }
        var writer = new StateWriter();
        optimiser.Save(writer);
        var loaded = method.Load(new(writer.Written.ToArray()));
        Assert.Equal(optimiser.Theta, loaded.Theta);
        foreach (var each in (Optimiser[])[optimiser, loaded])
        {
            for (var at = 200; at < 400; at += 20) { each.Step(Draws.Binomial, _block, at, 20, _block.Shape); }
        }
        Assert.Equal(optimiser.Theta, loaded.Theta);
        Assert.Equal(optimiser.Iterate, loaded.Iterate);
        Assert.Equal((optimiser.Steps, optimiser.Refusals), (loaded.Steps, loaded.Refusals));
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_method_gains_on_a_logistic_regression(string name)
    {
        var optimiser = _methods[name].Start(new double[3]);
        for (var epoch = 0; epoch < 20; epoch++)
        {
            for (var at = 0; at < 400; at += 20) { optimiser.Step(Draws.Binomial, _block, at, 20, _block.Shape); }
        }
        var sums = default(FitSums);
        Draws.Binomial.Work(_block, 0, 400, _block.Shape, optimiser.Iterate, 0, default, ref sums, new());
        Assert.InRange(sums.Deviance / 800, 0.3, 0.66);   // a coin loses ln 2 = 0.693
    }

    [Fact]
    public void A_state_is_only_read_by_its_own_method()
    {
        var writer = new StateWriter();
        Presets.Adam(0.01).Start(new double[3]).Save(writer);
        var problem = Assert.Throws<InvalidDataException>(() => Presets.Adam(0.02).Load(new(writer.Written.ToArray())));
        Assert.Contains("0.02", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("adam")]
    [InlineData("diagonal-natural")]
    [InlineData("ewc")]
    public void Steps_allocate_nothing_once_warm(string name)
    {
        var optimiser = _methods[name].Start(new double[3]);
        double[] score = [1, -1, 0.5];
        var takesScores = name != "ewc";
        for (var i = 0; i < 5; i++) { Both(); }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) { Both(); }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Both()
        {
            optimiser.Step(Draws.Binomial, _block, 0, 20, _block.Shape);
            if (takesScores) { optimiser.Step(score); }
        }
    }

    [Fact]
    public void A_score_that_is_not_finite_is_counted_and_changes_nothing()
    {
        var optimiser = Presets.Adam(0.01).Start(new double[2]);
        optimiser.Step([1, 2]);
        var (writer, after) = (new StateWriter(), new StateWriter());
        optimiser.Save(writer);
        Assert.Equal(StepOutcome.NotFinite, optimiser.Step([double.NaN, 1]).Outcome);
        Assert.Equal(StepOutcome.NotFinite, optimiser.Step([1, double.PositiveInfinity]).Outcome);
        Assert.Equal((1, 2), (optimiser.Steps, optimiser.Refusals));
        var calm = Presets.Adam(0.01).Load(new(writer.Written.ToArray()));
        optimiser.Step([0.5, 0.5]);
        calm.Step([0.5, 0.5]);
        Assert.Equal(calm.Theta, optimiser.Theta);
    }

    [Fact]
    public void A_step_that_would_leave_the_numbers_is_not_taken()
    {
        var optimiser = Presets.Sgd(1e300).Start([1]);
        Assert.Equal(StepOutcome.Overflow, optimiser.Step([1e300]).Outcome);
        Assert.Equal(1, optimiser.Theta[0]);
    }

    [Fact]
    public void A_singular_information_names_the_parameter()
    {
        var report = Presets.OnlineNewtonStep(1, 0).Start(new double[2]).Step([1, 0]);
        Assert.Equal((StepOutcome.Singular, 1), (report.Outcome, report.FailedPivot));
    }

    [Fact]
    public void A_wrong_dimension_names_both()
    {
        var optimiser = Presets.Sgd(0.1).Start(new double[4]);
        Assert.Contains("[1, 4]", Assert.Throws<ArgumentException>(() => optimiser.Step([1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("3 parameters", Assert.Throws<ArgumentException>(() => optimiser.Step(Draws.Binomial, _block)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_of_the_space_where_nothing_stands_are_refused_with_the_reason()
    {
        Refused((Structures.Full, Retention.Average(0.9), Curvature.Expected, Steps.Natural(1), 0.5), "damping");
        Refused((Structures.Full, Retention.Average(0.9), Curvature.BatchMean, Steps.InverseRoot(1, 1e-8)), "structure is full");
        Refused((Structures.Full, Retention.Sum, Curvature.BatchMean, Steps.Proximal(1)), "no information");
        Refused((Structures.Full, Retention.Sum, Curvature.Expected, Steps.Mirror(Potentials.Entropy, 1)), "no information");
        Refused((Structures.Full, Retention.Sum, Curvature.Expected, Steps.Proximal(1) with { Momentum = Momentum.HeavyBall(0.9) }), "momentum");
        Assert.Throws<InvalidOperationException>(() => Presets.ExtendedKalmanFilter(1).Start(new double[2]).Step([1, 2]));

        static void Refused(Method<FullInformation> method, string reason) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(() => method.Start(new double[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_may_grow_and_move()
    {
        var optimiser = Presets.ExtendedKalmanFilter(2).Start([1, 2]);
        optimiser.Remap([2, 0], 3);
        Assert.Equal([2, 0, 1], optimiser.Theta.ToArray());
        var dense = optimiser.CopyInformation().ToDense();
        Assert.Equal([2, 2, 2], Enumerable.Range(0, 3).Select(i => dense[i, i]));   // the new one has the prior too
    }

    [Fact]
    public void Another_state_is_trusted_at_a_discount()
    {
        var source = Presets.ExtendedKalmanFilter(1e-6).Start(new double[3]);
        source.Step(Draws.Binomial, _block);
        var known = source.CopyInformation();
        known *= 0.1;
        var target = new Optimiser<FullInformation>(source.Theta, Presets.ExtendedKalmanFilter(0), known);
        Assert.Equal(0.1 * source.CopyInformation().Trace(), target.CopyInformation().Trace(), 1e-12);
    }
}
