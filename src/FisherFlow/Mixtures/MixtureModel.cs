using FisherFlow.Models.Distributions;

namespace FisherFlow.Mixtures;

/// <summary>How the parameters of a mixture of linear regressions with normal errors are laid out: by component, <c>βₖ, log σₖ, log πₖ</c>, <c>d = K(p + 2)</c> numbers.</summary>
/// <remarks>
/// Log-weights are over-complete (a constant added to all changes nothing), and coefficients are where columns depend on one another, so that renaming components or columns moves numbers
/// and does nothing else. What is free is chosen where something is solved for.
/// </remarks>
/// <param name="components">K ≥ 1.</param>
/// <param name="columns">p, the intercept among them.</param>
sealed class MixtureModel(int components, int columns)
{
    public int Components => components;

    public int Columns => columns;

    /// <summary>Numbers a component has in the layout, <c>p + 2</c>.</summary>
    public int Stride => columns + 2;

    /// <summary>Number of parameters d.</summary>
    public int Dimension => components * Stride;

    /// <summary>Where a component's log σ is.</summary>
    public int Scale(int component) => component * Stride + columns;

    /// <summary>Where a component's log π is.</summary>
    public int Weight(int component) => component * Stride + columns + 1;

    /// <summary>The parameters that are free where of the columns only <paramref name="kept"/> <c>[k]</c> are: all coefficients, then all scales, then all weights but the first.</summary>
    public int[] Free(ReadOnlySpan<int> kept)
    {
        var free = new List<int>(components * (kept.Length + 2));
        for (var k = 0; k < components; k++)
        {
            foreach (var column in kept) { free.Add(k * Stride + column); }
        }
        for (var k = 0; k < components; k++) { free.Add(Scale(k)); }
        for (var k = 1; k < components; k++) { free.Add(Weight(k)); }
        return [.. free];
    }

    /// <summary>The predictors <c>[3K]</c> of a row: means, log-scales, log-weights.</summary>
    public void Predict(ReadOnlySpan<double> theta, in MixtureRow row, Span<double> eta)
    {
        for (var k = 0; k < components; k++)
        {
            eta[k] = row.Dot(theta.Slice(k * Stride, columns));
            eta[components + k] = theta[Scale(k)];
            eta[2 * components + k] = theta[Weight(k)];
        }
    }

    /// <summary>Responsibilities <c>P(k | x, y) [K]</c> at parameters <c>[d]</c>; returns the log-density.</summary>
    public double Share(ReadOnlySpan<double> theta, in MixtureRow row, Span<double> shares)
    {
        Span<double> eta = stackalloc double[3 * components];
        Predict(theta, row, eta);
        return MixtureDensity.Share(eta, row.Response, shares);
    }
}
