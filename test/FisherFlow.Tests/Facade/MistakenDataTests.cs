using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;

namespace FisherFlow.Tests.Facade;

/// <summary>Files that are not what they were taken for: the message says what they look like.</summary>
public sealed class MistakenDataTests
{
    [Theory]
    [InlineData("1,2\n2,4.2\n3,5.9\n", "there is no column 'y'; the data have: 1, 2. The first line holds the names of the columns; is it missing?")]
    [InlineData("x y\n1 2\n2 4.2\n", "the data have: x y. Columns are told apart by commas, semicolons, tabs or |")]
    [InlineData("x;y\n1,5;2,1\n2;4,2\n3;5\n", "the response 'y' holds text (2,1, 4,2, 5); the family gaussian needs a finite number. Numbers have a decimal point, not a comma")]
    [InlineData("x;y\n1;north\n2;a,b\n", "the family gaussian needs a finite number")]
    [InlineData("FISHFLOW\u0001\0\0\0\n1\n", "data.csv is a state, not data; fisherflow show data.csv prints it")]
    [InlineData("\0\0\0\0\0\0\0\n", "does not look like text")]
    public void The_message_says_what_they_look_like(string text, string message) => Assert.Contains(message, Refusal(Encoding.UTF8.GetBytes(text), "y ~ x"), StringComparison.Ordinal);

    [Fact]
    public void UTF16_without_a_mark_is_known_by_its_zeros()
    {
        Assert.Contains("iconv -f UTF-16LE", Refusal(Encoding.Unicode.GetBytes("size,y\n1,2\n"), "y ~ size"), StringComparison.Ordinal);
        Assert.Contains("iconv -f UTF-16BE", Refusal(Encoding.BigEndianUnicode.GetBytes("size,y\n1,2\n"), "y ~ size"), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_Latin1_are_read_as_levels_are()
    {
        var fit = Regression.Fit(Source(Encoding.Latin1.GetBytes("größe,y\n1,2\n2,4\n3,7\n")), "y ~ größe", new(), cancel: TestContext.Current.CancellationToken);

        Assert.Equal(["(Intercept)", "größe"], fit.Report().Coefficients.Select(c => c.Term));
    }

    [Fact]
    public void What_stands_for_all_other_levels_is_not_the_reference_of_the_rest()
    {
        var lines = Enumerable.Range(0, 60).Select(i => $"l{i % 6},{i % 7}").Prepend("g,y");
        var terms = Answers.Fit(lines, "y ~ g", new() { MaxLevels = 3 }).Report().Coefficients.Select(c => c.Term);

        Assert.Equal(["(Intercept)", "g[l1]", "g[l2]", "g[(other)]"], terms);
    }

    static string Refusal(byte[] bytes, string formula)
    {
        var refusal = Record.Exception(() => Regression.Fit(Source(bytes), formula, new()));
        Assert.True(refusal is DataException or FormulaException, $"{refusal}");
        return refusal.Message.Replace("standard input", "data.csv", StringComparison.Ordinal);
    }

    static DataSource Source(byte[] bytes) => DataSource.FromStandardInput(new MemoryStream(bytes));
}
