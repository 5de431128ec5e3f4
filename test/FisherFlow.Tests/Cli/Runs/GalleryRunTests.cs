using System.Globalization;
using FisherFlow.Tests.Gallery;

namespace FisherFlow.Tests.Cli.Runs;

/// <summary>Responses of the gallery by the real program: censored, of several components, compared in pairs.</summary>
public sealed class GalleryRunTests : IDisposable
{
    readonly DataFolder _folder = new();

    public GalleryRunTests()
    {
        foreach (var name in new[] { "lung", "gallery", "pairs" }) { _folder.Write($"{name}.csv", File.ReadAllText(GalleryReference.PathOf($"data/{name}.csv"))); }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Survival_times_are_fitted_and_predicted()
    {
        var text = _folder.Do("fit", "lung.csv", "Surv(time, event) ~ age + sex", "--family", "weibull", "--state", "lung.ff");
        Assert.Contains("scale (log link):", text, StringComparison.Ordinal);
        Assert.Contains("shape: 1.332", text, StringComparison.Ordinal);   // survreg: 1/0.7509

        // a prediction needs no response; its mean is scale·Γ(1 + 1/shape)
        _folder.Write("new.csv", "age,sex\n60,2\n");
        var mean = double.Parse(_folder.Do("predict", "lung.ff", "new.csv").Split('\n')[1].Split(',')[0], CultureInfo.InvariantCulture);
        Assert.InRange(mean, 450, 530);
    }

    [Fact]
    public void Shares_and_pairs_are_responses_too()
    {
        var shares = _folder.Do("fit", "gallery.csv", "cbind(share1, share2, share3) ~ x", "--family", "dirichlet(3)", "--parameter", "alpha3 ~ x", "--format", "csv");
        Assert.Contains("\nx,alpha3,", shares, StringComparison.Ordinal);
        Assert.Contains("pair(winner, loser)[bob]", _folder.Do("fit", "pairs.csv", "pair(winner, loser) ~ 1", "--family", "binomial"), StringComparison.Ordinal);
    }

    /// <summary>The components are counted before a method says that distributions are none of its models.</summary>
    [Theory]
    [InlineData("compare", "are not compared: they are fitted in one pass")]
    [InlineData("fit", "is fitted in one pass: leave --preset out", "--preset", "adam")]
    public void Methods_of_training_refuse_shares_by_their_reason(string verb, string reason, params string[] options)
    {
        var outcome = _folder.Run([verb, "gallery.csv", "cbind(share1, share2, share3) ~ x", "--family", "dirichlet", .. options]);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(2, outcome.ExitCode);
    }

    [Fact]
    public void A_value_that_cannot_be_stops_the_run_with_its_line()
    {
        _folder.Write("bad.csv", "y,x\n0.5,1\n1,2\n");
        var outcome = _folder.Run("fit", "bad.csv", "y ~ x", "--family", "beta");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("bad.csv, line 3, column 'y': '1' cannot be the response y of the beta family; legal is a number strictly between 0 and 1", outcome.Error, StringComparison.Ordinal);
    }
}
