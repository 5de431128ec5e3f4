using FisherFlow.Data.Design;
using FisherFlow.Data.Expressions;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Differentiation;
using FisherFlow.Likelihoods;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>The program over blocks of rows, read backwards, against the same program row by row over jets: two ways to every derivative.</summary>
public sealed class LikelihoodProgramTests
{
    const int Rows = 300;   // two blocks and a rest

    [Theory]
    [InlineData("a + b*x - a*b/x - -c")]
    [InlineData("exp(a*x) + expm1(b*x) + log(c + x) + log1p(c*x) + log2(c + x) + log10(c)")]
    [InlineData("sqrt(c*x) * sin(a*x) + cos(b) * tan(a*x/9) + abs(a - x)")]
    [InlineData("asin(a/9) + acos(b/9) + atan(a*x) + sinh(a/x) + cosh(b/x) + tanh(a*x)")]
    [InlineData("lgamma(c*x) + digamma(c + x) + lbeta(c, x) + lchoose(c + 9, x) + lfactorial(c*x)")]
    [InlineData("erf(a*x) + erfc(b/x) + pnorm(a - x) + log_pnorm(a*x) + log_besselI0(c*x)")]
    [InlineData("plogis(a + b*x) + log1pexp(a*x) + logaddexp(a*x, b) + c^x + x^c + (c + x)^2 + pow(c, a) + (x - 9)^3")]
    [InlineData("min(a*x, b*x, 1) + max(a, x) + ifelse(x > c, log(x - c), a*x^2) + (x <= 2)*a + (x != 1 & x > 0.5 | x == 2)*b + !(x > 1)")]
    [InlineData("log(c) / c^2 - exp(-c*x) / exp(-c*x) * a / b")]
    public void Both_ways_lead_to_the_same_values_gradients_and_Hessians(string expression)
    {
        var (program, root, model) = Compile(expression);
        double[] theta = [0.4, -0.7, 1.3];
        var rows = Enumerable.Range(0, Rows).Select(i => 0.3 + 0.01 * i).ToArray();
        double[] values = new double[Rows], gradients = new double[3 * Rows], hessian = new double[9], expected = new double[9];
        model.Evaluate(theta, rows, values, gradients);
        var weights = Enumerable.Range(0, Rows).Select(i => Math.Cos(i)).ToArray();
        model.AddHessian(theta, rows, weights, hessian);
        Jet<Three>[] at = [Jet<Three>.Variable(theta[0], 0), Jet<Three>.Variable(theta[1], 1), Jet<Three>.Variable(theta[2], 2)];
        for (var i = 0; i < Rows; i++)
        {
            var jet = program.Evaluate<Jet<Three>>(root, at, rows.AsSpan(i, 1));
            Close(jet.Value, values[i]);
            for (var j = 0; j < 3; j++)
            {
                Close(jet.Gradient(j), gradients[3 * i + j]);
                for (var k = 0; k < 3; k++) { expected[3 * j + k] += weights[i] * jet.Hessian(j, k); }
            }
        }
        for (var j = 0; j < 9; j++) { Assert.True(Math.Abs(expected[j] - hessian[j]) <= 1e-10 * (1 + Math.Abs(expected[j])), $"{expected[j]:R} by jets, {hessian[j]:R} backwards"); }
    }

    [Fact]
    public void Compiled_models_have_the_derivatives_of_the_expression()
    {
        var (_, _, model) = Compile("-log(c) - (x - a - b)^2 / (2*c^2)");
        var compiled = LikelihoodModel.Of<Same>();
        double[] theta = [0.4, -0.7, 1.3], rows = [.. Enumerable.Range(0, Rows).Select(i => 0.01 * i)], weights = [.. Enumerable.Repeat(1.0, Rows)];
        double[] v1 = new double[Rows], v2 = new double[Rows], g1 = new double[3 * Rows], g2 = new double[3 * Rows], h1 = new double[9], h2 = new double[9];
        model.Evaluate(theta, rows, v1, g1);
        compiled.Evaluate(theta, rows, v2, g2);
        model.AddHessian(theta, rows, weights, h1);
        compiled.AddHessian(theta, rows, weights, h2);

        LikelihoodEstimatorTests.Close(v1, v2, 1e-12);
        LikelihoodEstimatorTests.Close(g1, g2, 1e-12);
        LikelihoodEstimatorTests.Close(h1, h2, 1e-11);
    }

    [Fact]
    public void Many_parameters_go_by_the_tape_and_end_where_the_score_is_zero()
    {
        var random = new Random(5);
        var width = Logistic.Count + 1;
        var rows = new double[400 * width];
        for (var i = 0; i < 400; i++)
        {
            var eta = 0.0;
            for (var j = 1; j < width; j++)
            {
                rows[i * width + j] = SimulatedRows.Normal(random);
                eta += 0.3 * rows[i * width + j];
            }
            rows[i * width] = random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
        }
        var model = LikelihoodModel.Of<Logistic>();
        var estimate = LikelihoodEstimatorTests.Of(model, rows, new() { Start = new double[Logistic.Count] });
        var score = new double[Logistic.Count];
        for (var i = 0; i < 400; i++)
        {
            var eta = Enumerable.Range(0, Logistic.Count).Sum(j => estimate.Theta[j] * rows[i * width + j + 1]);
            for (var j = 0; j < score.Length; j++) { score[j] += (rows[i * width] - 1 / (1 + Math.Exp(-eta))) * rows[i * width + j + 1]; }
        }

        Assert.True(estimate.Converged, estimate.Failure);
        Assert.All(score, s => Assert.Equal(0, s, 1e-9));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_allocate_nothing(bool isExpression)
    {
        var model = isExpression ? Compile("-log(c) - (x - a - b)^2 / (2*c^2)").Model : LikelihoodModel.Of<Same>();
        var sums = new RowSums(model, FisherFlow.Models.InformationKind.Observed, keepsProducts: true);
        double[] rows = [.. Enumerable.Range(0, 5000).Select(i => 0.001 * i)], weights = [.. Enumerable.Repeat(1.0, 5000)], phi = [0.4, -0.7, 0.3];
        long Allocated(int count)
        {
            sums.Begin(phi, withDerivatives: true);
            var before = GC.GetAllocatedBytesForCurrentThread();
            sums.Add(rows.AsSpan(0, count), weights.AsSpan(0, count));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated(5000);

        Assert.Equal(Allocated(100), Allocated(5000));
        Assert.Equal(0, Allocated(5000));
    }

    static (LikelihoodProgram Program, int Root, LikelihoodModel Model) Compile(string expression)
    {
        var formula = Formula.ParseExpression(expression);
        var inputs = new RowInputs();
        string[] parameters = ["a", "b", "c"];
        var binder = new ExpressionBinder(formula, parameters, new ColumnCatalog(formula, [new("x", ColumnKind.Numeric, [])]), inputs);
        var root = binder.Bind(formula.Terms);
        return (binder.Program, root, binder.Program.ToModel(root, new([.. parameters.Select(Parameter.Free)]), ["x"], isLeastSquares: false, expression));
    }

    /// <summary>Vectorised exponentials differ from the scalar ones by a rounding or two.</summary>
    static void Close(double expected, double actual) => Assert.True(double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= 1e-12 * (1 + Math.Abs(expected)), $"{expected:R} by jets, {actual:R} backwards");

    readonly struct Same : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a"), Parameter.Free("b"), Parameter.Positive("c")];

        public static IReadOnlyList<string> Columns => ["x"];

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> =>
            -T.Log(p[2]) - T.Square(row[0] - p[0] - p[1]) / (2 * T.Square(p[2]));
    }
}
