using System.Numerics.Tensors;

namespace FisherFlow.Likelihoods;

/// <summary>What Gauss and Newton's information of least squares leaves out: <c>Σ w r ∂²f/∂φ∂φᵀ</c>, by which the observed one is smaller.</summary>
static class ResidualCurvature
{
    /// <summary>The sum over rows at φ, <c>[q, q]</c>.</summary>
    /// <param name="model">A model of least squares.</param>
    /// <param name="phi">φ <c>[q]</c>.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="threads">Threads that look at them; sums do not depend on it.</param>
    public static double[] Of(LikelihoodModel model, double[] phi, RowStore rows, int threads)
    {
        var (m, q) = (model.Space.Natural, model.Space.Free);
        var theta = new double[m];
        model.Space.ToNatural(phi, theta);
        var lanes = new (double[] Hessian, double[] Score)[Lanes.Of(rows.Count)];
        Lanes.For(rows.Count, threads, (lane, from, count) =>
        {
            lanes[lane] = (new double[m * m], new double[m]);
            Add(lane == 0 ? model : model.Fork(), theta, rows, from, count, lanes[lane].Hessian, lanes[lane].Score);
        });
        var (hessian, score) = lanes[0];
        foreach (var lane in lanes.AsSpan(1))
        {
            TensorPrimitives.Add(hessian, lane.Hessian, hessian);
            TensorPrimitives.Add(score, lane.Score, score);
        }
        var jacobian = new double[m * q];
        model.Space.Jacobian(phi, jacobian);
        var bent = SymmetricSystem.Congruence(hessian, jacobian, m, q);
        model.Space.AddCurvature(phi, score, bent);
        return bent;
    }

    static void Add(LikelihoodModel model, double[] theta, RowStore store, int from, int all, double[] hessian, double[] score)
    {
        var (m, width) = (model.Space.Natural, model.Columns.Count);
        double[] values = new double[RowSums.BlockRows], gradients = new double[RowSums.BlockRows * m], weights = new double[RowSums.BlockRows];
        for (var start = from; start < from + all; start += RowSums.BlockRows)
        {
            var count = Math.Min(RowSums.BlockRows, from + all - start);
            var rows = store.Rows.Slice(start * width, count * width);
            model.Evaluate(theta, rows, values.AsSpan(0, count), gradients.AsSpan(0, count * m));
            for (var i = 0; i < count; i++)
            {
                weights[i] = store.Weights[start + i] == 0 ? 0 : store.Weights[start + i] * (rows[(i + 1) * width - 1] - values[i]);
                TensorPrimitives.MultiplyAdd(gradients.AsSpan(i * m, m), weights[i], score, score);
            }
            model.AddHessian(theta, rows, weights.AsSpan(0, count), hessian);
        }
    }
}
