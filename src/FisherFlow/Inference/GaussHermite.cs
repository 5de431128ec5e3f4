namespace FisherFlow.Inference;

/// <summary>Expectations over a standard normal: <c>E f(Z) ≈ Σ wᵢ f(zᵢ)</c>, exact for polynomials up to degree 2n − 1.</summary>
/// <remarks>Nodes are the zeros of the orthonormal Hermite polynomial, found by Newton's method from Tricomi-like guesses (Golub &amp; Welsch 1969 gives the theory).</remarks>
static class GaussHermite
{
    const int Count = 32;

    static GaussHermite()
    {
        var nodes = new double[Count];
        var weights = new double[Count];
        var x = 0.0;
        for (var i = 0; i < Count / 2; i++)
        {
            x = Guess(i, x, nodes);
            double value, slope;
            do
            {
                (value, slope) = Polynomial(x);
                x -= value / slope;
            }
            while (Math.Abs(value / slope) > 1e-14 * Math.Abs(x));
            slope = Polynomial(x).Slope;
            nodes[i] = x;
            weights[i] = 2 / (slope * slope) / Math.Sqrt(Math.PI);
            (nodes[Count - 1 - i], weights[Count - 1 - i]) = (-nodes[i], weights[i]);
        }
        Nodes = Array.ConvertAll(nodes, z => Math.Sqrt(2) * z);
        Weights = weights;
    }

    /// <summary>The nodes <c>[n]</c>, descending.</summary>
    public static ReadOnlyMemory<double> Nodes { get; }

    /// <summary>Their weights <c>[n]</c>, which sum to one.</summary>
    public static ReadOnlyMemory<double> Weights { get; }

    /// <summary>Where the next zero will be, from those found (largest first).</summary>
    static double Guess(int i, double previous, double[] nodes) => i switch
    {
        0 => Math.Sqrt(2 * Count + 1) - 1.85575 * Math.Pow(2 * Count + 1, -1.0 / 6),
        1 => previous - 1.14 * Math.Pow(Count, 0.426) / previous,
        2 => 1.86 * previous - 0.86 * nodes[0],
        3 => 1.91 * previous - 0.91 * nodes[1],
        _ => 2 * previous - nodes[i - 2],
    };

    /// <summary>The orthonormal Hermite polynomial of degree n and its derivative, by the three-term recurrence.</summary>
    static (double Value, double Slope) Polynomial(double x)
    {
        double last = 0, current = Math.Pow(Math.PI, -0.25);
        for (var k = 0; k < Count; k++) { (last, current) = (current, x * Math.Sqrt(2.0 / (k + 1)) * current - Math.Sqrt(k / (k + 1.0)) * last); }
        return (current, Math.Sqrt(2.0 * Count) * last);
    }
}
