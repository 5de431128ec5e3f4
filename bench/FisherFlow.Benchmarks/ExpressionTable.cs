using FisherFlow.Differentiation;
using FisherFlow.Likelihoods;
using static FisherFlow.Benchmarks.KernelData;

namespace FisherFlow.Benchmarks;

/// <summary>What an expression costs beside the same model in C#: values, gradients and Hessians of rows in memory, on one thread.</summary>
static class ExpressionTable
{
    const int Rows = 4096;
    const int Repeats = 100;
    const int Rounds = 7;

    public static void Print(TextWriter output)
    {
        output.WriteLine($"{Rows} rows; clock: {ThreadClock.Describe()}, best of {Rounds} rounds of {Repeats}");
        output.WriteLine();
        output.WriteLine("| model | value and gradient, ns a row | ratio | Hessian, ns a row | ratio |");
        output.WriteLine("|---|---:|---:|---:|---:|");
        var rows = Numbers(2 * Rows, 0);
        for (var i = 0; i < rows.Length; i++) { rows[i] = Math.Abs(rows[i]) + 0.1; }
        Compare(output, "b1·(1 − exp(−b2·x))", LikelihoodModel.OfMean<Growth>(), GrowthProgram(), [2, 0.5], rows);
        Compare(output, "−log s − (y − a − b·x)²/(2s²)", LikelihoodModel.Of<Line>(), LineProgram(), [0.1, 0.5, 0.7], rows);
    }

    static void Compare(TextWriter output, string name, LikelihoodModel compiled, LikelihoodModel expression, double[] theta, double[] rows)
    {
        var (gradient, hessian) = Measure(compiled, theta, rows);
        output.WriteLine($"| {name}, C# | {gradient:F1} | 1 | {hessian:F1} | 1 |");
        var (otherGradient, otherHessian) = Measure(expression, theta, rows);
        output.WriteLine($"| the same, an expression | {otherGradient:F1} | {otherGradient / gradient:F2} | {otherHessian:F1} | {otherHessian / hessian:F2} |");
    }

    static (double Gradient, double Hessian) Measure(LikelihoodModel model, double[] theta, double[] rows)
    {
        var m = theta.Length;
        var (values, gradients, hessian, weights) = (new double[Rows], new double[Rows * m], new double[m * m], Enumerable.Repeat(1.0, Rows).ToArray());
        var (best, bestHessian) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var round = 0; round < Rounds; round++)
        {
            var start = ThreadClock.Seconds();
            for (var i = 0; i < Repeats; i++) { model.Evaluate(theta, rows, values, gradients); }
            best = Math.Min(best, ThreadClock.Seconds() - start);
            start = ThreadClock.Seconds();
            for (var i = 0; i < Repeats; i++) { model.AddHessian(theta, rows, weights, hessian); }
            bestHessian = Math.Min(bestHessian, ThreadClock.Seconds() - start);
        }
        const double Scale = 1e9 / ((double)Rows * Repeats);
        return (best * Scale, bestHessian * Scale);
    }

    static LikelihoodModel GrowthProgram()
    {
        var p = new LikelihoodProgram();
        var decay = p.Apply(RowOperation.Exp, p.Apply(RowOperation.Multiply, p.Apply(RowOperation.Negate, p.Parameter(1)), p.Column(0)));
        var root = p.Apply(RowOperation.Multiply, p.Parameter(0), p.Apply(RowOperation.Subtract, p.Constant(1), decay));
        return p.ToModel(root, new(Growth.Parameters), ["x", "y"], isLeastSquares: true, "growth");
    }

    static LikelihoodModel LineProgram()
    {
        var p = new LikelihoodProgram();
        var (a, b, s) = (p.Parameter(0), p.Parameter(1), p.Parameter(2));
        var residual = p.Apply(RowOperation.Subtract, p.Apply(RowOperation.Subtract, p.Column(1), a), p.Apply(RowOperation.Multiply, b, p.Column(0)));
        var scale = p.Apply(RowOperation.Multiply, p.Constant(2), p.Apply(RowOperation.Square, s));
        var root = p.Apply(RowOperation.Subtract, p.Apply(RowOperation.Negate, p.Apply(RowOperation.Log, s)), p.Apply(RowOperation.Divide, p.Apply(RowOperation.Square, residual), scale));
        return p.ToModel(root, new(Line.Parameters), ["x", "y"], isLeastSquares: false, "line");
    }

    readonly struct Growth : INonlinearModel
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("b1"), Parameter.Free("b2")];

        public static IReadOnlyList<string> Predictors => ["x"];

        public static T Mean<T>(ReadOnlySpan<T> parameters, ReadOnlySpan<double> predictors) where T : struct, IScalar<T> => parameters[0] * (1 - T.Exp(-parameters[1] * predictors[0]));
    }

    readonly struct Line : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a"), Parameter.Free("b"), Parameter.Positive("s")];

        public static IReadOnlyList<string> Columns => ["x", "y"];

        public static T LogDensity<T>(ReadOnlySpan<T> parameters, ReadOnlySpan<double> row) where T : struct, IScalar<T> =>
            -T.Log(parameters[2]) - T.Square(row[1] - parameters[0] - parameters[1] * row[0]) / (2 * T.Square(parameters[2]));
    }
}
