using FisherFlow.Differentiation;
using FisherFlow.Likelihoods;
using static FisherFlow.Benchmarks.KernelData;

namespace FisherFlow.Benchmarks;

/// <summary>What an expression costs beside the same model in C#: values, gradients and Hessians of rows in memory, on one thread.</summary>
static class ExpressionTable
{
    const int Rows = 4096;
    const int Block = 256;   // as the estimator does
    const int Repeats = 30;
    const int Rounds = 20;

    public static void Print(TextWriter output)
    {
        output.WriteLine($"{Rows} rows in blocks of {Block}; clock: {ThreadClock.Describe()}, best of {Rounds} rounds of {Repeats}");
        output.WriteLine();
        output.WriteLine("| model | value and gradient, ns a row | ratio | Hessian, ns a row | ratio |");
        output.WriteLine("|---|---:|---:|---:|---:|");
        var rows = Numbers(2 * Rows, 0);
        for (var i = 0; i < rows.Length; i++) { rows[i] = Math.Abs(rows[i]) + 0.1; }
        var counts = rows.ToArray();
        for (var i = 1; i < counts.Length; i += 2) { counts[i] = Math.Floor(3 * rows[i]); }
        Compare(output, "b1·(1 − exp(−b2·x))", LikelihoodModel.OfMean<Growth>(), GrowthProgram(), [2, 0.5], rows);
        Compare(output, "y = 0 ? −e^(a + b·x) : y·(a + b·x) − e^(a + b·x) − log y!", LikelihoodModel.Of<Counts>(), CountsProgram(), [0.1, 0.5], counts);
        Compare(output, "−log s − (y − a − b·x)²/(2s²)", LikelihoodModel.Of<Line>(), LineProgram(), [0.1, 0.5, 0.7], rows);
    }

    static void Compare(TextWriter output, string name, LikelihoodModel compiled, LikelihoodModel expression, double[] theta, double[] rows)
    {
        var best = new (double Gradient, double Hessian)[] { (double.PositiveInfinity, double.PositiveInfinity), (double.PositiveInfinity, double.PositiveInfinity) };
        for (var round = 0; round < Rounds; round++)   // in turns, so that a busy moment is shared
        {
            foreach (var (i, model) in new[] { compiled, expression }.Index())
            {
                var (gradient, hessian) = Measure(model, theta, rows);
                best[i] = (Math.Min(best[i].Gradient, gradient), Math.Min(best[i].Hessian, hessian));
            }
        }
        output.WriteLine($"| {name}, C# | {best[0].Gradient:F1} | 1 | {best[0].Hessian:F1} | 1 |");
        output.WriteLine($"| the same, an expression | {best[1].Gradient:F1} | {best[1].Gradient / best[0].Gradient:F2} | {best[1].Hessian:F1} | {best[1].Hessian / best[0].Hessian:F2} |");
    }

    static (double Gradient, double Hessian) Measure(LikelihoodModel model, double[] theta, double[] rows)
    {
        const double Scale = 1e9 / ((double)Rows * Repeats);
        var (m, width) = (theta.Length, model.Columns.Count);
        var (values, gradients, hessian, weights) = (new double[Rows], new double[Rows * m], new double[m * m], Enumerable.Repeat(1.0, Rows).ToArray());
        var start = ThreadClock.Seconds();
        for (var i = 0; i < Repeats; i++)
        {
            for (var at = 0; at < Rows; at += Block) { model.Evaluate(theta, rows.AsSpan(at * width, Block * width), values.AsSpan(at, Block), gradients.AsSpan(at * m, Block * m)); }
        }
        var middle = ThreadClock.Seconds();
        for (var i = 0; i < Repeats; i++)
        {
            for (var at = 0; at < Rows; at += Block) { model.AddHessian(theta, rows.AsSpan(at * width, Block * width), weights.AsSpan(at, Block), hessian); }
        }
        return ((middle - start) * Scale, (ThreadClock.Seconds() - middle) * Scale);
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

    static LikelihoodModel CountsProgram()
    {
        var p = new LikelihoodProgram();
        var eta = p.Apply(RowOperation.Add, p.Parameter(0), p.Apply(RowOperation.Multiply, p.Parameter(1), p.Column(0)));
        var mean = p.Apply(RowOperation.Exp, eta);
        var factorial = p.Apply(RowOperation.LogGamma, p.Apply(RowOperation.Add, p.Column(1), p.Constant(1)));
        var some = p.Apply(RowOperation.Subtract, p.Apply(RowOperation.Subtract, p.Apply(RowOperation.Multiply, p.Column(1), eta), mean), factorial);
        var root = p.Apply(RowOperation.Select, p.Apply(RowOperation.Equal, p.Column(1), p.Constant(0)), p.Apply(RowOperation.Negate, mean), some);
        return p.ToModel(root, new(Counts.Parameters), Counts.Columns, isLeastSquares: false, "counts");
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

    readonly struct Counts : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a"), Parameter.Free("b")];

        public static IReadOnlyList<string> Columns => ["x", "y"];

        public static T LogDensity<T>(ReadOnlySpan<T> parameters, ReadOnlySpan<double> row) where T : struct, IScalar<T>
        {
            var eta = parameters[0] + parameters[1] * row[0];
            return row[1] == 0 ? -T.Exp(eta) : row[1] * eta - T.Exp(eta) - T.LogGamma(row[1] + 1);
        }
    }
}
