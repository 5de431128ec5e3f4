using System.Numerics.Tensors;

namespace FisherFlow.Likelihoods;

/// <summary>What would be maximised had no row been folded, as far as a sample of the folded rows can tell: <c>ℓ_B + q + (ℓ_S − q_S)</c>.</summary>
/// <remarks>To the buffer and the quadratic of folded rows comes what the sample, scaled up, has lost by folding: its likelihood less its own quadratics, each about the anchor of its fold.</remarks>
sealed class AuditedTarget : ITarget
{
    readonly ITarget _seen;
    readonly Target _sampled;
    readonly double[] _anchor;
    readonly double[] _score;         // of the sample's quadratics, at the anchor
    readonly double[] _information;   // [q, q]
    readonly double _value;

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
        (_seen, _anchor, _score, _information) = (seen, anchor, new double[q], new double[q * q]);
        _sampled = new(model, sample.ScaledUp(0, sample.Count), null, null, plain);
        var from = 0;
        foreach (var fold in sample.Folds)
        {
            var rows = new Target(model, sample.ScaledUp(from, fold.Count), null, null, plain, fold.Kind);
            var at = rows.Linearise(fold.Anchor) ?? throw new LikelihoodException("a row that was folded has no likelihood where it was folded");
            _value += AddTo(at);
            from += fold.Count;
        }
    }

    public bool IsReread => false;

    public double Value(ReadOnlySpan<double> phi)
    {
        var (value, _) = At(phi);
        return _seen.Value(phi) + _sampled.Value(phi) - value;
    }

    public Linearisation? Linearise(ReadOnlySpan<double> phi)
    {
        if (_seen.Linearise(phi) is not { } seen || _sampled.Linearise(phi) is not { } sampled) { return null; }
        var (value, score) = At(phi);
        var (total, information) = (new double[score.Length], new double[_information.Length]);
        TensorPrimitives.Add<double>(seen.Score, sampled.Score, total);
        TensorPrimitives.Subtract<double>(total, score, total);
        TensorPrimitives.Add<double>(seen.ToDense(), sampled.ToDense(), information);
        TensorPrimitives.Subtract<double>(information, _information, information);
        return new DenseQuadratic(information)
        {
            Phi = phi.ToArray(),
            Value = seen.Value + sampled.Value - value,
            Score = total,
            Scale = seen.Scale,
            Products = seen.Products,
            Noise = seen.Noise + 2 * sampled.Noise,
        };
    }

    /// <summary>Adds a fold's quadratic to those that the truth is compared with; returns its value at the anchor.</summary>
    double AddTo(Linearisation fold)
    {
        var (delta, information) = (new double[_anchor.Length], fold.ToDense());
        TensorPrimitives.Subtract<double>(_anchor, fold.Phi, delta);
        for (var i = 0; i < delta.Length; i++) { _score[i] += fold.Score[i] - TensorPrimitives.Dot<double>(information.AsSpan(i * delta.Length, delta.Length), delta); }
        TensorPrimitives.Add<double>(_information, information, _information);
        return fold.Value + fold.Predicted(delta);
    }

    /// <summary>Value and score of the sample's quadratics.</summary>
    (double Value, double[] Score) At(ReadOnlySpan<double> phi)
    {
        var q = _anchor.Length;
        var (delta, product) = (new double[q], new double[q]);
        TensorPrimitives.Subtract(phi, _anchor, delta);
        for (var i = 0; i < q; i++) { product[i] = TensorPrimitives.Dot<double>(_information.AsSpan(i * q, q), delta); }
        var value = _value + TensorPrimitives.Dot<double>(_score, delta) - 0.5 * TensorPrimitives.Dot<double>(delta, product);
        TensorPrimitives.Subtract<double>(_score, product, product);
        return (value, product);
    }
}
