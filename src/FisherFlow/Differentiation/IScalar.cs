using System.Numerics;

namespace FisherFlow.Differentiation;

/// <summary>The number a likelihood is written over: change the number, and the same formula differentiates itself.</summary>
/// <remarks>
/// A number brings its arithmetic and <see cref="Chain"/>; every function follows from its value and two derivatives. Functions are called on the type parameter,
/// <c>T.Exp(x)</c>; constants mix with numbers, <c>2 * x + 1</c>. Comparisons look at values only: a branch is differentiated where it was taken.
/// </remarks>
/// <typeparam name="T">The number itself.</typeparam>
public interface IScalar<T> : IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IMultiplyOperators<T, T, T>,
    IDivisionOperators<T, T, T>, IUnaryNegationOperators<T, T>
    where T : struct, IScalar<T>
{
    /// <summary>The number without its derivatives.</summary>
    double Value { get; }

    /// <summary>A constant.</summary>
    static abstract implicit operator T(double value);

    /// <summary>The chain rule: <c>g(x)</c> from <c>g, g′, g″</c> at the value of x.</summary>
    /// <param name="x">The inner number.</param>
    /// <param name="value">g.</param>
    /// <param name="first">g′.</param>
    /// <param name="second">g″.</param>
    static abstract T Chain(T x, double value, double first, double second);

    /// <summary>A number and a constant.</summary>
    static virtual T operator +(T left, double right) => left + (T)right;

    /// <summary>A constant and a number.</summary>
    static virtual T operator +(double left, T right) => right + left;

    /// <summary>A number less a constant.</summary>
    static virtual T operator -(T left, double right) => left + -right;

    /// <summary>A constant less a number.</summary>
    static virtual T operator -(double left, T right) => -right + left;

    /// <summary>A number times a constant.</summary>
    static virtual T operator *(T left, double right) => left * (T)right;

    /// <summary>A constant times a number.</summary>
    static virtual T operator *(double left, T right) => right * left;

    /// <summary>A number over a constant.</summary>
    static virtual T operator /(T left, double right) => left / (T)right;

    /// <summary>A constant over a number.</summary>
    static virtual T operator /(double left, T right) => (T)left / right;

    /// <summary>Whether the left value is less.</summary>
    static virtual bool operator <(T left, T right) => left.Value < right.Value;

    /// <summary>Whether the left value is greater.</summary>
    static virtual bool operator >(T left, T right) => left.Value > right.Value;

    /// <summary>Whether the left value is less or the same.</summary>
    static virtual bool operator <=(T left, T right) => left.Value <= right.Value;

    /// <summary>Whether the left value is greater or the same.</summary>
    static virtual bool operator >=(T left, T right) => left.Value >= right.Value;

    /// <summary>The number of the greater value; of equals the left.</summary>
    static virtual T Max(T x, T y) => x >= y ? x : y;

    /// <summary>The number of the smaller value; of equals the left.</summary>
    static virtual T Min(T x, T y) => x <= y ? x : y;

    /// <summary><c>|x|</c>; at zero the derivative is that from above.</summary>
    static virtual T Abs(T x) => x.Value < 0 ? -x : x;

    /// <summary><c>eˣ</c>.</summary>
    static virtual T Exp(T x) => Of(x, Elementary.Exp(x.Value));

    /// <summary><c>eˣ − 1</c>, exact near zero.</summary>
    static virtual T ExpM1(T x) => Of(x, Elementary.ExpM1(x.Value));

    /// <summary><c>log x</c>.</summary>
    static virtual T Log(T x) => Of(x, Elementary.Log(x.Value));

    /// <summary><c>log(1 + x)</c>, exact near zero.</summary>
    static virtual T Log1P(T x) => Of(x, Elementary.Log1P(x.Value));

    /// <summary><c>√x</c>.</summary>
    static virtual T Sqrt(T x) => Of(x, Elementary.Sqrt(x.Value));

    /// <summary><c>x²</c>.</summary>
    static virtual T Square(T x) => Of(x, new(x.Value * x.Value, 2 * x.Value, 2));

    /// <summary><c>xᵃ</c>, x &gt; 0 or a an integer.</summary>
    static virtual T Pow(T x, double exponent) => Of(x, Elementary.Pow(x.Value, exponent));

    /// <summary><c>xʸ = e^(y log x)</c>, x &gt; 0; at x = 0 with y &gt; 0 the derivative in y is its limit 0.</summary>
    static virtual T Pow(T x, T exponent) => x.Value == 0 && exponent.Value > 0 ? T.Pow(x, exponent.Value) : T.Exp(exponent * T.Log(x));

    /// <summary><c>sin x</c>.</summary>
    static virtual T Sin(T x) => Of(x, Elementary.Sin(x.Value));

    /// <summary><c>cos x</c>.</summary>
    static virtual T Cos(T x) => Of(x, Elementary.Cos(x.Value));

    /// <summary><c>tan x</c>.</summary>
    static virtual T Tan(T x) => Of(x, Elementary.Tan(x.Value));

    /// <summary><c>arcsin x</c>, −1 &lt; x &lt; 1.</summary>
    static virtual T Asin(T x) => Of(x, Elementary.Asin(x.Value));

    /// <summary><c>arccos x</c>, −1 &lt; x &lt; 1.</summary>
    static virtual T Acos(T x) => Of(x, Elementary.Acos(x.Value));

    /// <summary><c>arctan x</c>.</summary>
    static virtual T Atan(T x) => Of(x, Elementary.Atan(x.Value));

    /// <summary><c>sinh x</c>.</summary>
    static virtual T Sinh(T x) => Of(x, Elementary.Sinh(x.Value));

    /// <summary><c>cosh x</c>.</summary>
    static virtual T Cosh(T x) => Of(x, Elementary.Cosh(x.Value));

    /// <summary><c>tanh x</c>.</summary>
    static virtual T Tanh(T x) => Of(x, Elementary.Tanh(x.Value));

    /// <summary><c>1/(1 + e⁻ˣ)</c>.</summary>
    static virtual T Logistic(T x) => Of(x, Elementary.Logistic(x.Value));

    /// <summary><c>log(1 + eˣ)</c>, without overflow.</summary>
    static virtual T SoftPlus(T x) => Of(x, Elementary.SoftPlus(x.Value));

    /// <summary><c>log(1 − eˣ)</c> for x &lt; 0, without cancellation.</summary>
    static virtual T LogOneMinusExp(T x) => Of(x, Elementary.LogOneMinusExp(x.Value));

    /// <summary><c>log(eˣ + eʸ)</c>, without overflow; −∞ stands for an absent term.</summary>
    static virtual T LogSumExp(T x, T y)
    {
        if (double.IsNegativeInfinity(x.Value)) { return y; }
        if (double.IsNegativeInfinity(y.Value)) { return x; }
        return x >= y ? x + T.SoftPlus(y - x) : y + T.SoftPlus(x - y);
    }

    /// <summary><c>log Γ(x)</c>, x &gt; 0.</summary>
    static virtual T LogGamma(T x) => Of(x, Elementary.LogGamma(x.Value));

    /// <summary><c>log B(x, y) = log Γ(x) + log Γ(y) − log Γ(x + y)</c>, both positive.</summary>
    static virtual T LogBeta(T x, T y) => T.LogGamma(x) + T.LogGamma(y) - T.LogGamma(x + y);

    /// <summary><c>ψ(x)</c>, the derivative of <see cref="LogGamma"/>, x &gt; 0.</summary>
    static virtual T Digamma(T x) => Of(x, Elementary.Digamma(x.Value));

    /// <summary><c>ψ′(x)</c>, x &gt; 0.</summary>
    static virtual T Trigamma(T x) => Of(x, Elementary.Trigamma(x.Value));

    /// <summary>The error function, <c>2/√π ∫₀ˣ e^(−t²) dt</c>.</summary>
    static virtual T Erf(T x) => Of(x, Elementary.Erf(x.Value));

    /// <summary><c>1 − erf x</c>, without cancellation.</summary>
    static virtual T Erfc(T x) => Of(x, Elementary.Erfc(x.Value));

    /// <summary><c>Φ(x)</c>, the standard normal's distribution.</summary>
    static virtual T NormalCdf(T x) => Of(x, Elementary.NormalCdf(x.Value));

    /// <summary><c>log Φ(x)</c>, far into the tail.</summary>
    static virtual T LogNormalCdf(T x) => Of(x, Elementary.LogNormalCdf(x.Value));

    /// <summary><c>log I₀(x)</c> of the modified Bessel function, without overflow.</summary>
    static virtual T LogBesselI0(T x) => Of(x, Elementary.LogBesselI0(x.Value));

    private static T Of(T x, in Expansion at) => T.Chain(x, at.Value, at.First, at.Second);
}
