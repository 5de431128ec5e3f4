using System.Globalization;
using System.Text.Json;
using FisherFlow.Models;
using FisherFlow.Tests.Memory;
using FisherFlow.Tests.StateSpace;

namespace FisherFlow.Tests.Cli.Runs;

/// <summary>Streams that do not stay as they are, by the real program: changes and drifting coefficients.</summary>
public sealed class StreamTests : IDisposable
{
    const int Change = 12_001;

    readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The coefficient by its name, the row within two batches of 256; in the state too, and in words.</summary>
    [Fact]
    public void A_fit_names_the_coefficient_that_changed_and_the_row()
    {
        _folder.Write("rows.csv", ChangingStream.Draw(Family.Poisson, 18_000, Change, seed: 11));
        using var json = JsonDocument.Parse(_folder.Do("fit", "rows.csv", "y ~ x + z + g", "--family", "poisson", "--detect", "cusum:100000", "--state", "rows.ff", "--format", "json"));
        Assert.Equal("cusum:100000", json.RootElement.GetProperty("detector").GetString());
        var change = json.RootElement.GetProperty("changes").EnumerateArray().Single();
        Assert.Equal(("x", "cusum"), (change.GetProperty("term").GetString(), change.GetProperty("method").GetString()));
        Assert.InRange(change.GetProperty("since_row").GetInt64(), Change - 512, Change + 512);
        Assert.InRange(change.GetProperty("found_at_row").GetInt64(), Change, Change + 2048);
        Assert.True(change.GetProperty("statistic").GetDouble() >= change.GetProperty("threshold").GetDouble());

        var text = _folder.Do("show", "rows.ff");
        Assert.Contains("Changes (cusum:100000):", text, StringComparison.Ordinal);
        Assert.Contains("Since row", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fit_of_a_stream_that_stays_as_it_is_finds_no_change()
    {
        _folder.Write("rows.csv", ChangingStream.Draw(Family.Gaussian, 18_000, int.MaxValue, seed: 12));
        Assert.Contains("Changes (e-detector:1000000): none found", _folder.Do("fit", "rows.csv", "y ~ x + z + g", "--detect", "e-detector"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_that_drifts_is_fitted_predicted_and_updated()
    {
        _folder.Write("nile.csv", Column(Series.Nile[..60]));
        _folder.Write("later.csv", Column(Series.Nile[60..]));
        Assert.Contains("memory random-walk:0.0973", _folder.Do("fit", "nile.csv", "later.csv", "y ~ 1", "--memory", "random-walk:auto"), StringComparison.Ordinal);
        var q = (1469.1 / 15099).ToString("R", CultureInfo.InvariantCulture);
        _folder.Do("fit", "nile.csv", "y ~ 1", "--memory", $"random-walk:{q}", "--state", "nile.ff");
        using var json = JsonDocument.Parse(_folder.Do("update", "nile.ff", "later.csv", "--format", "json"));
        Assert.Equal(798.3703, json.RootElement.GetProperty("coefficients")[0].GetProperty("estimate").GetDouble(), 1e-3);
        Assert.StartsWith("798.370", _folder.Do("predict", "nile.ff", "later.csv").Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_written_as_an_expression_drifts_like_the_regressions()
    {
        _folder.Write("nile.csv", Column(Series.Nile[..60]));
        _folder.Write("later.csv", Column(Series.Nile[60..]));
        string[] level = ["y ~ level", "--start", "level=1000", "--memory"];
        Assert.Contains("memory random-walk:0.0973", _folder.Do(["fit", "nile.csv", "later.csv", .. level, "random-walk:auto"]), StringComparison.Ordinal);
        var q = (1469.1 / 15099).ToString("R", CultureInfo.InvariantCulture);
        _folder.Do(["fit", "nile.csv", .. level, $"random-walk:{q}", "--state", "nile.ff", "--buffer", "25"]);
        using var json = JsonDocument.Parse(_folder.Do("update", "nile.ff", "later.csv", "--format", "json"));
        Assert.Equal(798.370292608364, json.RootElement.GetProperty("coefficients")[0].GetProperty("estimate").GetDouble(), 1e-6);   // R's, as above
        Assert.Equal($"random-walk:{q}", json.RootElement.GetProperty("memory").GetString());
    }

    [Theory]
    [InlineData("--detect", "cusum:10", "1000")]
    [InlineData("--detect", "page", "page-hinkley")]
    [InlineData("--memory", "random-walk", "random-walk:Q")]
    public void What_cannot_be_watched_or_drift_is_refused_with_what_can(string option, string value, string legal)
    {
        var outcome = _folder.Run("fit", "rows.csv", "y ~ x", option, value);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(legal, outcome.Error, StringComparison.Ordinal);
    }

    static string Column(double[] series) => $"y\n{string.Join('\n', series.Select(y => y.ToString("R", CultureInfo.InvariantCulture)))}\n";
}
