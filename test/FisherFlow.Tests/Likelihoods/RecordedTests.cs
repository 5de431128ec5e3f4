using FisherFlow.Differentiation;
using FisherFlow.Likelihoods;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>C# functions as programs over blocks of rows, against the same functions row by row over jets: two ways to every derivative, whatever the function does with the row.</summary>
public sealed class RecordedTests
{
    static readonly double[] _theta = [0.4, -0.7, 1.3];

    [Fact]
    public void A_function_without_branches_has_the_derivatives_of_its_jets() => Agree<Smooth>(Rows(i => [0.2 + 0.01 * i, i % 7]));

    [Fact]
    public void Every_function_of_a_number_is_recorded_with_its_derivatives() => Agree<Everything>(Rows(i => [0.2 + 0.003 * i, 1 + i % 3]));

    [Fact]
    public void Rows_that_take_another_branch_have_their_own_program() => Agree<Inflated>(Rows(i => [0.1 * i, i % 4 == 0 ? 0 : i % 5]));

    [Fact]
    public void What_the_function_computes_of_the_row_alone_is_noted_from_every_row() => Agree<Computed>(Rows(i => [1 + 0.01 * i, i % 6]));

    [Fact]
    public void A_number_that_seemed_constant_may_change_later() => Agree<Smooth>(Rows(i => [i < 500 ? 1 : 2 + 0.001 * i, i < 600 ? 1 : i % 3]));

    [Fact]
    public void A_function_that_asks_for_the_value_of_a_parameter_goes_by_jets() => Agree<Asking>(Rows(i => [0.01 * i, i % 2]));

    [Fact]
    public void Too_many_branches_go_by_jets() => Agree<Looping>(Rows(i => [0.5 + 0.001 * i, i % 40]));

    [Fact]
    public void A_part_that_is_minus_infinity_takes_no_part_in_a_sum_of_exponentials() => Agree<Mixed>(Rows(i => [i % 3 == 0 ? 0 : 0.5, i % 2]));

    [Fact]
    public void Rows_without_a_value_say_so_and_leave_the_others_alone()
    {
        var (values, gradients) = (new double[3], new double[9]);
        LikelihoodModel.Of<Inflated>().Evaluate(_theta, [1.0, 2, double.NaN, 2, 1, -1], values, gradients);

        Assert.True(double.IsFinite(values[0]));
        Assert.True(double.IsNaN(values[1]));
        Assert.True(double.IsNaN(values[2]));   // impossible, as the density itself says
        Assert.All(gradients[..3], g => Assert.True(double.IsFinite(g)));
    }

    /// <summary>Values, gradients and weighted Hessians in both ways, twice: once for rows that are new, once for rows that are known.</summary>
    static void Agree<TLikelihood>(double[] rows) where TLikelihood : ILikelihood
    {
        var model = LikelihoodModel.Of<TLikelihood>();
        var count = rows.Length / 2;
        var weights = Enumerable.Range(0, count).Select(i => Math.Cos(i)).ToArray();
        Jet<Three>[] at = [Jet<Three>.Variable(_theta[0], 0), Jet<Three>.Variable(_theta[1], 1), Jet<Three>.Variable(_theta[2], 2)];
        for (var time = 0; time < 2; time++)
        {
            double[] values = new double[count], alone = new double[count], gradients = new double[3 * count], hessian = new double[9], expected = new double[9], size = new double[9];
            model.Evaluate(_theta, rows, values, gradients);
            model.Evaluate(_theta, rows, alone, default);
            model.AddHessian(_theta, rows, weights, hessian);
            for (var i = 0; i < count; i++)
            {
                var jet = TLikelihood.LogDensity<Jet<Three>>(at, rows.AsSpan(2 * i, 2));
                Close(jet.Value, values[i], Math.Abs(jet.Value));
                Close(jet.Value, alone[i], Math.Abs(jet.Value));
                for (var j = 0; j < 3; j++)
                {
                    Close(jet.Gradient(j), gradients[3 * i + j], Math.Abs(jet.Gradient(j)));
                    for (var k = 0; k < 3; k++)
                    {
                        expected[3 * j + k] += weights[i] * jet.Hessian(j, k);
                        size[3 * j + k] += Math.Abs(weights[i] * jet.Hessian(j, k));
                    }
                }
            }
            for (var j = 0; j < 9; j++) { Close(expected[j], hessian[j], size[j]); }
        }
    }

