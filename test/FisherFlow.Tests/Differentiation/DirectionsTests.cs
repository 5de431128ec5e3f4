using FisherFlow.Differentiation;

namespace FisherFlow.Tests.Differentiation;

/// <summary>Forward along several directions, reverse, and closed forms must meet.</summary>
public sealed class DirectionsTests
{
    /// <summary>A student-t log-density, a beta log-density and a mixture in one: every kind of operation between five variables.</summary>
    readonly struct Mixed : IScalarFunction
    {
        public T At<T>(ReadOnlySpan<T> x) where T : struct, IScalar<T>
        {
            var z = (1.3 - x[0]) / x[1];
            var student = T.LogGamma((x[2] + 1) / 2) - T.LogGamma(x[2] / 2) - 0.5 * T.Log(3 * x[2]) - T.Log(x[1]) - (x[2] + 1) / 2 * T.Log1P(z * z / x[2]);
            var beta = (x[3] - 1) * Math.Log(0.3) + (x[4] - 1) * Math.Log(0.7) - T.LogBeta(x[3], x[4]);
            return T.LogSumExp(student, beta) - 2 / (x[0] - x[4]) + T.Sin(x[3]) * T.Pow(x[1], x[2]) * 0.01 - (-x[2]);
        }
    }

    static readonly double[] _point = [0.4, 0.9, 4.2, 2.1, 3.3];

    [Fact]
    public void One_jet_of_five_directions_equals_reverse_and_plain_jets()
    {
        var jets = new Jet<Five>[5];
        for (var i = 0; i < 5; i++) { jets[i] = Jet<Five>.Variable(_point[i], i); }
        var forward = default(Mixed).At<Jet<Five>>(jets);
        var (gradient, hessian) = (new double[5], new double[25]);
        var value = new Tape().Differentiate(default(Mixed), _point, gradient, hessian);
        var plain = default(Mixed).At<Real>([.. _point.Select(x => (Real)x)]).Value;

        Assert.Equal(plain, forward.Value, 1e-14);
        Assert.Equal(plain, value, 1e-14);
        for (var i = 0; i < 5; i++)
        {
            var line = default(Mixed).At<Jet>([.. _point.Select((x, k) => k == i ? Jet.Variable(x) : x)]);
            Assert.Equal(line.First, forward.Gradient(i), 1e-13);
            Assert.Equal(line.Second, forward.Hessian(i, i), 1e-12);
            Assert.Equal(forward.Gradient(i), gradient[i], 1e-13);
            for (var j = 0; j < 5; j++)
            {
                Assert.Equal(forward.Hessian(i, j), hessian[i * 5 + j], 1e-12);
                Assert.Equal(forward.Hessian(i, j), forward.Hessian(j, i));
            }
        }
    }

    [Fact]
    public void Mixed_derivatives_agree_with_differences_of_gradients()
    {
        var (gradient, hessian) = (new double[5], new double[25]);
        var tape = new Tape();
        tape.Differentiate(default(Mixed), _point, gradient, hessian);
        for (var j = 0; j < 5; j++)
        {
            const double h = 1e-3;
            var difference = new double[5];
            foreach (var (step, factor) in new[] { (1, 45.0), (-1, -45), (2, -9), (-2, 9), (3, 1), (-3, -1) })
            {
                var moved = _point.ToArray();
                moved[j] += step * h;
                tape.Differentiate(default(Mixed), moved, gradient, default);
                for (var i = 0; i < 5; i++) { difference[i] += factor * gradient[i] / (60 * h); }
            }
            for (var i = 0; i < 5; i++) { Assert.Equal(difference[i], hessian[i * 5 + j], 1e-9); }   // sixth order: h⁶ and ε/h
        }
    }

    [Fact]
    public void A_product_with_the_hessian_is_the_hessian_times_the_vector()
    {
        double[] v = [0.3, -1, 0.2, 0.7, -0.4];
        var (gradient, hessian, product) = (new double[5], new double[25], new double[5]);
        var tape = new Tape();
        tape.Differentiate(default(Mixed), _point, gradient, hessian);
        tape.Differentiate(default(Mixed), _point, v, gradient, product);
        for (var i = 0; i < 5; i++) { Assert.Equal(Enumerable.Range(0, 5).Sum(j => hessian[i * 5 + j] * v[j]), product[i], 1e-12); }
    }

    public static TheoryData<string> Names => [.. ScalarFunctions.All.Select(function => function.Name)];

    [Theory, MemberData(nameof(Names))]
    public void All_kinds_of_numbers_give_the_same_derivatives(string name)
    {
        var function = ScalarFunctions.All.Single(function => function.Name == name);
        foreach (var x in function.Points)
        {
            var jet = function.At(Jet.Variable(x));
            var two = function.At(Jet<Two>.Variable(x, 1));
            Assert.Equal((jet.Value, jet.First), (two.Value, two.Gradient(1)));
            Assert.Equal(jet.Second, two.Hessian(1, 1), 1e-15 * (1 + Math.Abs(jet.Second)));   // sums in another order
            Assert.Equal((0.0, 0.0, 0.0), (two.Gradient(0), two.Hessian(0, 1), two.Hessian(0, 0)));
            var tape = new Tape();
            var (gradient, hessian) = (new double[1], new double[1]);
            var traced = function.At(tape.Variable(x, 1));
            tape.Reverse(traced, gradient, hessian);
            Assert.Equal(jet.Value, traced.Value);
            Assert.Equal(jet.First, traced.Tangent, 1e-13 * Math.Abs(jet.First));
            Assert.Equal(jet.First, gradient[0], 1e-13 * (1 + Math.Abs(jet.First)));
            Assert.Equal(jet.Second, hessian[0], 1e-12 * (1 + Math.Abs(jet.Second) + Math.Abs(jet.First)));
        }
    }

    [Fact]
    public void Nothing_is_allocated_once_the_tape_has_grown()
    {
        var tape = new Tape();
        var (gradient, hessian, jets) = (new double[5], new double[25], new Jet<Five>[5]);
        var sum = Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) { sum += Run(); }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(double.IsFinite(sum));

        double Run()
        {
            for (var i = 0; i < 5; i++) { jets[i] = Jet<Five>.Variable(_point[i], i); }
            return default(Mixed).At<Jet<Five>>(jets).Value + tape.Differentiate(default(Mixed), _point, gradient, hessian);
        }
    }

    [Fact]
    public void Numbers_of_another_history_are_refused()
    {
        var (tape, other) = (new Tape(), new Tape());
        var x = tape.Variable(1);
        Assert.Throws<ArgumentException>(() => other.Reverse(x, new double[1], default));
        tape.Reset();
        Assert.Throws<ArgumentException>(() => tape.Reverse(x, new double[1], default));
        var gradient = new[] { 3.0 };
        tape.Reverse(7.0, gradient, default);   // a constant
        Assert.Equal(0, gradient[0]);
    }
}
