using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Information;
using FisherFlow.Models;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Inference;

/// <summary>Iteratively reweighted least squares with dense algebra: an estimate that owes nothing to the estimator.</summary>
static class SmallFit
{
    /// <summary>A schema of dense columns by these names, the intercept first.</summary>
    public static DesignSchema Schema(params string[] names) =>
        new([new Term(Term.Intercept, "", []), .. names.Select(name => new Term(name, name, []))], hasIntercept: true);

    public static Estimate Fit(SmallModel model, double[][] columns, double[] y, Sandwich sandwich = Sandwich.None, int[]? clusters = null, double[]? weights = null, int[]? aliased = null)
    {
        var n = y.Length;
        weights ??= [.. Enumerable.Repeat(1.0, n)];
        var all = columns.Length + 1;
        int[] kept = [.. Enumerable.Range(0, all).Except(aliased ?? [])];
        var x = Matrix<double>.Build.Dense(n, kept.Length, (i, j) => kept[j] == 0 ? 1 : columns[kept[j] - 1][i]);
        var (beta, w, eta) = Iterate(model, x, y, weights);
        var information = x.TransposeThisAndMultiply(Matrix<double>.Build.DenseOfDiagonalVector(w) * x);
        var upper = information.Cholesky().Factor.Transpose();
        var theta = new double[all];
        for (var j = 0; j < kept.Length; j++) { theta[kept[j]] = beta[j]; }
        var mu = eta.Map(model.Mean);
        double Null() { var mean = y.Zip(weights, (a, b) => a * b).Sum() / weights.Sum(); return y.Zip(weights, (a, b) => b * model.UnitDeviance(a, mean)).Sum(); }
        return new Estimate
        {
            Shape = new(all, all, 1),
            Theta = theta,
            Factor = new(all, kept, aliased ?? [], upper.ToRowMajorArray(), new double[all]),
            Separated = new bool[all],
            Meat = sandwich == Sandwich.None ? null : Meat(model, x, y, weights, eta, information, sandwich, clusters, kept, all),
            Clusters = clusters?.Distinct().Count() ?? 0,
            Responses = new()
            {
                Observations = weights.Count(v => v > 0),
                ZeroWeights = weights.Count(v => v == 0),
                Weight = weights.Sum(),
                SquaredWeight = weights.Sum(v => v * v),
                Response = y.Zip(weights, (a, b) => a * b).Sum(),
                Minimum = y.Min(),
                Maximum = y.Max(),
            },
            Deviance = Enumerable.Range(0, n).Sum(i => weights[i] * model.UnitDeviance(y[i], mu[i])),
            Pearson = Enumerable.Range(0, n).Sum(i => weights[i] * Math.Pow(y[i] - mu[i], 2) / model.Variance(mu[i])),
            NullDeviance = Null(),
            ScoreGauge = 0,
            DistanceBound = 0,
            Iterations = 5,
            Passes = 5,
            Converged = true,
        };
    }

    public static FitContext Exact(string formula, Sandwich sandwich = Sandwich.None) => new() { Formula = formula, Method = "exact", Sandwich = sandwich };

    static (Vector<double> Beta, Vector<double> Weights, Vector<double> Eta) Iterate(SmallModel model, Matrix<double> x, double[] y, double[] weights)
    {
        var beta = Vector<double>.Build.Dense(x.ColumnCount);
        if (model.Mean(1) != 1) { beta[0] = Math.Log(Math.Max(0.1, y.Average())); }
        for (var iteration = 0; ; iteration++)
        {
            var eta = x * beta;
            var derivative = eta.Map(model.MeanDerivative);
            var mu = eta.Map(model.Mean);
            var w = Vector<double>.Build.Dense(y.Length, i => weights[i] * derivative[i] * derivative[i] / model.Variance(mu[i]));
            if (iteration == 50) { return (beta, w, eta); }
            var score = x.TransposeThisAndMultiply(Vector<double>.Build.Dense(y.Length, i => weights[i] * (y[i] - mu[i]) * derivative[i] / model.Variance(mu[i])));
            beta += x.TransposeThisAndMultiply(Matrix<double>.Build.DenseOfDiagonalVector(w) * x).Cholesky().Solve(score);
        }
    }

    static FullInformation Meat(SmallModel model, Matrix<double> x, double[] y, double[] weights, Vector<double> eta, Matrix<double> information, Sandwich sandwich, int[]? clusters, int[] kept, int all)
    {
        var inverse = information.Inverse();
        var scores = new double[sandwich == Sandwich.Clusters ? clusters!.Max() + 1 : y.Length][];
        for (var i = 0; i < y.Length; i++)
        {
            var (mu, derivative) = (model.Mean(eta[i]), model.MeanDerivative(eta[i]));
            var factor = weights[i] * (y[i] - mu) * derivative / model.Variance(mu);
            var leverage = weights[i] * derivative * derivative / model.Variance(mu) * x.Row(i).DotProduct(inverse * x.Row(i));
            if (sandwich == Sandwich.Leverage) { factor /= 1 - leverage; }
            var row = scores[sandwich == Sandwich.Clusters ? clusters![i] : i] ??= new double[all];
            for (var j = 0; j < kept.Length; j++) { row[kept[j]] += factor * x[i, j]; }
        }
        var meat = FullInformation.Create(all);
        foreach (var row in scores) { meat.Add(row, 1); }
        return meat;
    }
}
