using FisherFlow.Information;
using FisherFlow.Optimisation;
using FisherFlow.Tests.Models;

namespace FisherFlow.Tests.Optimisation;

/// <summary>Elastic weight consolidation on linear tasks, where the truth is known: the joint fit (CK-45).</summary>
public sealed class ConsolidationTests
{
    const int D = 4;
    readonly (double[][] Rows, double[] Response)[] _tasks;

    public ConsolidationTests()
    {
        var draws = new Draws(10);
        _tasks = [.. Enumerable.Range(0, 3).Select(task =>
        {
            var rows = draws.Design(40, D);
            foreach (var row in rows) { row[2] += 0.8 * row[1]; }
            return (rows, draws.Linear(rows, [1, task, -1, 0.5]));
        })];
    }

    double[] Joint(int tasks)
    {
        var rows = _tasks[..tasks].SelectMany(t => t.Rows).ToArray();
        var response = _tasks[..tasks].SelectMany(t => t.Response).ToArray();
        return Draws.Solve(Draws.Gram(rows), Draws.Cross(rows, i => response[i]));
    }

    double[] Consolidated<T>(Structure<T> structure, int tasks, double strength = 1) where T : class, IInformation<T>
    {
        var optimiser = Presets.ElasticWeightConsolidation(structure, strength).Start(new double[D]);
        foreach (var (rows, response) in _tasks[..tasks]) { Assert.True(optimiser.Step(Draws.Gaussian, SmallBlock.Dense(rows, response)).HasMoved); }
        return optimiser.Theta.ToArray();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void With_the_full_information_at_strength_one_it_is_the_joint_fit(int tasks) => Draws.Close(Joint(tasks), Consolidated(Structures.Full, tasks), 1e-12);

    [Fact]
    public void With_a_diagonal_it_is_not() => Assert.InRange(Distance(Joint(3), Consolidated(Structures.Diagonal, 3)), 1e-3, 1);

    [Fact]
    public void One_anchor_a_task_counts_the_first_twice()
    {
        // The form of the first paper: after three tasks, penalties about the optima of task one and of tasks one and two, each with its own task's information.
        var (first, second) = (_tasks[0], _tasks[1]);
        double[][] optima = [Consolidated(Structures.Full, 1), Consolidated(Structures.Full, 2)];
        var (gram, cross) = (Draws.Gram(_tasks[2].Rows), Draws.Cross(_tasks[2].Rows, i => _tasks[2].Response[i]));
        foreach (var (task, optimum) in ((double[][], double[])[])[(first.Rows, optima[0]), (second.Rows, optima[1])])
        {
            var own = Draws.Gram(task);
            for (var a = 0; a < D; a++)
            {
                for (var b = 0; b < D; b++)
                {
                    gram[a, b] += own[a, b];
                    cross[a] += own[a, b] * optimum[b];
                }
            }
        }
        Assert.InRange(Distance(Joint(3), Draws.Solve(gram, cross)), 1e-3, 1);
    }

    [Fact]
    public void An_anchor_pulls_back_with_the_gradient_of_its_penalty()
    {
        var information = new FullInformation(D);
        foreach (var row in _tasks[0].Rows) { information.Add(row, 1); }
        double[] at = [1, 2, 3, 4];
        var anchor = new Anchor<FullInformation>(at, information);
        Assert.Equal(0, anchor.Penalty(at, 5));
        double[] theta = [1.5, 2, 2, 4.2];
        Assert.True(anchor.Penalty(theta, 5) > 0, "a step away costs something");
        var score = new double[D];
        anchor.AddScore(theta, 5, score);
        for (var i = 0; i < D; i++)
        {
            double[] up = [.. theta], down = [.. theta];
            (up[i], down[i]) = (up[i] + 1e-4, down[i] - 1e-4);
            // A central difference of a quadratic is exact but for rounding: 1e-16 of the penalty over 1e-4.
            Assert.Equal(-(anchor.Penalty(up, 5) - anchor.Penalty(down, 5)) / 2e-4, score[i], 1e-7);
        }
    }

    [Fact]
    public void Scores_from_elsewhere_under_an_anchor_reach_the_joint_fit_too()
    {
        // A user's own gradients: the first task's optimum and information, then gradient steps on the second with the pull.
        var information = new FullInformation(D);
        foreach (var row in _tasks[0].Rows) { information.Add(row, 1); }
        var anchor = new Anchor<FullInformation>(Consolidated(Structures.Full, 1), information);
        Method<FullInformation> newton = (Structures.Full, Retention.Fixed, Curvature.None, Steps.Natural(0.5));
        var both = information.Copy();
        foreach (var row in _tasks[1].Rows) { both.Add(row, 1); }
        var optimiser = new Optimiser<FullInformation>(anchor.Theta, newton, both);
        for (var step = 0; step < 60; step++)   // halves the distance each time
        {
            var theta = optimiser.Theta.ToArray();
            var score = Draws.Cross(_tasks[1].Rows, i => _tasks[1].Response[i] - Draws.Inner(_tasks[1].Rows[i], theta));
            anchor.AddScore(theta, 1, score);
            optimiser.Step(score);
        }
        Draws.Close(Joint(2), optimiser.Theta, 1e-12);
        var task = new FullInformation(D);
        foreach (var row in _tasks[1].Rows) { task.Add(row, 1); }
        anchor.Consolidate(optimiser.Theta, task);
        Assert.Equal(0, anchor.Penalty(optimiser.Theta, 1));
        both.Multiply([1, 0, 0, 0], new double[D]);
        Assert.Equal(0.5 * both.ToDense()[0, 0], anchor.Penalty([optimiser.Theta[0] + 1, .. optimiser.Theta[1..]], 1), 1e-9);
    }

    static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
}
