using FisherFlow.Inference;

namespace FisherFlow.Likelihoods;

/// <summary>Covariances of an estimate: of its free coordinates φ, and by the delta method of θ and of anything computed from it.</summary>
sealed class LikelihoodCovariance
{
    readonly LikelihoodModel _model;
    readonly int[] _kept;
    readonly double[]? _free;      // [q, q]
    readonly double[]? _natural;   // [m, m]
    readonly bool[] _isIdentified; // [m]

    public LikelihoodCovariance(LikelihoodEstimate estimate, LikelihoodModel model, CovarianceKind kind)
    {
        _model = model;
        var (m, q) = (model.Space.Natural, model.Space.Free);
        if (kind is not (CovarianceKind.Model or CovarianceKind.HC0 or CovarianceKind.HC1)) { throw new ArgumentException($"likelihoods of one's own have model, hc0 and hc1 standard errors, not {kind}"); }
        if (kind != CovarianceKind.Model && estimate.Products is null) { throw new ArgumentException($"{kind} standard errors need sums of score products that this fit did not keep; fit with --robust hc0 or hc1"); }
        _kept = [.. estimate.Factor?.Kept ?? []];
        _isIdentified = new bool[m];
        var jacobian = new double[m * q];
        model.Space.Jacobian(estimate.Phi, jacobian);
        for (var k = 0; k < m; k++)
        {
            _isIdentified[k] = true;
            for (var j = 0; j < q; j++) { _isIdentified[k] &= jacobian[k * q + j] == 0 || _kept.Contains(j); }
        }
        // Of a sum over weights ω as residuals know it, the fit takes tr(I⁻¹ Σ ω²F), which is about rank · Σω²/Σω.
        var sums = estimate.Sums;
        var degrees = sums.Faded - _kept.Length * (sums.Faded < sums.Observations ? sums.FadedSquares / sums.FadedWeight : 1);
        if (estimate.ResidualSumOfSquares is { } squares && degrees > 0) { Dispersion = squares / degrees; }
        if (!estimate.Converged || estimate.Factor is not { } factor) { return; }
        if (model.IsLeastSquares && Dispersion is null)
        {
            Missing = "there are no degrees of freedom left for the variance";
            return;
        }
        _free = new double[q * q];
        Spread(factor.Inverse(), _kept.Length, q);
        if (kind != CovarianceKind.Model || estimate.Products is not null && estimate.Sums.Faded < estimate.Sums.Observations) { Sandwich(estimate.Products!, q, kind == CovarianceKind.HC1 && degrees > 0 ? estimate.Sums.Faded / degrees : 1); }
        else if (Dispersion is { } phi && model.IsLeastSquares) { System.Numerics.Tensors.TensorPrimitives.Multiply(_free, phi, _free); }
        var transposed = new double[q * m];
        for (var k = 0; k < m; k++)
        {
            for (var j = 0; j < q; j++) { transposed[j * m + k] = jacobian[k * q + j]; }
        }
        _natural = SymmetricSystem.Congruence(_free, transposed, q, m);
    }

    /// <summary>Of least squares the variance by its degrees of freedom; null where there are none, and for densities.</summary>
    public double? Dispersion { get; }

    /// <summary>Why there are no standard errors although the fit converged, or null.</summary>
    public string? Missing { get; }

    public bool IsIdentified(int component) => _isIdentified[component];

    /// <summary>The standard error of a component of θ; null where there is none.</summary>
    public double? Error(int component) => _natural is null ? null : Number.Finite(Math.Sqrt(Math.Max(0, _natural[component * _model.Space.Natural + component])));

    /// <summary>The standard error of a free coordinate.</summary>
    public double FreeError(int coordinate) => _free is null || coordinate < 0 ? 0 : Math.Sqrt(Math.Max(0, _free[coordinate * _model.Space.Free + coordinate]));

    /// <summary>The standard error of what has the gradient <paramref name="gradient"/> <c>[m]</c> by θ; null where there is none.</summary>
    public double? Error(ReadOnlySpan<double> gradient)
    {
        for (var k = 0; k < gradient.Length; k++)
        {
            if (gradient[k] != 0 && !_isIdentified[k]) { return null; }
        }
        return _natural is null ? null : Number.Finite(Math.Sqrt(Math.Max(0, SymmetricSystem.Form(_natural, gradient))));
    }

    /// <summary>The covariance of the identified components, <c>[k, k]</c>.</summary>
    public double[,] Table()
    {
        if (_natural is null) { return new double[0, 0]; }
        var m = _model.Space.Natural;
        int[] shown = [.. Enumerable.Range(0, m).Where(IsIdentified)];
        var table = new double[shown.Length, shown.Length];
        for (var i = 0; i < shown.Length; i++)
        {
            for (var j = 0; j < shown.Length; j++) { table[i, j] = _natural[shown[i] * m + shown[j]]; }
        }
        return table;
    }

    void Spread(double[] inverse, int rank, int q)
    {
        for (var i = 0; i < rank; i++)
        {
            for (var j = 0; j < rank; j++) { _free![_kept[i] * q + _kept[j]] = inverse[i * rank + j]; }
        }
    }

    /// <summary><c>I⁻¹ J I⁻¹</c>.</summary>
    void Sandwich(double[] products, int q, double factor)
    {
        var sandwich = SymmetricSystem.Congruence(products, _free!, q, q);
        System.Numerics.Tensors.TensorPrimitives.Multiply(sandwich, factor, _free);
    }
}
