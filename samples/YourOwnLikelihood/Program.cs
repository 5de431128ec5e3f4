using FisherFlow.Differentiation;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;

var model = LikelihoodModel.Of<Gumbel>();
var floods = new LikelihoodEstimator(model, new() { Start = [10, 1] });
foreach (var line in File.ReadLines("data/floods.csv").Skip(1)) { floods.Observe([double.Parse(line)]); }

var report = LikelihoodSummary.Of(floods.Solve(), model, new() { Formula = "Gumbel", Method = "one-pass" }, new());
foreach (var line in report.Coefficients) { Console.WriteLine($"{line.Term,-8} {line.Estimate,8:F4} ± {line.StandardError:F4}  [{line.Lower:F4}, {line.Upper:F4}]"); }
Console.WriteLine(report.Converged ? "a maximum" : report.Convergence);

readonly struct Gumbel : ILikelihood
{
    public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("location"), Parameter.Positive("scale")];
    public static IReadOnlyList<string> Columns => ["level"];

    public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T>
    {
        var z = (row[0] - p[0]) / p[1];
        return -T.Log(p[1]) - z - T.Exp(-z);
    }
}
