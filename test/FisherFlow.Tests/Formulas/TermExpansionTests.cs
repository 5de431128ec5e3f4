using FisherFlow.Data.Formulas;

namespace FisherFlow.Tests.Formulas;

public sealed class TermExpansionTests
{
    /// <summary>What terms.R prints (R 4.2): formula, term labels, intercept.</summary>
    const string FromR = """
        y ~ x => x => 1
        y ~ 1 => => 1
        y ~ a + b:a => a | a:b => 1
        y ~ b:a + a => a | b:a => 1
        y ~ a * b + x => a | b | x | a:b => 1
        y ~ (a + b + c)^2 => a | b | c | a:b | a:c | b:c => 1
        y ~ (a + b + c)^3 => a | b | c | a:b | a:c | b:c | a:b:c => 1
        y ~ a - b + c:b => a | b:c => 1
        y ~ a * b * c - a:b => a | b | c | a:c | b:c | a:b:c => 1
        y ~ (a + b):c => a:c | b:c => 1
        y ~ (a + b):(c + d) => a:c | a:d | b:c | b:d => 1
        y ~ (a + b) * (c + d) => a | b | c | d | a:c | a:d | b:c | b:d => 1
        y ~ x * (a + b) => x | a | b | x:a | x:b => 1
        y ~ a:a + a * a => a => 1
        y ~ (a * b)^2 => a | b | a:b => 1
        y ~ (a + b - 1) => a | b => 0
        y ~ -1 + x => x => 0
        y ~ 0 + x => x => 0
        y ~ x + 0 + 1 => x => 1
        y ~ x - 1 => x => 0
        y ~ x - 0 => x => 1
        y ~ a - (b - 1) => a => 1
        y ~ (a - b)^2 => a => 1
        y ~ a*b*c*d - a:b:c:d - b => a | c | d | a:b | a:c | b:c | a:d | b:d | c:d | a:b:c | a:b:d | a:c:d | b:c:d => 1
        y ~ c:b:a + b:a + a + c => a | c | b:a | c:b:a => 1
        y ~ log(x + 1) + I(x^2 / z) + I((a+b)*c) => log(x + 1) | I(x^2/z) | I((a + b) * c) => 1
        y ~ x + (d > 15) => x | d > 15 => 1
        y ~ x + (d > 15):z => x | d > 15:z => 1
        y ~ `my var` + `a b`:z => `my var` | `a b`:z => 1
        y ~ I(-x) + I(!x & z | q) + I(x != 3) => I(-x) | I(!x & z | q) | I(x != 3) => 1
        y ~ I(x * -2) + I(1e-3 * x) + I(100000 * x) + I(0.1 + x) + I(123456 * x) + I(1e-5*x) => I(x * -2) | I(0.001 * x) | I(1e+05 * x) | I(0.1 + x) | I(123456 * x) | I(1e-05 * x) => 1
        y ~ I(x == "a'b") => I(x == "a'b") => 1
        y ~ x + offset(log(e)) + z => x | z => 1
        y ~ sqrt(x):log(z) + exp(-x) => exp(-x) | sqrt(x):log(z) => 1
        y ~ a:b - b:a + x => x => 1
        y ~ (a:b):c + a => a | a:b:c => 1
        y ~ x + x => x => 1
        y ~ (x + z) => x | z => 1
        y ~ a + b - a => b => 1
        y ~ I(x^2^-1) + I(-x^2) + I(a - (b - c)) => I(x^2^-1) | I(-x^2) | I(a - (b - c)) => 1
        y ~ a + (b + c:d)^2 - c:d => a | b | b:c:d => 1
        """;

    public static TheoryData<string, string, bool> Expected()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var line in FromR.Split('\n'))
        {
            var parts = line.TrimEnd('\r').Split("=>");
            data.Add(parts[0].Trim(), parts[1].Trim(), parts[2].Trim() == "1");
        }
        return data;
    }

    [Theory, MemberData(nameof(Expected))]
    public void Terms_are_multiplied_out_and_named_as_in_R(string formula, string labels, bool intercept)
    {
        var terms = Formula.Parse(formula).Expand([]);

        Assert.Equal(labels, Labels(terms));
        Assert.Equal(intercept, terms.HasIntercept);
    }

    [Theory]
    [InlineData("y ~ .", "a | my col | x")]
    [InlineData("y ~ . - a", "my col | x")]
    [InlineData("y ~ x + .", "x | a | my col")]
    [InlineData("y ~ .^2 - x", "a | my col | a:my col | a:x | my col:x")]
    [InlineData("y ~ .:x + log(x)", "x | log(x) | a:x | my col:x")]
    public void The_dot_is_every_other_column_in_the_order_of_the_data(string formula, string labels) =>
        Assert.Equal(labels, Labels(Formula.Parse(formula).Expand(["a", "my col", "x"])).Replace("`", "", StringComparison.Ordinal));

    [Fact]
    public void Thousands_of_terms_are_no_deeper_than_one()
    {
        var formula = Formula.Parse("y ~ " + string.Join(" + ", Enumerable.Range(0, 20_000).Select(i => $"x{i}")));

        Assert.Equal(20_000, formula.Expand([]).Terms.Count);
    }

    [Fact]
    public void Formulas_that_differ_in_spelling_only_are_written_alike()
    {
        Assert.Equal("log(y) ~ x + I(a^2) + (b > 1 & c)", Formula.Parse(" (log( y ))~x+I( a**2 )+(`b`>1&&c) ").ToString());
        Assert.Equal("y ~ `2nd` + C(g, ref = \"b\") - 1", Formula.Parse("y~`2nd`+C(g,ref='b')-1").ToString());
    }

    [Fact]
    public void A_reference_level_is_no_part_of_a_factors_name()
    {
        var terms = Formula.Parse("y ~ C(g):x + C(g, ref = \"b\") + factor(h, ref = 2)").Expand([]);

        Assert.Equal(["C(g)", "x", "factor(h)"], terms.Variables.Select(variable => variable.Name));
        Assert.Equal(["b", null, "2"], terms.Variables.Select(variable => variable.Reference));
    }

    static string Labels(FormulaTerms terms) =>
        string.Join(" | ", terms.Terms.Select(term => string.Join(':', term.Select(v => terms.Variables[v].Name))));
}
