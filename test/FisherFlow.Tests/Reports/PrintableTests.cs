using FisherFlow.Data;
using FisherFlow.Models;
using FisherFlow.Reports;
using FisherFlow.Tests.Facade;

namespace FisherFlow.Tests.Reports;

/// <summary>Names of levels are texts of the data: whatever they hold, tables keep their lines and terminals are not commanded.</summary>
public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain ü–€ 😀", "plain ü–€ 😀")]
    [InlineData("two\nlines\r\tof text", "two\\nlines\\r\\tof text")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    public void A_line_stays_one_line(string text, string shown) => Assert.Equal(shown, Printable.OneLine(text));

    /// <summary>What a renderer of GitHub's markdown shows for these was looked at.</summary>
    [Theory]
    [InlineData("y ~ x", "y ~ x")]
    [InlineData("x*z", "x\\*z")]
    [InlineData("a|b\\|c", "a\\|b\\\\\\|c")]
    [InlineData("_it_ `code` ~~gone~~", "\\_it\\_ \\`code\\` \\~\\~gone\\~\\~")]
    [InlineData("g[b]", "g[b]")]
    [InlineData("[a](http://b)", "\\[a](http://b)")]
    [InlineData("<b>x</b> &amp;", "&lt;b>x&lt;/b> &amp;amp;")]
    [InlineData("two\nlines", "two lines")]
    public void A_cell_of_markdown_shows_what_stands_in_the_data(string text, string markdown) => Assert.Equal(markdown, Printable.Markdown(text));

    [Fact]
    public void A_table_has_a_line_for_each_coefficient_whatever_their_names_hold()
    {
        using var text = new StringWriter();
        TextReport.Write(Answers.Fit(Enumerable.Range(0, 40).Select(i => $"\"{"ab"[i % 2]}\nc\u001b[1m\",{i % 7}").Prepend("g,y"), "y ~ g", new()).Report(), text);

        Assert.Contains("\ng[b\\nc\\u001b[1m]", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text.ToString());
    }

    /// <summary>Counts with less than their share of zeros, which leave the share of further ones at its edge; a ridge holds no intercept and is not advised.</summary>
    [Fact]
    public void A_parameter_at_the_edge_of_the_model_is_not_said_to_separate()
    {
        var options = new RegressionOptions { Model = ModelNames.Parse("zero-inflated-poisson") };
        var fit = Answers.Fit(Enumerable.Range(0, 200).Select(i => $"{1 + i % 4}").Prepend("y"), "y ~ 1", options).Report();
        using var text = new StringWriter();
        TextReport.Write(fit, text);

        Assert.Contains("zero: (Intercept) is infinite: the likelihood has no maximum at a finite value", fit.Warnings);
        Assert.Contains("Inf: the likelihood has no maximum at a finite value.", text.ToString(), StringComparison.Ordinal);
    }
}
