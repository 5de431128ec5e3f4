namespace FisherFlow.Differentiation;

/// <summary>A value with its first two derivatives along one direction, <c>(f, f′, f″)</c>.</summary>
/// <remarks>Derivatives are exact to rounding, in the tails too: no difference quotient is taken. Allocates nothing.</remarks>
/// <param name="Value">f.</param>
/// <param name="First">f′.</param>
/// <param name="Second">f″.</param>
public readonly record struct Jet(double Value, double First = 0, double Second = 0) : IScalar<Jet>
{
    /// <summary>The variable that is differentiated by: derivative one.</summary>
    public static Jet Variable(double value) => new(value, 1);

    /// <inheritdoc/>
    public static implicit operator Jet(double value) => new(value);

    /// <inheritdoc/>
    public static Jet operator +(Jet left, Jet right) => new(left.Value + right.Value, left.First + right.First, left.Second + right.Second);

    /// <inheritdoc/>
    public static Jet operator -(Jet left, Jet right) => new(left.Value - right.Value, left.First - right.First, left.Second - right.Second);

    /// <inheritdoc/>
    public static Jet operator -(Jet value) => new(-value.Value, -value.First, -value.Second);

    /// <inheritdoc/>
    public static Jet operator *(Jet left, Jet right) => new(
        left.Value * right.Value,
        left.First * right.Value + left.Value * right.First,
        left.Second * right.Value + 2 * left.First * right.First + left.Value * right.Second);

    /// <inheritdoc/>
    public static Jet operator /(Jet left, Jet right)
    {
        // q = f/g: q′ = (f′ − q g′)/g and q″ = (f″ − 2q′g′ − q g″)/g, with no square of g that could overflow
        var value = left.Value / right.Value;
        var first = (left.First - value * right.First) / right.Value;
        return new(value, first, (left.Second - 2 * first * right.First - value * right.Second) / right.Value);
    }

    /// <inheritdoc/>
    public static Jet operator +(Jet left, double right) => left with { Value = left.Value + right };

    /// <inheritdoc/>
    public static Jet operator *(Jet left, double right) => new(left.Value * right, left.First * right, left.Second * right);

    /// <inheritdoc/>
    public static Jet operator /(Jet left, double right) => new(left.Value / right, left.First / right, left.Second / right);

    /// <inheritdoc/>
    public static Jet Chain(Jet x, double value, double first, double second) =>
        new(value, first * x.First, second * x.First * x.First + first * x.Second);
}
