namespace FisherFlow.Differentiation;

/// <summary>A number whose history is on a <see cref="Tape"/>, together with its derivative along one direction.</summary>
/// <remarks>A constant has no history and costs nothing there. Numbers of one tape do not mix with those of another, nor with those from before <see cref="Tape.Reset"/>.</remarks>
public readonly struct Traced : IScalar<Traced>
{
    internal Traced(Tape? tape, int index, double value, double tangent) => (Tape, Index, Value, Tangent) = (tape, index, value, tangent);

    /// <inheritdoc/>
    public double Value { get; }

    /// <summary>The derivative along the direction that the variables were given.</summary>
    public double Tangent { get; }

    internal Tape? Tape { get; }

    internal int Index { get; }

    /// <inheritdoc/>
    public static implicit operator Traced(double value) => new(null, -1, value, 0);

    /// <inheritdoc/>
    public static Traced operator +(Traced left, Traced right) =>
        Tape.Record(left, right, left.Value + right.Value, left.Tangent + right.Tangent, new(1, 0), new(1, 0));

    /// <inheritdoc/>
    public static Traced operator -(Traced left, Traced right) =>
        Tape.Record(left, right, left.Value - right.Value, left.Tangent - right.Tangent, new(1, 0), new(-1, 0));

    /// <inheritdoc/>
    public static Traced operator -(Traced value) => Tape.Record(value, 0, -value.Value, -value.Tangent, new(-1, 0), default);

    /// <inheritdoc/>
    public static Traced operator *(Traced left, Traced right) => Tape.Record(
        left, right, left.Value * right.Value, left.Tangent * right.Value + left.Value * right.Tangent,
        new(right.Value, right.Tangent), new(left.Value, left.Tangent));

    /// <inheritdoc/>
    public static Traced operator /(Traced left, Traced right)
    {
        // ∂q/∂f = 1/g and ∂q/∂g = −q/g, each with its derivative along the direction
        var value = left.Value / right.Value;
        var tangent = (left.Tangent - value * right.Tangent) / right.Value;
        var inverse = 1 / right.Value;
        return Tape.Record(left, right, value, tangent,
            new(inverse, -inverse * right.Tangent * inverse), new(-value * inverse, (value * right.Tangent * inverse - tangent) * inverse));
    }

    /// <inheritdoc/>
    public static Traced Chain(Traced x, double value, double first, double second) =>
        Tape.Record(x, 0, value, first * x.Tangent, new(first, second * x.Tangent), default);
}
