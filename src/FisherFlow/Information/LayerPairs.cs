using System.Numerics.Tensors;

namespace FisherFlow.Information;

/// <summary>The gate of pairs of inputs and output gradients: they are checked as a whole before the first is added.</summary>
static class LayerPairs
{
    /// <summary>Throws unless lengths agree, weights are at least zero and every product of an input and a gradient is a legal number.</summary>
    /// <param name="inputs">Inputs <c>[n, m]</c>.</param>
    /// <param name="m">Inputs a row.</param>
    /// <param name="gradients">Gradients <c>[n, p]</c>.</param>
    /// <param name="p">Outputs a row.</param>
    /// <param name="weights">Weights <c>[n]</c>.</param>
    /// <exception cref="ArgumentException">Something is not legal.</exception>
    public static void Verify(ReadOnlySpan<double> inputs, int m, ReadOnlySpan<double> gradients, int p, ReadOnlySpan<double> weights)
    {
        var n = weights.Length;
        if (inputs.Length != n * m) { throw new ArgumentException($"inputs have shape [{inputs.Length}]; {n} rows of {m} need [{n * m}]", nameof(inputs)); }
        if (gradients.Length != n * p) { throw new ArgumentException($"gradients have shape [{gradients.Length}]; {n} rows of {p} need [{n * p}]", nameof(gradients)); }
        RowCheck.Verify(new DesignRows(n, m, inputs, 0, default, default), weights, m);
        RowCheck.Verify(new DesignRows(n, p, gradients, 0, default, default), weights, p);
        if (n == 0 || m == 0 || p == 0) { return; }
        var largest = TensorPrimitives.MaxMagnitude(inputs) * TensorPrimitives.MaxMagnitude(gradients);
        RowCheck.Verify(new ReadOnlySpan<double>(in largest), 1, 1);
    }
}
