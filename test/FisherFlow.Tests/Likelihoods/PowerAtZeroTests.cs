using FisherFlow.Data.Design;
using FisherFlow.Data.Expressions;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Differentiation;
using FisherFlow.Likelihoods;

namespace FisherFlow.Tests.Likelihoods;

/// <summary><c>0ᵏ</c> with k &gt; 0 has the derivative that is the limit: by jets, by the tape, by programs and by recorded functions.</summary>
public sealed class PowerAtZeroTests
{
    static readonly double[] _theta = [2.0, 0.7, 2.5];

    /// <summary>A column's zeros, and a base that depends on parameters but is zero all the same; beside it what has its value elsewhere.</summary>
    [Fact]
    public void All_ways_give_the_limits_at_zero_and_agree_elsewhere()
    {
        double[] rows = [0, 0.5, 0, 1, 2, 3, 0.25, 0];
        var n = rows.Length;
        var (program, root, model) = Compile("b*x^a + pow(x*b, c)");
        var recorded = LikelihoodModel.Of<Powers>();
        Jet<Three>[] at = [Jet<Three>.Variable(_theta[0], 0), Jet<Three>.Variable(_theta[1], 1), Jet<Three>.Variable(_theta[2], 2)];
        var tape = new Tape();
        for (var i = 0; i < n; i++)
        {
            var row = rows.AsSpan(i, 1);
            var (jet, interpreted) = (Powers.LogDensity<Jet<Three>>(at, row), program.Evaluate<Jet<Three>>(root, at, row));
            double[] gradient = new double[3], hessian = new double[9];
            Agree(jet, tape.Differentiate(new Of(rows[i]), _theta, gradient, hessian), gradient, hessian);
            foreach (var way in new[] { model, recorded })
            {
                double[] value = new double[1], g = new double[3], h = new double[9];
                way.Evaluate(_theta, row, value, g);
                way.AddHessian(_theta, row, [1.0], h);
                Agree(jet, value[0], g, h);
            }
            Agree(jet, interpreted.Value, [.. Enumerable.Range(0, 3).Select(interpreted.Gradient)], [.. Enumerable.Range(0, 9).Select(k => interpreted.Hessian(k / 3, k % 3))]);
            if (rows[i] != 0) { continue; }
            Assert.Equal(0, jet.Value);
            Assert.All(Enumerable.Range(0, 9), k => Assert.Equal((0, 0), (jet.Gradient(k / 3), jet.Hessian(k / 3, k % 3))));
        }
    }

    [Fact]
    public void Where_the_limit_does_not_exist_there_is_no_number()
    {
        var (_, _, model) = Compile("x^(a - 2) + b*c");
        var (value, gradient) = (new double[1], new double[3]);
        model.Evaluate(_theta, [0.0], value, gradient);

        Assert.False(double.IsFinite(value[0]) && double.IsFinite(gradient[0]));
    }

    /// <summary>Powers of random numbers are smooth, so that outcomes which are made of them can be integrated over.</summary>
    [Fact]
    public void A_power_of_a_random_number_is_no_jump()
    {
        var program = new LikelihoodProgram();
        var u = program.Noise(isNormal: false);
        var power = program.Apply(RowOperation.Power, u, program.Parameter(0));

        Assert.False(program.JumpsWithNoise(power));
        Assert.False(program.WithNoiseBehind(1, out _, out _).JumpsWithNoise(power));
        Assert.True(program.JumpsWithNoise(program.Apply(RowOperation.Power, program.Apply(RowOperation.Less, u, program.Constant(0.5)), program.Parameter(0))));
    }

    static void Agree(Jet<Three> jet, double value, double[] gradient, double[] hessian)
    {
        Assert.Equal(jet.Value, value, 1e-12 * (1 + Math.Abs(jet.Value)));
        for (var k = 0; k < 9; k++)
        {
            Assert.Equal(jet.Gradient(k / 3), gradient[k / 3], 1e-12 * (1 + Math.Abs(jet.Gradient(k / 3))));
            Assert.Equal(jet.Hessian(k / 3, k % 3), hessian[k], 1e-12 * (1 + Math.Abs(jet.Hessian(k / 3, k % 3))));
        }
    }

    static (LikelihoodProgram Program, int Root, LikelihoodModel Model) Compile(string expression)
    {
        var formula = Formula.ParseExpression(expression);
        string[] parameters = ["a", "b", "c"];
        var binder = new ExpressionBinder(formula, parameters, new ColumnCatalog(formula, [new("x", ColumnKind.Numeric, [])]), new());
        var root = binder.Bind(formula.Terms);
        return (binder.Program, root, binder.Program.ToModel(root, new([.. parameters.Select(Parameter.Free)]), ["x"], isLeastSquares: false, expression));
    }

    readonly struct Powers : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a"), Parameter.Free("b"), Parameter.Free("c")];

        public static IReadOnlyList<string> Columns => ["x"];

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> => p[1] * T.Pow((T)row[0], p[0]) + T.Pow(p[1] * row[0], p[2]);
    }

    readonly struct Of(double x) : IScalarFunction
    {
        public T At<T>(ReadOnlySpan<T> p) where T : struct, IScalar<T> => Powers.LogDensity(p, [x]);
    }
}
