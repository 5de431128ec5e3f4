using System.Numerics.Tensors;

namespace FisherFlow.Likelihoods;

/// <summary>What would be maximised had no row been folded, as far as a sample of the folded rows can tell: <c>ℓ_B + q + (ℓ_S − q_S)</c>.</summary>
/// <remarks>
/// To the buffer and the quadratic of folded rows comes what the sample, scaled up, has lost by folding: its likelihood less its own quadratics, each about the anchor of its fold. Of least squares
/// these have the exact second derivatives, and for all folded rows what Gauss and Newton's leave out comes too: its noise is that of residuals, too much for a sample.
/// </remarks>
sealed class AuditedTarget : ITarget
{
    readonly ITarget _seen;
    readonly Target _sampled;
    readonly QuadraticSum _lost;      // less the sample's quadratics
    readonly double[] _information;   // of these by the kind that is climbed by, [q, q]

    /// <summary>Compares a sample with its quadratics.</summary>
    /// <param name="seen">The buffer and the quadratic of folded rows.</param>
    /// <param name="sample">A sample of folded rows.</param>
    /// <param name="model">The likelihood.</param>
    /// <param name="options">Those of the fit.</param>
    /// <param name="anchor">About what the quadratics are summed, φ <c>[q]</c>.</param>
    public AuditedTarget(ITarget seen, FoldedSample sample, LikelihoodModel model, LikelihoodOptions options, double[] anchor)
    {
        var plain = options with { Sandwich = false, Memory = default };
        var q = anchor.Length;
        (_seen, _lost, _information) = (seen, new(anchor), new double[q * q]);
        _sampled = new(model, sample.ScaledUp(0, sample.Count), null, null, plain);
        if (sample.Curvature is { } curvature) { _lost.Add(curvature); }
        var from = 0;
        foreach (var fold in sample.Folds)
        {
            var rows = sample.ScaledUp(from, fold.Count);
            var at = new Target(model, rows, null, null, plain, fold.Kind).Linearise(fold.Anchor) ?? throw new LikelihoodException("a row that was folded has no likelihood where it was folded");
            var information = at.ToDense();
            TensorPrimitives.Add<double>(_information, information, _information);
            if (model.IsLeastSquares && fold.Kind is null) { TensorPrimitives.Subtract<double>(information, ResidualCurvature.Of(model, fold.Anchor, rows, options.Threads), information); }
            _lost.Add(fold.Anchor, at.Value, at.Score, information, -1);
            from += fold.Count;
        }
    }

    public bool IsReread => false;

    public double Value(ReadOnlySpan<double> phi) => _seen.Value(phi) + _sampled.Value(phi) + _lost.At(phi).Value;

    public Linearisation? Linearise(ReadOnlySpan<double> phi)
    {
        if (_seen.Linearise(phi) is not { } seen || _sampled.Linearise(phi) is not { } sampled) { return null; }
        var (value, score) = _lost.At(phi);
        var information = new double[_information.Length];
        TensorPrimitives.Add<double>(score, seen.Score, score);
        TensorPrimitives.Add<double>(score, sampled.Score, score);
        TensorPrimitives.Add<double>(seen.ToDense(), sampled.ToDense(), information);
        TensorPrimitives.Subtract<double>(information, _information, information);
        return new DenseQuadratic(information)
        {
            Phi = phi.ToArray(),
            Value = seen.Value + sampled.Value + value,
            Score = score,
            Scale = seen.Scale,
            Products = seen.Products,
            Noise = seen.Noise + 2 * sampled.Noise,
        };
    }
}
