using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>Extreme singular values of a triangular factor by the Lanczos process.</summary>
/// <remarks>
/// The smallest singular value is had from <c>R⁻¹R⁻ᵀ</c>, of which it is the largest: triangular solves are accurate whatever the condition number,
/// where forming <c>RᵀR</c> would lose everything beyond 1e8. Cost: <c>O(k²)</c> a step, at most <see cref="Steps"/> steps, with full
/// reorthogonalisation; exact up to that many parameters, else converged to <see cref="Accuracy"/> or a lower bound.
/// Source: Golub &amp; Van Loan (2013), §10.1.
/// </remarks>
static class Lanczos
{
    const int Steps = 96;
    const double Accuracy = 1e-8;

    /// <summary><c>σ₁/σₖ</c> of <c>R</c> with columns scaled to unit norm.</summary>
    /// <param name="upper">Upper triangle <c>[n, n]</c> with a positive diagonal.</param>
    /// <param name="n">Its size.</param>
    public static double ConditionNumber(ReadOnlySpan<double> upper, int n)
    {
        if (n == 0) { return 1; }
        var scaled = upper.ToArray();
        var norms = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = i; j < n; j++) { norms[j] = Math.Sqrt(norms[j] * norms[j] + scaled[i * n + j] * scaled[i * n + j]); }
        }
        for (var i = 0; i < n; i++) { TensorPrimitives.Divide(scaled.AsSpan(i * n + i, n - i), norms.AsSpan(i), scaled.AsSpan(i * n + i, n - i)); }
        var largest = Largest(scaled, n, inverse: false);
        return Math.Max(1, Math.Sqrt(largest) * Math.Sqrt(Largest(scaled, n, inverse: true)));
    }

    /// <summary>Largest eigenvalue of <c>RᵀR</c>, or of <c>R⁻¹R⁻ᵀ</c>.</summary>
    static double Largest(double[] r, int n, bool inverse)
    {
        var steps = Math.Min(n, Steps);
        var basis = new double[(steps + 1) * n];
        double[] alpha = new double[steps], beta = new double[steps];
        var first = basis.AsSpan(0, n);
        for (var i = 0; i < n; i++) { first[i] = 0.5 + (i + 1) * 0.618_033_988_749_895 % 1; }   // no special direction
        TensorPrimitives.Divide(first, TensorPrimitives.Norm<double>(first), first);
        var last = 0.0;
        for (var step = 0; step < steps; step++)
        {
            var v = basis.AsSpan(step * n, n);
            var next = basis.AsSpan((step + 1) * n, n);
            v.CopyTo(next);
            Apply(r, n, next, inverse);
            alpha[step] = TensorPrimitives.Dot<double>(v, next);
            for (var round = 0; round < 2; round++)
            {
                for (var q = 0; q <= step; q++)
                {
                    var old = basis.AsSpan(q * n, n);
                    TensorPrimitives.MultiplyAdd(old, -TensorPrimitives.Dot<double>(old, next), next, next);
                }
            }
            beta[step] = TensorPrimitives.Norm<double>(next);
            var value = LargestTridiagonal(alpha.AsSpan(0, step + 1), beta);
            if (beta[step] <= 1e-14 * value || Math.Abs(value - last) <= Accuracy * value && step > 8) { return value; }
            last = value;
            TensorPrimitives.Divide(next, beta[step], next);
        }
        return last;
    }

    static void Apply(double[] r, int n, Span<double> x, bool inverse)
    {
        if (inverse)
        {
            Kernels.SolveUpperTransposed(r, n, n, x);
            Kernels.SolveUpper(r, n, n, x);
            return;
        }
        for (var i = 0; i < n; i++) { x[i] = TensorPrimitives.Dot(r.AsSpan(i * n + i, n - i), x[i..]); }
        for (var i = n - 1; i >= 0; i--)
        {
            var value = x[i];
            x[i] = 0;
            TensorPrimitives.MultiplyAdd(r.AsSpan(i * n + i, n - i), value, x[i..], x[i..]);
        }
    }

    /// <summary>Bisection on the sign of <c>T − x</c>: x lies above every eigenvalue when all pivots of the elimination are negative.</summary>
    static double LargestTridiagonal(ReadOnlySpan<double> alpha, ReadOnlySpan<double> beta)
    {
        double low = 0, high = 0;
        for (var i = 0; i < alpha.Length; i++)
        {
            low = Math.Max(low, alpha[i]);
            high = Math.Max(high, alpha[i] + (i > 0 ? beta[i - 1] : 0) + (i + 1 < alpha.Length ? beta[i] : 0));
        }
        for (var round = 0; round < 60 && high - low > 1e-15 * high; round++)
        {
            var middle = low + (high - low) / 2;
            if (IsAbove(alpha, beta, middle)) { high = middle; }
            else { low = middle; }
        }
        return high;
    }

    static bool IsAbove(ReadOnlySpan<double> alpha, ReadOnlySpan<double> beta, double x)
    {
        var pivot = alpha[0] - x;
        for (var i = 1; i < alpha.Length && pivot < 0; i++) { pivot = alpha[i] - x - beta[i - 1] * beta[i - 1] / pivot; }
        return pivot < 0;
    }
}
