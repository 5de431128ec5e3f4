namespace FisherFlow.Tests.Laws;

/// <summary>Comparison of vectors and matrices relative to the largest entry expected.</summary>
static class Close
{
    public static void Vectors(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double relative, string what = "vector")
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = 0.0;
        foreach (var x in expected) { scale = Math.Max(scale, Math.Abs(x)); }
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= relative * Math.Max(scale, 1e-300), $"{what}[{i}]: {expected[i]:R} expected, {actual[i]:R} found (scale {scale:R})");
        }
    }

    public static void Matrices(double[,] expected, double[,] actual, double relative) =>
        Vectors([.. expected.Cast<double>()], [.. actual.Cast<double>()], relative, "matrix");

    public static void Numbers(double expected, double actual, double relative, double scale = 0) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Max(Math.Abs(expected), scale), $"{expected:R} expected, {actual:R} found");
}
