using FisherFlow.Differentiation;

namespace FisherFlow.Likelihoods;

/// <summary>Shares by their log-ratios to the last, <c>θₖ = e^φₖ/(1 + Σ e^φ)</c>.</summary>
readonly struct SimplexMap : IVectorMap
{
    public static string Allowed => "positive shares that sum to 1";

    public static Interval Range => Interval.Unit;

    public static void Forward<T>(ReadOnlySpan<T> phi, Span<T> theta) where T : struct, IScalar<T>
    {
        var largest = 0.0;   // taken out of every exponent, so that none overflows
        foreach (var x in phi) { largest = Math.Max(largest, x.Value); }
        T sum = Math.Exp(-largest);
        theta[^1] = sum;
        for (var k = 0; k < phi.Length; k++)
        {
            theta[k] = T.Exp(phi[k] - (T)largest);
            sum += theta[k];
        }
        for (var k = 0; k < theta.Length; k++) { theta[k] /= sum; }
    }

    public static bool TryInverse(ReadOnlySpan<double> theta, Span<double> phi)
    {
        var sum = 0.0;
        foreach (var share in theta) { sum += share; }
        if (!(Math.Abs(sum - 1) < 1e-6)) { return false; }
        for (var k = 0; k < theta.Length - 1; k++) { phi[k] = Math.Log(theta[k] / theta[^1]); }
        return true;
    }
}

/// <summary>Increasing numbers by the logarithms of their steps, <c>θ₁ = φ₁, θₖ = θₖ₋₁ + e^φₖ</c>.</summary>
readonly struct OrderedMap : IVectorMap
{
    public static string Allowed => "numbers in increasing order";

    public static Interval Range => Interval.Line;

    public static void Forward<T>(ReadOnlySpan<T> phi, Span<T> theta) where T : struct, IScalar<T>
    {
        theta[0] = phi[0];
        for (var k = 1; k < phi.Length; k++) { theta[k] = theta[k - 1] + T.Exp(phi[k]); }
    }

    public static bool TryInverse(ReadOnlySpan<double> theta, Span<double> phi)
    {
        phi[0] = theta[0];
        for (var k = 1; k < theta.Length; k++) { phi[k] = Math.Log(theta[k] - theta[k - 1]); }
        return true;
    }
}

/// <summary>Correlations by the partial ones, <c>tanh φ</c>, which may be anything between −1 and 1: rows of the Cholesky factor are built from them.</summary>
/// <remarks>Source: Lewandowski, Kurowicka and Joe (2009), §2.4.</remarks>
readonly struct CorrelationMap : IVectorMap
{
    public static string Allowed => "correlations of a positive definite matrix";

    public static Interval Range => new(-1, 1);

    public static void Forward<T>(ReadOnlySpan<T> phi, Span<T> theta) where T : struct, IScalar<T>
    {
        var variables = Variables(phi.Length);
        var factor = new T[variables * variables];
        factor[0] = 1.0;
        var at = 0;
        for (var i = 1; i < variables; i++)
        {
            T left = 1.0;   // what the row's squares leave to 1
            for (var j = 0; j < i; j++)
            {
                var partial = Tanh(phi[at + j]);
                factor[i * variables + j] = partial * T.Sqrt(left);
                left *= (T)1.0 - partial * partial;
            }
            factor[i * variables + i] = T.Sqrt(left);
            for (var j = 0; j < i; j++)
            {
                T sum = 0.0;
                for (var k = 0; k <= j; k++) { sum += factor[i * variables + k] * factor[j * variables + k]; }
                theta[at + j] = sum;
            }
            at += i;
        }
    }

    public static bool TryInverse(ReadOnlySpan<double> theta, Span<double> phi)
    {
        var variables = Variables(theta.Length);
        var factor = new double[variables * variables];
        factor[0] = 1;
        var at = 0;
        for (var i = 1; i < variables; i++)
        {
            var left = 1.0;
            for (var j = 0; j < i; j++)
            {
                var sum = theta[at + j];
                for (var k = 0; k < j; k++) { sum -= factor[i * variables + k] * factor[j * variables + k]; }
                factor[i * variables + j] = sum / factor[j * variables + j];
                phi[at + j] = Math.Atanh(factor[i * variables + j] / Math.Sqrt(left));
                left -= factor[i * variables + j] * factor[i * variables + j];
            }
            if (!(left > 0)) { return false; }
            factor[i * variables + i] = Math.Sqrt(left);
            at += i;
        }
        return true;
    }

    static T Tanh<T>(T x) where T : struct, IScalar<T>
    {
        if (x.Value < 0) { return -Tanh(-x); }
        var e = T.Exp((T)(-2.0) * x);
        return ((T)1.0 - e) / ((T)1.0 + e);
    }

    static int Variables(int correlations) => (int)Math.Round((1 + Math.Sqrt(1 + 8.0 * correlations)) / 2);
}
