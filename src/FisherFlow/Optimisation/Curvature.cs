using System.Globalization;

namespace FisherFlow.Optimisation;

/// <summary>How a batch's information is computed.</summary>
public enum CurvatureKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Expected by the model at θ: <c>Σ J'ΛJ</c>, the generalised Gauss-Newton matrix. Needs a model.</summary>
    Expected,

    /// <summary>Every observation's score squared: <c>Σ sᵢsᵢᵀ</c>, the empirical Fisher information.</summary>
    PerSample,

    /// <summary>The square of the batch's mean score, <c>s̄s̄ᵀ</c>. It holds Fisher information over n plus the squared bias: not an information, but Adam's choice.</summary>
    BatchMean,

    /// <summary>Squared scores of outcomes drawn from the model, which average to the expected information. Needs a model.</summary>
    MonteCarlo,
}

/// <summary>The estimate axis: how a batch's information is computed. The four differ by orders of magnitude away from the optimum.</summary>
/// <remarks>Source: Kunstner, Hennig &amp; Balles (2019); Balles &amp; Hennig (2018).</remarks>
/// <param name="Kind">Which estimate.</param>
/// <param name="Draws">Outcomes drawn for every observation, of the Monte Carlo estimate.</param>
/// <param name="Seed">Where the draws begin.</param>
public readonly record struct Curvature(CurvatureKind Kind, int Draws, ulong Seed)
{
    /// <summary>No information is computed.</summary>
    public static Curvature None => default;

    /// <summary>Expected by the model at θ.</summary>
    public static Curvature Expected => new(CurvatureKind.Expected, 0, 0);

    /// <summary>Every observation's score squared.</summary>
    public static Curvature PerSample => new(CurvatureKind.PerSample, 0, 0);

    /// <summary>The square of the batch's mean score.</summary>
    public static Curvature BatchMean => new(CurvatureKind.BatchMean, 0, 0);

    /// <summary>Squared scores of outcomes drawn from the model.</summary>
    public static Curvature MonteCarlo(int draws = 1, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return new(CurvatureKind.MonteCarlo, draws, seed);
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        CurvatureKind.None => "none",
        CurvatureKind.Expected => "expected",
        CurvatureKind.PerSample => "per-sample",
        CurvatureKind.BatchMean => "batch-mean",
        _ => string.Create(CultureInfo.InvariantCulture, $"monte-carlo {Draws}"),
    };
}
