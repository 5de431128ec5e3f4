using System.Numerics.Tensors;
using FisherFlow.Information;

namespace FisherFlow.Estimation;

/// <summary>What the last steps have shown of the curvature that expected information lacks: a limited-memory BFGS correction of Fisher scoring.</summary>
/// <remarks>
/// Fisher scoring converges by a factor a step, and slowly where observed and expected information are far apart; with the memory it converges superlinearly.
/// Source: Nocedal (1980), with the factor of the information in the place of the scaled identity.
/// </remarks>
sealed class CurvatureMemory
{
    const int Pairs = 8;
    const double LeastCurvature = 1e-10;   // of the product of the norms

    readonly List<(double[] Move, double[] Change, double Product)> _pairs = [];
    double[] _theta = [];
    double[] _gradient = [];

    /// <summary>Forgets everything: θ is about to mean something else.</summary>
    public void Clear()
    {
        _pairs.Clear();
        _theta = [];
    }

    /// <summary>The step from θ <c>[d]</c> with gradient <c>[d]</c>, which ascends; both are noted.</summary>
    public double[] Step(double[] theta, double[] gradient, Factor factor)
    {
        Note(theta, gradient);
        var step = gradient.ToArray();
        var shares = new double[_pairs.Count];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            var (move, change, product) = _pairs[i];
            shares[i] = TensorPrimitives.Dot<double>(move, step) / product;
            TensorPrimitives.MultiplyAdd(change, -shares[i], step, step);
        }
        factor.Solve(step.ToArray(), step);
        for (var i = 0; i < _pairs.Count; i++)
        {
            var (move, change, product) = _pairs[i];
            TensorPrimitives.MultiplyAdd(move, shares[i] - TensorPrimitives.Dot<double>(change, step) / product, step, step);
        }
        if (TensorPrimitives.Dot<double>(step, gradient) > 0) { return step; }
        _pairs.Clear();
        return factor.Step.ToArray();
    }

    void Note(double[] theta, double[] gradient)
    {
        if (_theta.Length == theta.Length)
        {
            var (move, change) = (new double[theta.Length], new double[theta.Length]);
            TensorPrimitives.Subtract(theta, _theta, move);
            TensorPrimitives.Subtract(_gradient, gradient, change);
            var product = TensorPrimitives.Dot<double>(move, change);
            if (product > LeastCurvature * TensorPrimitives.Norm<double>(move) * TensorPrimitives.Norm<double>(change))
            {
                if (_pairs.Count == Pairs) { _pairs.RemoveAt(0); }
                _pairs.Add((move, change, product));
            }
        }
        (_theta, _gradient) = ([.. theta], [.. gradient]);
    }
}
