using FisherFlow.Differentiation;
using MathNet.Numerics;

namespace FisherFlow.Likelihoods;

/// <summary>The operations of row programs on single numbers.</summary>
static class RowArithmetic
{
    public static bool IsUnary(RowOperation operation) => operation >= RowOperation.Negate;

    /// <summary>Whether the result changes with its operands smoothly, so that it carries derivatives.</summary>
    public static bool IsSmooth(RowOperation operation) => operation is not (RowOperation.Less or RowOperation.LessOrEqual or RowOperation.Equal or RowOperation.And or RowOperation.Or or RowOperation.Not);

    /// <summary>A function of one number with its first two derivatives.</summary>
    public static Expansion Expand(RowOperation operation, double x) => operation switch
    {
        RowOperation.Negate => new(-x, -1, 0),
        RowOperation.Not => new(double.IsNaN(x) ? x : x == 0 ? 1 : 0, 0, 0),
        RowOperation.Abs => new(Math.Abs(x), x < 0 ? -1 : 1, 0),
        RowOperation.Square => new(x * x, 2 * x, 2),
        RowOperation.Exp => Elementary.Exp(x),
        RowOperation.ExpM1 => Elementary.ExpM1(x),
        RowOperation.Log => Elementary.Log(x),
        RowOperation.Log1P => Elementary.Log1P(x),
        RowOperation.Sqrt => Elementary.Sqrt(x),
        RowOperation.Sin => Elementary.Sin(x),
        RowOperation.Cos => Elementary.Cos(x),
        RowOperation.Tan => Elementary.Tan(x),
        RowOperation.Asin => Elementary.Asin(x),
        RowOperation.Acos => Elementary.Acos(x),
        RowOperation.Atan => Elementary.Atan(x),
        RowOperation.Sinh => Elementary.Sinh(x),
        RowOperation.Cosh => Elementary.Cosh(x),
        RowOperation.Tanh => Elementary.Tanh(x),
        RowOperation.Logistic => Elementary.Logistic(x),
        RowOperation.SoftPlus => Elementary.SoftPlus(x),
        RowOperation.LogGamma => x > 0 ? Elementary.LogGamma(x) : new(double.NaN, double.NaN, double.NaN),
        RowOperation.Digamma => x > 0 ? Elementary.Digamma(x) : new(double.NaN, double.NaN, double.NaN),
        RowOperation.Erf => Elementary.Erf(x),
        RowOperation.Erfc => Elementary.Erfc(x),
        RowOperation.NormalCdf => Elementary.NormalCdf(x),
        RowOperation.LogNormalCdf => Elementary.LogNormalCdf(x),
        RowOperation.LogBesselI0 => Elementary.LogBesselI0(x),
        RowOperation.LogOneMinusExp => Elementary.LogOneMinusExp(x),
        RowOperation.Trigamma => x > 0 ? Elementary.Trigamma(x) : new(double.NaN, double.NaN, double.NaN),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "not an operation of one number"),
    };

    /// <summary>A function of one number, without the derivatives where they cost more than the value.</summary>
    public static double Value(RowOperation operation, double x) => operation switch
    {
        RowOperation.LogGamma when x > 0 => SpecialFunctions.GammaLn(x),
        RowOperation.Digamma when x > 0 => SpecialFunctions.DiGamma(x),
        RowOperation.Trigamma when x > 0 => Transcendental.Trigamma(x),
        _ => Expand(operation, x).Value,
    };

    /// <summary>An operation of two numbers, or of three.</summary>
    public static double Apply(RowOperation operation, double a, double b, double c = 0) => operation switch
    {
        RowOperation.Add => a + b,
        RowOperation.Subtract => a - b,
        RowOperation.Multiply => a * b,
        RowOperation.Divide => a / b,
        RowOperation.Power => b == 2 ? a * a : Math.Pow(a, b),
        RowOperation.Minimum => Math.Min(a, b),
        RowOperation.Maximum => Math.Max(a, b),
        RowOperation.Less => Truth(a, b, a < b),
        RowOperation.LessOrEqual => Truth(a, b, a <= b),
        RowOperation.Equal => Truth(a, b, a == b),
        RowOperation.And => Truth(a, b, a != 0 && b != 0),
        RowOperation.Or => Truth(a, b, a != 0 || b != 0),
        RowOperation.Select => double.IsNaN(a) ? a : a != 0 ? b : c,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "not an operation of two numbers"),
    };

    /// <summary>What is undefined stays undefined.</summary>
    static double Truth(double a, double b, bool holds) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : holds ? 1 : 0;
}
