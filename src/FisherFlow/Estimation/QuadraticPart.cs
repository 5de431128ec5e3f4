using System.Numerics.Tensors;
using FisherFlow.Information;

namespace FisherFlow.Estimation;

/// <summary>What is known of earlier rows, as a product: all that a matrix-free step asks of an information.</summary>
abstract class QuadraticPart
{
    /// <summary>What is left of it once the batch is in: the share that a memory retains.</summary>
    public double Scale { get; set; } = 1;

    /// <summary><c>y ← scale·I·x</c>, both <c>[d]</c>.</summary>
    public abstract void Multiply(ReadOnlySpan<double> x, Span<double> y);

    /// <summary>The diagonal of scale·I into <c>[d]</c>.</summary>
    public abstract void CopyDiagonal(Span<double> diagonal);
}

/// <summary>A whole information structure.</summary>
sealed class StructurePart<TInformation>(TInformation information) : QuadraticPart where TInformation : class, IInformation<TInformation>
{
    /// <inheritdoc/>
    public override void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        information.Multiply(x, y);
        if (Scale != 1) { TensorPrimitives.Multiply(y, Scale, y); }
    }

    /// <inheritdoc/>
    public override void CopyDiagonal(Span<double> diagonal)
    {
        information.CopyDiagonal(diagonal);
        if (Scale != 1) { TensorPrimitives.Multiply(diagonal, Scale, diagonal); }
    }
}

/// <summary>A diagonal over the parameters that a batch touches: where nothing couples them to the others, the others do not move.</summary>
sealed class DiagonalPart : QuadraticPart
{
    double[] _diagonal = [];

    /// <summary>The diagonal <c>[d]</c>, to be filled in.</summary>
    public Span<double> Reserve(int dimension)
    {
        if (_diagonal.Length < dimension) { _diagonal = new double[Math.Max(dimension, 2 * _diagonal.Length)]; }
        return _diagonal.AsSpan(0, dimension);
    }

    /// <inheritdoc/>
    public override void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        TensorPrimitives.Multiply(_diagonal.AsSpan(0, x.Length), x, y);
        if (Scale != 1) { TensorPrimitives.Multiply(y, Scale, y); }
    }

    /// <inheritdoc/>
    public override void CopyDiagonal(Span<double> diagonal) => TensorPrimitives.Multiply(_diagonal.AsSpan(0, diagonal.Length), Scale, diagonal);
}
