using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>The symmetric root <c>A^(−1/2) b</c>, of a matrix at hand or of a structure that can only be solved with damping.</summary>
static class InverseRoot
{
    const double Accuracy = 34;   // −log of the error aimed at: 2e-15

    /// <summary>By eigenvectors: <c>Σ v (vᵀb)/√(λ + δ)</c>, eigenvalues below rounding taken as rounding.</summary>
    /// <remarks>Cost: <c>9n³</c> flops.</remarks>
    /// <param name="gram">Upper triangle <c>[n, n]</c>; destroyed.</param>
    /// <param name="n">Its size.</param>
    /// <param name="b">Right side <c>[n]</c>.</param>
    /// <param name="x">The product <c>[n]</c>; may be b.</param>
    /// <param name="damping">δ ≥ 0.</param>
    public static void Dense(double[] gram, int n, ReadOnlySpan<double> b, Span<double> x, double damping)
    {
        var values = new double[n];
        if (!Kernels.SymmetricEigen(gram, n, n, values, gram, n)) { throw new ArgumentException("the information holds a number that is not finite", nameof(gram)); }
        var sum = new double[n];
        for (var l = 0; l < n; l++)
        {
            var v = gram.AsSpan(l * n, n);
            var value = Math.Max(values[l], 1e-17 * values[n - 1]) + damping;
            TensorPrimitives.MultiplyAdd(v, TensorPrimitives.Dot(v, b) / Math.Sqrt(value), sum, sum);
        }
        sum.CopyTo(x);
    }

    /// <summary>By quadrature of <c>A^(−1/2) = (2/π) ∫₀^∞ (t² + A)⁻¹ dt</c>: every node is one solve with more damping.</summary>
    /// <remarks>
    /// Cost: <c>1.7·(3 + log κ)</c> solves for a condition number κ, of which the bound <c>tr A · tr A⁻¹</c> is used. The error falls geometrically.
    /// Source: Hale, Higham &amp; Trefethen (2008), SIAM J. Numer. Anal. 46, method 3: elliptic functions put the nodes where the integrand lives.
    /// </remarks>
    /// <param name="information">The structure.</param>
    /// <param name="b">Right side <c>[d]</c>.</param>
    /// <param name="x">The product <c>[d]</c>; untouched when a solve fails. May be b.</param>
    /// <param name="damping">δ ≥ 0.</param>
    public static SolveStatus Quadrature<T>(T information, ReadOnlySpan<double> b, Span<double> x, double damping) where T : class, IInformation<T>
    {
        RowCheck.Length(b.Length, information.Dimension, nameof(b));
        RowCheck.Length(x.Length, information.Dimension, nameof(x));
        double[] sum = new double[b.Length], solution = new double[b.Length];
        var status = information.InverseDiagonal(solution, damping);
        if (!status.IsSolved || b.Length == 0) { return status; }
        var low = Math.Max(damping, 1 / TensorPrimitives.Sum<double>(solution));
        var high = Math.Max(information.Trace() + damping, low * (1 + 1e-9));
        var modulus = Math.Sqrt(low / high);
        var nodes = (int)Math.Ceiling((Math.Log(high / low) + 3) * Accuracy / (2 * Math.PI * Math.PI));
        var elliptic = new EllipticFunctions(modulus);
        for (var j = 0; j < nodes; j++)
        {
            var (ratio, derivative) = elliptic.Tangent((j + 0.5) / nodes);
            status = information.Solve(b, solution, damping + low * ratio * ratio);
            if (!status.IsSolved) { return status; }
            var weight = 2 / Math.PI * Math.Sqrt(low) * elliptic.QuarterPeriod / nodes * derivative;
            TensorPrimitives.MultiplyAdd(solution, weight, sum, sum);
        }
        sum.CopyTo(x);
        return status;
    }

    /// <summary>Jacobi's functions with complementary modulus k′ given, by the arithmetic-geometric mean.</summary>
    /// <remarks>Source: Abramowitz &amp; Stegun (1964), §16.4 and §17.6.</remarks>
    sealed class EllipticFunctions
    {
        readonly double _complement;
        readonly List<(double A, double C)> _means = [];

        public EllipticFunctions(double complement)
        {
            _complement = complement;
            var (a, b, c) = (1.0, complement, Math.Sqrt((1 - complement) * (1 + complement)));
            _means.Add((a, c));
            while (Math.Abs(c) > 1e-15 * a)
            {
                (a, b, c) = ((a + b) / 2, Math.Sqrt(a * b), (a - b) / 2);
                _means.Add((a, c));
            }
            QuarterPeriod = Math.PI / (2 * a);
        }

        /// <summary>K.</summary>
        public double QuarterPeriod { get; }

        /// <summary><c>sn/cn</c> at <paramref name="share"/> of the quarter period, and its derivative <c>dn/cn²</c>.</summary>
        public (double Ratio, double Derivative) Tangent(double share)
        {
            var mirrored = share > 0.5;   // near K the cosine vanishes; the mirror image is as far from its zero
            var (sn, cn) = Sine(QuarterPeriod * (mirrored ? 1 - share : share));
            var dn = Math.Sqrt(cn * cn + _complement * _complement * sn * sn);
            return mirrored ? (cn / (_complement * sn), dn / (_complement * sn * sn)) : (sn / cn, dn / (cn * cn));
        }

        (double Sn, double Cn) Sine(double u)
        {
            var phase = Math.ScaleB(_means[^1].A * u, _means.Count - 1);
            for (var n = _means.Count - 1; n > 0; n--)
            {
                phase = (phase + Math.Asin(_means[n].C / _means[n].A * Math.Sin(phase))) / 2;
            }
            return Math.SinCos(phase);
        }
    }
}
