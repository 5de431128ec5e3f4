using System.Numerics.Tensors;
using FisherFlow.Snapshots;

namespace FisherFlow.Likelihoods;

/// <summary>A sum of quadratics <c>v + sᵀδ − ½ δᵀIδ</c>, each about an anchor of its own and of any sign, kept about one anchor.</summary>
sealed class QuadraticSum
{
    readonly double[] _anchor;
    readonly double[] _score;
    readonly double[] _information;   // [q, q]
    double _value;

    public QuadraticSum(double[] anchor) => (_anchor, _score, _information) = (anchor, new double[anchor.Length], new double[anchor.Length * anchor.Length]);

    /// <summary>Adds a quadratic, or takes it away.</summary>
    /// <param name="anchor">About what, φ <c>[q]</c>.</param>
    /// <param name="value">v.</param>
    /// <param name="score">s <c>[q]</c>, or empty for none.</param>
    /// <param name="information">I <c>[q, q]</c>.</param>
    /// <param name="sign">1 or −1.</param>
    public void Add(ReadOnlySpan<double> anchor, double value, ReadOnlySpan<double> score, ReadOnlySpan<double> information, int sign)
    {
        var delta = new double[_anchor.Length];
        TensorPrimitives.Subtract(_anchor, anchor, delta);
        var product = Product(information, delta);
        _value += sign * (value + (score.IsEmpty ? 0 : TensorPrimitives.Dot(score, delta)) - 0.5 * TensorPrimitives.Dot<double>(delta, product));
        for (var i = 0; i < delta.Length; i++) { _score[i] += sign * ((score.IsEmpty ? 0 : score[i]) - product[i]); }
        TensorPrimitives.MultiplyAdd(information, sign, _information, _information);
    }

    /// <summary>Adds another sum.</summary>
    public void Add(QuadraticSum other) => Add(other._anchor, other._value, other._score, other._information, 1);

    /// <summary>Value and score at φ <c>[q]</c>.</summary>
    public (double Value, double[] Score) At(ReadOnlySpan<double> phi)
    {
        var delta = new double[_anchor.Length];
        TensorPrimitives.Subtract(phi, _anchor, delta);
        var product = Product(_information, delta);
        var value = _value + TensorPrimitives.Dot<double>(_score, delta) - 0.5 * TensorPrimitives.Dot<double>(delta, product);
        TensorPrimitives.Subtract<double>(_score, product, product);
        return (value, product);
    }

    /// <summary>Writes the sum, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_anchor);
        writer.Write(_value);
        writer.Write(_score);
        writer.Write(_information);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The parts do not fit together.</exception>
    public static QuadraticSum Load(StateReader reader, int coordinates)
    {
        var (anchor, value, score, information) = (reader.ReadDoubles(), reader.ReadDouble(), reader.ReadDoubles(), reader.ReadDoubles());
        if (anchor.Length != coordinates || score.Length != coordinates || information.Length != coordinates * coordinates) { throw new InvalidDataException($"a quadratic of {anchor.Length} coordinates does not fit a likelihood of {coordinates}"); }
        var sum = new QuadraticSum(anchor) { _value = value };
        score.CopyTo(sum._score, 0);
        information.CopyTo(sum._information, 0);
        return sum;
    }

    static double[] Product(ReadOnlySpan<double> matrix, double[] x)
    {
        var product = new double[x.Length];
        for (var i = 0; i < x.Length; i++) { product[i] = TensorPrimitives.Dot(matrix.Slice(i * x.Length, x.Length), x); }
        return product;
    }
}