    /// <summary>Vectorised exponentials and logarithms differ from the scalar ones by a rounding or two.</summary>
    static void Close(double expected, double actual, double size) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-12 * (1 + size), $"{expected:R} by jets, {actual:R} by the program");

    /// <summary>Blocks of 256 rows and a rest.</summary>
    static double[] Rows(Func<int, double[]> row) => [.. Enumerable.Range(0, 900).SelectMany(row)];

    static IReadOnlyList<Parameter> Three => [Parameter.Free("a"), Parameter.Free("b"), Parameter.Positive("c")];

    static IReadOnlyList<string> Two => ["x", "y"];

    readonly struct Smooth : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => Three;

        public static IReadOnlyList<string> Columns => Two;

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> =>
            -T.Log(p[2]) - 0.5 * T.Square((row[1] - p[0] - p[1] * row[0]) / p[2]) - 0.5 * Math.Log(2 * Math.PI) + (p[0] - row[0]) / row[0] - 2 / p[2] + (p[1] / 3 - 1);
    }

    readonly struct Everything : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => Three;

        public static IReadOnlyList<string> Columns => Two;

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T>
        {
            var (z, s, x) = (p[0] * row[0], p[2] * row[0], p[1] * (T)row[1] / 9);
            var elementary = T.Exp(z) + T.ExpM1(z) + T.Log(s) + T.Log1P(s) + T.Sqrt(s) + T.Abs(x) + T.Max(z, x) - T.Min(s, p[2]) + T.Pow(s, 2.5) + T.Pow(s, 2) + T.Pow(s, p[0]);
            var circular = T.Sin(z) + T.Cos(x) + T.Tan(z) + T.Asin(x) + T.Acos(x) + T.Atan(s) + T.Sinh(z) + T.Cosh(x) + T.Tanh(s) + T.Logistic(z) + T.SoftPlus(x) + T.LogOneMinusExp(-s) + T.LogSumExp(z, x);
            var special = T.LogGamma(s) + T.LogBeta(s, p[2]) + T.Digamma(s) + T.Trigamma(s) + T.Erf(z) + T.Erfc(x) + T.NormalCdf(z) + T.LogNormalCdf(x) + T.LogBesselI0(s);
            return elementary * circular / (T)7.0 - special - T.LogGamma(row[1]) - T.Digamma(row[1]) * T.Trigamma(row[1]);
        }
    }

    /// <summary>Zero-inflated counts, and nothing below zero.</summary>
    readonly struct Inflated : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => Three;

        public static IReadOnlyList<string> Columns => Two;

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T>
        {
            if (row[1] < 0) { return double.NaN; }
            var eta = p[0] + 0.1 * p[1] * row[0];
            return row[1] == 0 ? T.LogSumExp(T.Log(T.Logistic(p[2])), -T.Exp(eta)) : T.Log(1 - T.Logistic(p[2])) + row[1] * eta - T.Exp(eta);
        }
    }

    readonly struct Computed : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => Three;

        public static IReadOnlyList<string> Columns => Two;

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T>
        {
            var eta = p[0] + p[1] * Math.Log(row[0]) + p[2] * (row[0] * row[0] / 90);
            return row[1] * eta - T.Exp(eta) - T.LogGamma(row[1] + 1);
        }
    }

    readonly struct Asking : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => Three;

        public static IReadOnlyList<string> Columns => Two;

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T>
        {
            var z = (row[1] - p[0] - p[1] * row[0]) / p[2];
            return z > 0 ? -T.Square(z) : -z.Value * z;
        }
    }

    /// <summary>Does as many steps as the row says.</summary>
    readonly struct Looping : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => Three;

        public static IReadOnlyList<string> Columns => Two;

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T>
        {
            T sum = 0.0;
            for (var k = 1; k <= row[1]; k++) { sum += T.Log(k + p[2]); }
            return p[0] * sum - p[1] * row[0];
        }
    }

    readonly struct Mixed : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => Three;

        public static IReadOnlyList<string> Columns => Two;

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> =>
            T.LogSumExp(T.LogSumExp(T.Log(row[0] * p[2]), double.NegativeInfinity), p[0] * row[1]) + T.LogSumExp(Math.Log(row[0]), p[1]);
    }
}
