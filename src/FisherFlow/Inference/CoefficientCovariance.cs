using FisherFlow.Estimation;
using FisherFlow.Information;

namespace FisherFlow.Inference;

/// <summary>The covariance of the identified parameters, <c>[k, k]</c> in the order of the factor; null entries of knowledge become a reason.</summary>
/// <param name="Matrix">The covariance row by row, or null when it does not exist.</param>
/// <param name="Dispersion">φ: 1 when known, Pearson's χ²/(n − p) when estimated, null when it cannot be.</param>
/// <param name="Missing">Why there is none.</param>
sealed record CoefficientCovariance(double[]? Matrix, double? Dispersion, string? Missing)
{
    /// <summary>The variances <c>[k]</c>; known where a matrix would be too large, too.</summary>
    public double[]? Variances { get; private init; } = Matrix is null ? null : Diagonal(Matrix);

    /// <summary>Computes the covariance of a kind.</summary>
    /// <remarks>
    /// With bread <c>B = I⁻¹</c> (unscaled) and meat <c>J</c>: model φB; HC0 BJB; HC1 n/(n − p) · BJB; HC3 BJB with leverages in J;
    /// cluster G/(G − 1) · (n − 1)/(n − p) · BJB. The dispersion cancels from BJB. Cost: <c>O(k³)</c>.
    /// Source: White (1980); MacKinnon &amp; White (1985); Zeileis (2004), whose <c>sandwich</c> scales alike.
    /// </remarks>
    public static CoefficientCovariance Compute(Estimate estimate, CovarianceKind kind, bool dispersionEstimated, int rank)
    {
        var factor = estimate.Factor;
        var n = estimate.Responses.Observations;
        var degrees = estimate.Structured?.DispersionDegrees ?? n - rank;
        double? dispersion = !dispersionEstimated ? 1 : degrees > 0 ? Number.Finite(estimate.Pearson / degrees) : null;
        if (factor.Rank == 0) { return new([], dispersion, null); }
        if (estimate.Indefinite.Count > 0)
        {
            return new(null, dispersion, $"the observed information is not positive ({factor.Rank - estimate.Indefinite.Count} of {factor.Rank} directions are): the estimate is no maximum, or lies at the edge of the model");
        }
        if (estimate.Mixture is { Refusal: { } refusal }) { return new(null, dispersion, refusal); }
        if (kind == CovarianceKind.Model)
        {
            if (factor.IsDiagonal && dispersion is { } unit) { return OfVariances(factor, unit); }
            return dispersion is { } phi
                ? Checked(Scale(factor.Inverse(), phi), dispersion)
                : new(null, null, degrees > 0 ? "Pearson's chi-squared is not finite" : $"{n} {(n == 1 ? "observation leaves" : "observations leave")} no degrees of freedom to {rank} {(rank == 1 ? "coefficient" : "coefficients")}");
        }
        if (estimate.Meat is null) { throw new ArgumentException($"the estimate holds no sums for {kind} standard errors; they must be asked for when the model is fitted"); }
        double g = estimate.Clusters;
        if (kind is CovarianceKind.HC1 or CovarianceKind.Cluster && n <= rank) { return new(null, dispersion, $"{kind} divides by n - p, and there are {n} observations for {rank} coefficients"); }
        if (kind == CovarianceKind.Cluster && g < 2) { return new(null, dispersion, $"clustered standard errors need two clusters at least, and there is {g}"); }
        var scale = kind switch
        {
            CovarianceKind.HC1 => (double)n / (n - rank),
            CovarianceKind.Cluster => g / (g - 1) * ((n - 1.0) / (n - rank)),
            _ => 1,
        };
        return Checked(Sandwich(factor.Inverse(), estimate.Meat.ToDense(), factor.Kept, scale), dispersion);
    }

    static CoefficientCovariance OfVariances(Factor factor, double dispersion)
    {
        var variances = new double[factor.Rank];
        factor.InverseDiagonal(variances);
        Scale(variances, dispersion);
        return factor.Rank <= Factor.LargestFromVariances
            ? Checked(Scale(factor.Inverse(), dispersion), dispersion)
            : new(null, dispersion, null) { Variances = variances };
    }

    static double[] Diagonal(double[] matrix)
    {
        var diagonal = new double[(int)Math.Round(Math.Sqrt(matrix.Length))];
        for (var i = 0; i < diagonal.Length; i++) { diagonal[i] = matrix[i * diagonal.Length + i]; }
        return diagonal;
    }

    static CoefficientCovariance Checked(double[] matrix, double? dispersion) => Array.TrueForAll(matrix, double.IsFinite)
        ? new(matrix, dispersion, null)
        : new(null, dispersion, "the covariance overflows");

    static double[] Scale(double[] matrix, double factor)
    {
        System.Numerics.Tensors.TensorPrimitives.Multiply(matrix, factor, matrix);
        return matrix;
    }

    static double[] Sandwich(double[] bread, double[,] meat, IReadOnlyList<int> kept, double scale)
    {
        var k = kept.Count;
        var inner = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++) { inner[i * k + j] = scale * meat[kept[i], kept[j]]; }
        }
        var half = Multiply(bread, inner, k);
        var product = Multiply(half, bread, k);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < i; j++) { product[i * k + j] = product[j * k + i] = 0.5 * (product[i * k + j] + product[j * k + i]); }
        }
        return product;
    }

    static double[] Multiply(double[] a, double[] b, int k)
    {
        var product = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            var row = product.AsSpan(i * k, k);
            for (var l = 0; l < k; l++) { System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(b.AsSpan(l * k, k), a[i * k + l], row, row); }
        }
        return product;
    }
}

/// <summary>The door at which NaN and infinity become null.</summary>
static class Number
{
    /// <summary>The value, or null when it is not finite.</summary>
    public static double? Finite(double? value) => value is { } x && double.IsFinite(x) ? x : null;
}
