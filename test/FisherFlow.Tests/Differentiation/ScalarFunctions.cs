using FisherFlow.Differentiation;

namespace FisherFlow.Tests.Differentiation;

/// <summary>A function of one number, written once over any scalar, with points within its domain.</summary>
abstract record ScalarFunction(string Name, double[] Points)
{
    public abstract T At<T>(T x) where T : struct, IScalar<T>;
}

/// <summary>Every function that scalars offer, and some that are made of them.</summary>
static class ScalarFunctions
{
    public static IReadOnlyList<ScalarFunction> All { get; } =
    [
        new Exp(), new ExpM1(), new Log(), new Log1P(), new Sqrt(), new Square(), new Power(), new Cube(), new PowerOfItself(), new Sin(), new Cos(), new Tan(), new Asin(), new Acos(),
        new Atan(), new Sinh(), new Cosh(), new Tanh(), new Logistic(), new SoftPlus(), new LogOneMinusExp(), new LogSumExp(), new LogGamma(), new LogBeta(), new Digamma(), new Trigamma(),
        new Erf(), new Erfc(), new NormalCdf(), new LogNormalCdf(), new LogBesselI0(), new Abs(), new Extremes(), new Quotient(), new Constants(), new Composition(),
    ];

    sealed record Exp() : ScalarFunction("exp", [-3, 0, 2]) { public override T At<T>(T x) => T.Exp(x); }
    sealed record ExpM1() : ScalarFunction("exp less one", [-3, 1e-3, 2]) { public override T At<T>(T x) => T.ExpM1(x); }
    sealed record Log() : ScalarFunction("log", [0.2, 1, 30]) { public override T At<T>(T x) => T.Log(x); }
    sealed record Log1P() : ScalarFunction("log of one more", [-0.7, 1e-3, 30]) { public override T At<T>(T x) => T.Log1P(x); }
    sealed record Sqrt() : ScalarFunction("sqrt", [0.2, 4]) { public override T At<T>(T x) => T.Sqrt(x); }
    sealed record Square() : ScalarFunction("square", [-2, 0.5]) { public override T At<T>(T x) => T.Square(x); }
    sealed record Power() : ScalarFunction("power", [0.4, 3]) { public override T At<T>(T x) => T.Pow(x, 1.7); }
    sealed record Cube() : ScalarFunction("cube", [-2, 0.5]) { public override T At<T>(T x) => T.Pow(x, 3.0); }
    sealed record PowerOfItself() : ScalarFunction("power of itself", [0.4, 3]) { public override T At<T>(T x) => T.Pow(x, x); }
    sealed record Sin() : ScalarFunction("sin", [-2, 0.1, 7]) { public override T At<T>(T x) => T.Sin(x); }
    sealed record Cos() : ScalarFunction("cos", [-2, 0.1, 7]) { public override T At<T>(T x) => T.Cos(x); }
    sealed record Tan() : ScalarFunction("tan", [-1, 0.1, 1.2]) { public override T At<T>(T x) => T.Tan(x); }
    sealed record Asin() : ScalarFunction("arcsine", [-0.8, 0.1, 0.6]) { public override T At<T>(T x) => T.Asin(x); }
    sealed record Acos() : ScalarFunction("arccosine", [-0.8, 0.1, 0.6]) { public override T At<T>(T x) => T.Acos(x); }
    sealed record Atan() : ScalarFunction("arctangent", [-4, 0.1, 2]) { public override T At<T>(T x) => T.Atan(x); }
    sealed record Sinh() : ScalarFunction("sinh", [-2, 0.1, 3]) { public override T At<T>(T x) => T.Sinh(x); }
    sealed record Cosh() : ScalarFunction("cosh", [-2, 0.1, 3]) { public override T At<T>(T x) => T.Cosh(x); }
    sealed record Tanh() : ScalarFunction("tanh", [-2, 0.1, 3]) { public override T At<T>(T x) => T.Tanh(x); }
    sealed record Logistic() : ScalarFunction("logistic", [-8, -0.3, 0, 5]) { public override T At<T>(T x) => T.Logistic(x); }
    sealed record SoftPlus() : ScalarFunction("soft plus", [-8, -0.3, 0, 5]) { public override T At<T>(T x) => T.SoftPlus(x); }
    sealed record LogOneMinusExp() : ScalarFunction("log(1 - exp)", [-5, -0.7, -0.1]) { public override T At<T>(T x) => T.LogOneMinusExp(x); }
    sealed record LogSumExp() : ScalarFunction("log(exp + exp)", [-5, 0.3, 900]) { public override T At<T>(T x) => T.LogSumExp(x / 3, 1 - x); }
    sealed record LogGamma() : ScalarFunction("log gamma", [0.3, 2.5, 40]) { public override T At<T>(T x) => T.LogGamma(x); }
    sealed record LogBeta() : ScalarFunction("log beta", [0.3, 2.5, 40]) { public override T At<T>(T x) => T.LogBeta(x, 2 * x); }
    sealed record Digamma() : ScalarFunction("digamma", [0.3, 2.5, 15.9, 40]) { public override T At<T>(T x) => T.Digamma(x); }
    sealed record Trigamma() : ScalarFunction("trigamma", [0.3, 2.5, 15.9, 40]) { public override T At<T>(T x) => T.Trigamma(x); }
    sealed record Erf() : ScalarFunction("erf", [-2, 0.1, 1.5]) { public override T At<T>(T x) => T.Erf(x); }
    sealed record Erfc() : ScalarFunction("erfc", [-2, 0.1, 3]) { public override T At<T>(T x) => T.Erfc(x); }
    sealed record NormalCdf() : ScalarFunction("normal distribution", [-3, 0.1, 2]) { public override T At<T>(T x) => T.NormalCdf(x); }
    sealed record LogNormalCdf() : ScalarFunction("log normal distribution", [-30, -20.5, -6, -0.4, 1.5]) { public override T At<T>(T x) => T.LogNormalCdf(x); }
    sealed record LogBesselI0() : ScalarFunction("log Bessel function", [-3, 0.05, 0.3, 2, 19, 21, 150, 300]) { public override T At<T>(T x) => T.LogBesselI0(x); }
    sealed record Abs() : ScalarFunction("absolute value", [-3, 2]) { public override T At<T>(T x) => T.Abs(x) * x; }
    sealed record Extremes() : ScalarFunction("extremes", [-3, 2]) { public override T At<T>(T x) => T.Max(x, 1) * T.Min(T.Square(x), x); }
    sealed record Quotient() : ScalarFunction("quotient", [-2, 0.3, 5]) { public override T At<T>(T x) => (x * x - 3) / (x + 7); }
    sealed record Constants() : ScalarFunction("constants", [-2, 0.3, 5]) { public override T At<T>(T x) => 3 - (2 * x + 1 - x * 7) / 4 + 5 / (x + 9) - (-x - 2); }
    sealed record Composition() : ScalarFunction("composition", [0.3, 2]) { public override T At<T>(T x) => T.Log(T.Exp(-x) * x + 2 - x / 9); }
}
