namespace FisherFlow.Tests.Simulations;

/// <summary>How many data sets a simulation draws: few in every test run, many when FISHERFLOW_SIMULATIONS is <c>full</c>.</summary>
static class Runs
{
    static readonly bool _full = Environment.GetEnvironmentVariable("FISHERFLOW_SIMULATIONS") == "full";

    /// <summary>The number of data sets.</summary>
    public static int Of(int few, int many) => _full ? many : few;

    /// <summary>Coverage and its Monte-Carlo standard error, from the share of coefficients covered in every run <c>[runs]</c>.</summary>
    public static (double Coverage, double Error) Coverage(double[] shares)
    {
        var coverage = shares.Average();
        return (coverage, Math.Sqrt(shares.Sum(s => (s - coverage) * (s - coverage)) / (shares.Length - 1) / shares.Length));
    }

    /// <summary>The promise, 95 ± 1.5 %, or as much as so few runs can tell.</summary>
    public static void AssertNominal(double[] shares, string what)
    {
        var (coverage, error) = Coverage(shares);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {100 * coverage:F2} % covered, Monte-Carlo standard error {100 * error:F2} %, {shares.Length} data sets");
        Assert.True(Math.Abs(coverage - 0.95) <= Math.Max(0.015, 4 * error), $"{what}: {coverage:P1} covered, Monte-Carlo standard error {error:P2}");
    }
}
