using System.Runtime.CompilerServices;

namespace FisherFlow.Differentiation;

/// <summary>A value with its gradient and Hessian along several directions at once.</summary>
/// <remarks>Shape: gradient <c>[K]</c>, Hessian <c>[K, K]</c>. Derivatives are exact to rounding. Cost: <c>O(K²)</c> an operation. Allocates nothing: everything lies in the number itself.</remarks>
/// <typeparam name="TDirections">How many: <see cref="One"/> to <see cref="Five"/>.</typeparam>
public struct Jet<TDirections> : IScalar<Jet<TDirections>> where TDirections : struct, IDirections
{
    TDirections _parts;   // gradient, then the upper triangle of the Hessian, row by row

    /// <inheritdoc/>
    public double Value { get; private set; }

    static int K => TDirections.Count;

    static int Parts => TDirections.Count * (TDirections.Count + 3) / 2;

    /// <summary>The variable of a direction: derivative one along it.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="direction">From 0 to K − 1.</param>
    public static Jet<TDirections> Variable(double value, int direction)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)direction, (uint)K);
        var jet = new Jet<TDirections> { Value = value };
        At(ref jet, direction) = 1;
        return jet;
    }

    /// <summary>The derivative along a direction.</summary>
    public readonly double Gradient(int direction)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)direction, (uint)K);
        return At(ref Unsafe.AsRef(in this), direction);
    }

    /// <summary>The second derivative along two directions.</summary>
    public readonly double Hessian(int first, int second)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)first, (uint)K);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)second, (uint)K);
        var (i, j) = (Math.Min(first, second), Math.Max(first, second));
        return At(ref Unsafe.AsRef(in this), K + i * K - i * (i - 1) / 2 + j - i);
    }

    /// <inheritdoc/>
    public static implicit operator Jet<TDirections>(double value) => new() { Value = value };

    /// <inheritdoc/>
    public static Jet<TDirections> operator +(Jet<TDirections> left, Jet<TDirections> right)
    {
        left.Value += right.Value;
        for (var i = 0; i < Parts; i++) { At(ref left, i) += At(ref right, i); }
        return left;
    }

    /// <inheritdoc/>
    public static Jet<TDirections> operator -(Jet<TDirections> left, Jet<TDirections> right)
    {
        left.Value -= right.Value;
        for (var i = 0; i < Parts; i++) { At(ref left, i) -= At(ref right, i); }
        return left;
    }

    /// <inheritdoc/>
    public static Jet<TDirections> operator -(Jet<TDirections> value)
    {
        value.Value = -value.Value;
        for (var i = 0; i < Parts; i++) { At(ref value, i) = -At(ref value, i); }
        return value;
    }

    /// <inheritdoc/>
    public static Jet<TDirections> operator +(Jet<TDirections> left, double right)
    {
        left.Value += right;
        return left;
    }

    /// <inheritdoc/>
    public static Jet<TDirections> operator *(Jet<TDirections> left, double right)
    {
        left.Value *= right;
        for (var i = 0; i < Parts; i++) { At(ref left, i) *= right; }
        return left;
    }

    /// <inheritdoc/>
    public static Jet<TDirections> operator /(Jet<TDirections> left, double right)
    {
        left.Value /= right;
        for (var i = 0; i < Parts; i++) { At(ref left, i) /= right; }
        return left;
    }

    /// <inheritdoc/>
    public static Jet<TDirections> operator *(Jet<TDirections> left, Jet<TDirections> right)
    {
        var (x, y) = (left.Value, right.Value);
        Unsafe.SkipInit(out Jet<TDirections> product);
        product.Value = x * y;
        for (var i = 0; i < K; i++) { At(ref product, i) = x * At(ref right, i) + y * At(ref left, i); }
        for (int i = 0, at = K; i < K; i++)
        {
            for (var j = i; j < K; j++, at++)
            {
                At(ref product, at) = x * At(ref right, at) + y * At(ref left, at) + At(ref left, i) * At(ref right, j) + At(ref left, j) * At(ref right, i);
            }
        }
        return product;
    }

    /// <inheritdoc/>
    public static Jet<TDirections> operator /(Jet<TDirections> left, Jet<TDirections> right)
    {
        // q = f/g: q_i = (f_i − q g_i)/g and q_ij = (f_ij − q_i g_j − q_j g_i − q g_ij)/g, with no square of g that could overflow
        var (value, y) = (left.Value / right.Value, right.Value);
        Unsafe.SkipInit(out Jet<TDirections> quotient);
        quotient.Value = value;
        for (var i = 0; i < K; i++) { At(ref quotient, i) = (At(ref left, i) - value * At(ref right, i)) / y; }
        for (int i = 0, at = K; i < K; i++)
        {
            for (var j = i; j < K; j++, at++)
            {
                At(ref quotient, at) = (At(ref left, at) - At(ref quotient, i) * At(ref right, j) - At(ref quotient, j) * At(ref right, i) - value * At(ref right, at)) / y;
            }
        }
        return quotient;
    }

    /// <inheritdoc/>
    public static Jet<TDirections> Chain(Jet<TDirections> x, double value, double first, double second)
    {
        Unsafe.SkipInit(out Jet<TDirections> outer);
        outer.Value = value;
        for (var i = 0; i < K; i++) { At(ref outer, i) = first * At(ref x, i); }
        for (int i = 0, at = K; i < K; i++)
        {
            var turn = second * At(ref x, i);
            for (var j = i; j < K; j++, at++) { At(ref outer, at) = first * At(ref x, at) + turn * At(ref x, j); }
        }
        return outer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ref double At(ref Jet<TDirections> jet, int part) => ref Unsafe.Add(ref Unsafe.As<TDirections, double>(ref jet._parts), part);
}
