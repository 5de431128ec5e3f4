using FisherFlow.Numerics;

namespace FisherFlow.Mixtures;

/// <summary>A mixture of linear regressions with normal errors at given parameters: <c>f(y | x) = Σ πₖ φ((y − xᵀβₖ)/σₖ)/σₖ</c>.</summary>
/// <remarks>
/// Parameters are laid out by component, <c>βₖ, log σₖ, log πₖ</c>: <c>d = K(p + 2)</c> numbers, of which the log-weights are over-complete (a constant added to all changes
/// nothing), so that renaming components moves numbers and does nothing else.
/// </remarks>
/// <param name="components">K ≥ 2.</param>
/// <param name="columns">p, the intercept among them.</param>
sealed class MixtureModel(int components, int columns)
{
    public int Components => components;

    public int Columns => columns;

    /// <summary>Numbers a component has in the layout, <c>p + 2</c>.</summary>
    public int Stride => columns + 2;

    /// <summary>Number of parameters d.</summary>
    public int Dimension => components * Stride;

    /// <summary>Weights πₖ <c>[K]</c> from the parameters <c>[d]</c>.</summary>
    public void Weights(ReadOnlySpan<double> theta, Span<double> weights)
    {
        var (largest, total) = (double.NegativeInfinity, 0.0);
        for (var k = 0; k < components; k++) { largest = Math.Max(largest, theta[k * Stride + columns + 1]); }
        for (var k = 0; k < components; k++) { total += weights[k] = Math.Exp(theta[k * Stride + columns + 1] - largest); }
        for (var k = 0; k < components; k++) { weights[k] /= total; }
    }

    /// <summary>Responsibilities <c>P(k | x, y) [K]</c>; returns the log-density.</summary>
    /// <param name="theta">Parameters <c>[d]</c>.</param>
    /// <param name="weights">Their weights <c>[K]</c>.</param>
    /// <param name="x">Predictors <c>[p]</c>.</param>
    /// <param name="y">The response.</param>
    /// <param name="shares">Responsibilities <c>[K]</c>.</param>
    public double Expect(ReadOnlySpan<double> theta, ReadOnlySpan<double> weights, ReadOnlySpan<double> x, double y, Span<double> shares)
    {
        var largest = double.NegativeInfinity;
        for (var k = 0; k < components; k++)
        {
            var at = theta.Slice(k * Stride, Stride);
            var u = (y - Dot.Product(x, at[..columns])) * Math.Exp(-at[columns]);
            shares[k] = Math.Log(weights[k]) - at[columns] - 0.5 * u * u;
            largest = Math.Max(largest, shares[k]);
        }
        var total = 0.0;
        for (var k = 0; k < components; k++) { total += shares[k] = Math.Exp(shares[k] - largest); }
        for (var k = 0; k < components; k++) { shares[k] /= total; }
        return largest + Math.Log(total) - 0.5 * Math.Log(2 * Math.PI);
    }

    /// <summary>Adds the evidence of one observation at θ: <c>I ← I + H</c>, <c>b ← b + s + Hθ</c>, so that <c>I⁻¹b</c> is one Newton step from wherever each row was expected.</summary>
    /// <remarks>
    /// With <c>Sₖ</c> the score and <c>Cₖ</c> the information of the row if k is its label, <c>s = Σ rₖSₖ</c> and <c>H = Σ rₖCₖ − Σ rₖSₖSₖᵀ + ssᵀ</c>, the observed information.
    /// Source: Louis (1982), equation 3.2.
    /// </remarks>
    /// <param name="theta">Parameters <c>[d]</c>.</param>
    /// <param name="weights">Their weights <c>[K]</c>.</param>
    /// <param name="shares">Responsibilities <c>[K]</c>.</param>
    /// <param name="x">Predictors <c>[p]</c>.</param>
    /// <param name="y">The response.</param>
    /// <param name="information">I <c>[d, d]</c>.</param>
    /// <param name="linear">b <c>[d]</c>.</param>
    /// <param name="work">Scratch <c>[2d + d²]</c>.</param>
    public void AddEvidence(ReadOnlySpan<double> theta, ReadOnlySpan<double> weights, ReadOnlySpan<double> shares, ReadOnlySpan<double> x, double y,
        Span<double> information, Span<double> linear, Span<double> work)
    {
        var d = Dimension;
        var (score, labelled, hessian) = (0, d, 2 * d);
        work.Clear();
        for (var k = 0; k < components; k++)
        {
            var (at, share) = (k * Stride, shares[k]);
            var precision = Math.Exp(-theta[at + columns]);
            var u = (y - Dot.Product(x, theta.Slice(at, columns))) * precision;
            work.Slice(labelled, d).Clear();
            for (var j = 0; j < columns; j++) { work[labelled + at + j] = u * precision * x[j]; }
            work[labelled + at + columns] = u * u - 1;
            for (var o = 0; o < components; o++) { work[labelled + o * Stride + columns + 1] = (o == k ? 1 : 0) - weights[o]; }
            AddLabelled(work.Slice(hessian, d * d), at, share, precision, u, x);
            for (var i = 0; i < d; i++)
            {
                var own = share * work[labelled + i];
                work[score + i] += own;
                for (var j = 0; j < d; j++) { work[hessian + i * d + j] -= own * work[labelled + j]; }
            }
        }
        for (var a = 0; a < components; a++)
        {
            for (var b = 0; b < components; b++) { work[hessian + (a * Stride + columns + 1) * d + b * Stride + columns + 1] += weights[a] * ((a == b ? 1 : 0) - weights[b]); }
        }
        for (var i = 0; i < d; i++)
        {
            var row = work.Slice(hessian + i * d, d);
            Dot.Axpy(work[score + i], work.Slice(score, d), row);
            linear[i] += work[score + i] + Dot.Product(row, theta);
            Dot.Axpy(1, row, information.Slice(i * d, d));
        }
    }

    /// <summary>A component's own part of the information of a labelled row: <c>xxᵀ/σ²</c>, <c>2ux/σ</c> and <c>2u²</c>.</summary>
    void AddLabelled(Span<double> hessian, int at, double share, double precision, double u, ReadOnlySpan<double> x)
    {
        var d = Dimension;
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < columns; j++) { hessian[(at + i) * d + at + j] += share * precision * precision * x[i] * x[j]; }
            hessian[(at + i) * d + at + columns] += 2 * share * u * precision * x[i];
            hessian[(at + columns) * d + at + i] += 2 * share * u * precision * x[i];
        }
        hessian[(at + columns) * (d + 1)] += 2 * share * u * u;
    }
}
