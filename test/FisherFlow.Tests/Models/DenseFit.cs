using FisherFlow.Models;

namespace FisherFlow.Tests.Models;

/// <summary>A plain Newton iteration over a model's working rows: the simplest estimator there can be, for checking models alone.</summary>
sealed class DenseFit
{
    public double[] Theta { get; private init; } = [];
    public double[,] Information { get; private init; } = new double[0, 0];
    public FitSums Sums { get; private init; }
    public ResponseSums Responses { get; private init; }
    public double Auxiliary { get; private init; }

    public double StandardError(int parameter)
    {
        var unit = new double[Theta.Length];
        unit[parameter] = 1;
        return Math.Sqrt(Solve(Information, unit)[parameter]);
    }

    /// <summary>Fits the free parameters (all, if none are named), the others held at zero.</summary>
    public static DenseFit Run(IModel model, Block block, bool[]? free = null)
    {
        var shape = block.Shape;
        var d = model.Dimension(shape);
        var responses = ResponseSums.Empty;
        model.Summarise(block, 0, block.Count, ref responses);
        var (theta, workspace, auxiliary) = (new double[d], new Workspace(), 0.0);
        model.Start(shape, responses, block, theta);
        var sums = default(FitSums);
        var (information, score) = Collect(model.WorkAtStart(block, 0, block.Count, shape, theta, ref sums, workspace), d, free);
        theta = Add(theta, Solve(information, score), 1);
        for (var iteration = 0; iteration < 200; iteration++)
        {
            sums = default;
            (information, score) = Collect(model.Work(block, 0, block.Count, shape, theta, auxiliary, default, ref sums, workspace), d, free);
            var (step, factor, last) = (Solve(information, score), 1.0, sums.Deviance);
            if (model.HasAuxiliary) { auxiliary += Math.Clamp(sums.AuxiliaryScore / Math.Abs(sums.AuxiliaryInformation), -1, 1); }
            var next = Add(theta, step, factor);
            while (!model.HasAuxiliary && factor > 1e-3 && !(DevianceAt(next) <= last + 1e-9 * (Math.Abs(last) + 1))) { next = Add(theta, step, factor /= 2); }
            theta = next;
        }
        return new() { Theta = theta, Information = information, Sums = sums, Responses = responses, Auxiliary = auxiliary };

        double DevianceAt(double[] at)
        {
            var there = default(FitSums);
            model.Work(block, 0, block.Count, shape, at, auxiliary, default, ref there, workspace);
            return there.Deviance;
        }
    }

    /// <summary>Information <c>Σ w aaᵀ</c> and score <c>Σ r a</c>, dense; parameters that are not free get a unit diagonal.</summary>
    public static (double[,] Information, double[] Score) Collect(in WorkingRows work, int d, bool[]? free = null)
    {
        var (information, score) = (new double[d, d], new double[d]);
        var rows = work.Rows;
        for (var i = 0; i < rows.Count; i++)
        {
            var a = Row(rows, i, d);
            for (var p = 0; p < d; p++)
            {
                score[p] += work.Scores[i] * a[p];
                for (var q = 0; q < d; q++) { information[p, q] += work.Weights[i] * a[p] * a[q]; }
            }
        }
        for (var p = 0; p < d; p++)
        {
            if (free?[p] ?? true) { continue; }
            score[p] = 0;
            for (var q = 0; q < d; q++) { information[p, q] = information[q, p] = p == q ? 1 : 0; }
        }
        return (information, score);
    }

    static double[] Row(in FisherFlow.Information.DesignRows rows, int i, int d)
    {
        var a = new double[d];
        rows.Dense.Slice(i * rows.DenseColumns, rows.DenseColumns).CopyTo(a);
        for (var s = i * rows.Slots; s < (i + 1) * rows.Slots; s++)
        {
            if (rows.Indices[s] >= 0) { a[rows.Indices[s]] += rows.Values.IsEmpty ? 1 : rows.Values[s]; }
        }
        return a;
    }

    /// <summary>Gaussian elimination with pivoting.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        var (a, b, n) = ((double[,])matrix.Clone(), (double[])right.Clone(), right.Length);
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++) { if (Math.Abs(a[i, k]) > Math.Abs(a[pivot, k])) { pivot = i; } }
            for (var j = 0; j < n; j++) { (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]); }
            (b[k], b[pivot]) = (b[pivot], b[k]);
            for (var i = k + 1; i < n; i++)
            {
                var factor = a[i, k] / a[k, k];
                for (var j = k; j < n; j++) { a[i, j] -= factor * a[k, j]; }
                b[i] -= factor * b[k];
            }
        }
        for (var k = n - 1; k >= 0; k--)
        {
            for (var j = k + 1; j < n; j++) { b[k] -= a[k, j] * b[j]; }
            b[k] /= a[k, k];
        }
        return b;
    }

    static double[] Add(double[] x, double[] y, double factor) => [.. x.Zip(y, (a, b) => a + factor * b)];
}
