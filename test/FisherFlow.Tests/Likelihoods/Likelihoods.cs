using FisherFlow.Differentiation;
using FisherFlow.Likelihoods;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>A line with gaussian noise as a whole density; constants included.</summary>
readonly struct Line : ILikelihood
{
    public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a"), Parameter.Free("b"), Parameter.Positive("s")];

    public static IReadOnlyList<string> Columns => ["x", "y"];

    public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T>
    {
        var z = (row[1] - p[0] - p[1] * row[0]) / p[2];
        return -0.5 * T.Square(z) - T.Log(p[2]) - 0.5 * Math.Log(2 * Math.PI);
    }
}

/// <summary>The same line by least squares.</summary>
readonly struct MeanLine : INonlinearModel
{
    public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a"), Parameter.Free("b")];

    public static IReadOnlyList<string> Predictors => ["x"];

    public static T Mean<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> x) where T : struct, IScalar<T> => p[0] + p[1] * x[0];
}

/// <summary>The gaussian by its raw data.</summary>
readonly struct Gaussian : ILikelihood
{
    public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("m"), Parameter.Positive("s")];

    public static IReadOnlyList<string> Columns => ["y"];

    public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> =>
        -0.5 * T.Square((row[0] - p[0]) / p[1]) - T.Log(p[1]);
}

/// <summary>The gaussian by n, mean and sum of squares about it.</summary>
readonly struct GaussianSums : ILikelihood
{
    public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("m"), Parameter.Positive("s")];

    public static IReadOnlyList<string> Columns => ["n", "mean", "squares"];

    public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> =>
        -0.5 * (row[2] + row[0] * T.Square(row[1] - p[0])) / T.Square(p[1]) - row[0] * T.Log(p[1]);
}

/// <summary>Shares of counts, by a simplex.</summary>
readonly struct Shares : ILikelihood
{
    public static IReadOnlyList<Parameter> Parameters => [Parameter.Simplex("p", 3)];

    public static IReadOnlyList<string> Columns => ["n1", "n2", "n3"];

    public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> =>
        row[0] * T.Log(p[0]) + row[1] * T.Log(p[1]) + row[2] * T.Log(p[2]);
}

/// <summary>Logistic regression on as many columns as a row has, the response first; more parameters than jets have room for.</summary>
readonly struct Logistic : ILikelihood
{
    public const int Count = 8;

    public static IReadOnlyList<Parameter> Parameters => [.. Enumerable.Range(0, Count).Select(i => Parameter.Free($"b{i}"))];

    public static IReadOnlyList<string> Columns => ["y", .. Enumerable.Range(0, Count).Select(i => $"x{i}")];

    public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T>
    {
        T eta = 0.0;
        for (var i = 0; i < p.Length; i++) { eta += p[i] * row[i + 1]; }
        return row[0] * eta - T.SoftPlus(eta);
    }
}

/// <summary>Extreme values, which can be drawn.</summary>
readonly struct Extremes : ISampledLikelihood
{
    public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("m"), Parameter.Positive("s")];

    public static IReadOnlyList<string> Columns => ["y"];

    public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T>
    {
        var z = (row[0] - p[0]) / p[1];
        return -T.Log(p[1]) - z - T.Exp(-z);
    }

    public static void Sample(ReadOnlySpan<double> p, Span<double> row, ref OutcomeNoise noise) => row[0] = p[0] - p[1] * Math.Log(-Math.Log(noise.Uniform()));
}

/// <summary>Extreme values with outcomes of another spread.</summary>
readonly struct WrongExtremes : ISampledLikelihood
{
    public static IReadOnlyList<Parameter> Parameters => Extremes.Parameters;

    public static IReadOnlyList<string> Columns => Extremes.Columns;

    public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> => Extremes.LogDensity(p, row);

    public static void Sample(ReadOnlySpan<double> p, Span<double> row, ref OutcomeNoise noise) => row[0] = p[0] - 1.2 * p[1] * Math.Log(-Math.Log(noise.Uniform()));
}

/// <summary>One mean for all rows.</summary>
readonly struct Level : INonlinearModel
{
    public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("m")];

    public static IReadOnlyList<string> Predictors => [];

    public static T Mean<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> x) where T : struct, IScalar<T> => p[0];
}

/// <summary>Squared distance from a place.</summary>
readonly struct SquaredDistance : INonlinearModel
{
    public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("b")];

    public static IReadOnlyList<string> Predictors => ["place"];

    public static T Mean<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> x) where T : struct, IScalar<T> => T.Square(p[0] - x[0]);
}

/// <summary>Growth towards a limit.</summary>
readonly struct Growth : INonlinearModel
{
    public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a"), Parameter.Positive("b")];

    public static IReadOnlyList<string> Predictors => ["x"];

    public static T Mean<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> x) where T : struct, IScalar<T> => p[0] * (1 - T.Exp(-p[1] * x[0]));
}

/// <summary>Rows with a fixed seed.</summary>
static class SimulatedRows
{
    /// <summary>Extreme values about a location, which may change at a row, with scale 3.</summary>
    public static double[] Extremes(int n, int seed, int change = int.MaxValue)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(1, n).Select(i => (i < change ? 11 : 12) - 3 * Math.Log(-Math.Log(1 - random.NextDouble())))];
    }

    /// <summary>Growth to 5 at a rate of 0.8, which may change at a row, with noise of 0.3.</summary>
    public static double[] Growth(int n, int seed, int change = int.MaxValue)
    {
        var (random, rows) = (new Random(seed), new double[2 * n]);
        for (var i = 0; i < n; i++)
        {
            rows[2 * i] = 6 * random.NextDouble();
            rows[2 * i + 1] = 5 * (1 - Math.Exp(-(i + 1 < change ? 0.8 : 1) * rows[2 * i])) + 0.3 * Normal(random);
        }
        return rows;
    }

    public static double[] Line(int n, double a, double b, double s, int seed = 1)
    {
        var (random, rows) = (new Random(seed), new double[2 * n]);
        for (var i = 0; i < n; i++)
        {
            rows[2 * i] = Normal(random);
            rows[2 * i + 1] = a + b * rows[2 * i] + s * Normal(random);
        }
        return rows;
    }

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>Rows in memory, read again and again.</summary>
sealed class Again(double[] rows, int width) : IRowSource
{
    readonly double[] _weights = [.. Enumerable.Repeat(1.0, 64)];
    int _next;

    public void Rewind() => _next = 0;

    public bool TryRead(out ReadOnlySpan<double> block, out ReadOnlySpan<double> weights)
    {
        var count = Math.Min(64, rows.Length / width - _next);
        block = rows.AsSpan(_next * width, count * width);
        weights = _weights.AsSpan(0, count);
        _next += count;
        return count > 0;
    }
}
