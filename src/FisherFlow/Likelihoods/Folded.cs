using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Snapshots;

namespace FisherFlow.Likelihoods;

/// <summary>What is kept of rows that have left the memory: the quadratic of their log-likelihood about an anchor.</summary>
/// <param name="Anchor">The anchor φ <c>[q]</c>.</param>
/// <param name="Evidence">Information and score at the anchor.</param>
/// <param name="Value">Their log-likelihood at the anchor (of least squares, −½ Σ w r²).</param>
/// <param name="Products">Their score products <c>[q, q]</c>, each at the estimate of its time, or null.</param>
sealed record Folded(double[] Anchor, SquareRootInformation Evidence, double Value, double[]? Products)
{
    /// <summary>The quadratic moved to another anchor.</summary>
    public Folded At(ReadOnlySpan<double> phi)
    {
        var delta = new double[Anchor.Length];
        TensorPrimitives.Subtract(phi, Anchor, delta);
        var (score, product) = (new double[delta.Length], new double[delta.Length]);
        Evidence.CopyScore(score);
        Evidence.Multiply(delta, product);
        var evidence = Evidence.Copy();
        evidence.Shift(delta);
        return new(phi.ToArray(), evidence, Value + TensorPrimitives.Dot<double>(score, delta) - 0.5 * TensorPrimitives.Dot<double>(delta, product), Products);
    }

    /// <summary>The same evidence counted less.</summary>
    public Folded Faded(double retention)
    {
        if (retention == 1) { return this; }
        var evidence = Evidence.Copy();
        evidence *= retention;
        var products = Products is null ? null : Array.ConvertAll(Products, x => x * retention * retention);
        return new(Anchor, evidence, Value * retention, products);
    }

    /// <summary>Both, about the first one's anchor.</summary>
    public static Folded? Sum(Folded? a, Folded? b)
    {
        if (a is null || b is null) { return a ?? b; }
        var moved = b.At(a.Anchor);
        var evidence = a.Evidence.Copy();
        evidence += moved.Evidence;
        var products = a.Products is { } x && b.Products is { } y ? x.Zip(y, (u, v) => u + v).ToArray() : null;
        return new(a.Anchor, evidence, a.Value + moved.Value, products);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Anchor);
        Evidence.Save(writer);
        writer.Write(Value);
        writer.Write(Products is not null);
        if (Products is not null) { writer.Write(Products); }
    }

    public static Folded Load(StateReader reader)
    {
        var anchor = reader.ReadDoubles();
        var evidence = SquareRootInformation.Load(reader);
        if (evidence.Dimension != anchor.Length) { throw new InvalidDataException($"information about {evidence.Dimension} coordinates comes with an anchor of {anchor.Length}"); }
        var value = reader.ReadDouble();
        var products = reader.ReadBoolean() ? reader.ReadDoubles() : null;
        if (products is not null && products.Length != anchor.Length * anchor.Length) { throw new InvalidDataException($"score products of {anchor.Length} coordinates hold {products.Length} numbers"); }
        return new(anchor, evidence, value, products);
    }
}
