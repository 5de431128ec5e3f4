using FisherFlow.Data;
using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Tests.Design;

public sealed class ResponseCodingTests
{
    const string Data = "n,b,t,s,f,x,m,k\n3,true,yes,2,6,1,mid,2\n-1,F,no,0,5,2,low,1.0\n0,TRUE,yes,0,0,3,high,3\n";

    [Theory]
    [InlineData("n ~ x", Family.Gaussian, 3, -1, 0)]
    [InlineData("I(n^2) ~ x", Family.Gaussian, 9, 1, 0)]
    [InlineData("n + s ~ x", Family.Gaussian, 5, -1, 0)]
    [InlineData("b ~ x", Family.Binomial, 1, 0, 1)]
    [InlineData("b ~ x", Family.Gaussian, 1, 0, 1)]
    [InlineData("I(n > 0) ~ x", Family.Binomial, 1, 0, 0)]
    [InlineData("n > 0 ~ x", Family.Binomial, 1, 0, 0)]
    [InlineData("n >= 0 & t == 'yes' ~ x", Family.Binomial, 1, 0, 1)]
    [InlineData("I(t == \"no\") ~ x", Family.Binomial, 0, 1, 0)]
    [InlineData("t ~ x", Family.Binomial, 1, 0, 1)]
    [InlineData("C(t, ref = \"yes\") ~ x", Family.Binomial, 0, 1, 0)]
    [InlineData("C(b, ref = \"true\") ~ x - x", Family.Multinomial, 0, 1, 2)]
    [InlineData("m ~ x", Family.Multinomial, 0, 1, 2)]
    [InlineData("m ~ x", Family.Ordinal, 2, 1, 0)]
    [InlineData("k ~ x", Family.Ordinal, 1, 0, 2)]
    [InlineData("k ~ x", Family.Gaussian, 2, 1, 3)]
    public void A_response_is_coded_by_what_it_holds_and_the_family(string formula, Family family, double first, double second, double third)
    {
        using var encoding = Encoding.Of(formula, Data, new() { Family = family });

        Assert.Empty(encoding.Rejections);
        Assert.Equal([first, second, third], encoding.Block.Response[..3]);
    }

    [Fact]
    public void Successes_and_failures_are_a_proportion_of_trials()
    {
        using var encoding = Encoding.Of("cbind(s, f) ~ x", Data, new() { Family = Family.Binomial, WeightsColumn = "k" });

        Assert.Equal([0.25, 0, 0], encoding.Block.Response[..3]);
        Assert.Equal([8, 5, 0], encoding.Block.Trials[..3]);
        Assert.Equal([16, 5, 0], encoding.Block.Weight[..3]);
    }

    [Fact]
    public void Outcomes_have_names_and_a_reference()
    {
        using var multinomial = Encoding.Of("C(m, ref = \"mid\") ~ x", Data, new() { Family = Family.Multinomial });
        using var ordinal = Encoding.Of("m ~ x", Data, new() { Family = Family.Ordinal, OutcomeLevels = ["low", "mid", "high"] });
        using var numbers = Encoding.Of("k ~ x", Data, new() { Family = Family.Ordinal, OutcomeLevels = ["3.0", "2", "1"] });

        Assert.Equal(["mid", "low", "high"], multinomial.Encoder.Schema.Outcomes);
        Assert.Equal("mid", multinomial.Encoder.Schema.References[""]);
        Assert.Equal(3, multinomial.Block.Outcomes);
        Assert.Equal(["low", "mid", "high"], ordinal.Encoder.Schema.Outcomes);
        Assert.Equal([1, 0, 2], ordinal.Block.Response[..3]);
        Assert.Equal(["3", "2", "1"], numbers.Encoder.Schema.Outcomes);
        Assert.Equal([1, 2, 0], numbers.Block.Response[..3]);
    }

    [Fact]
    public void An_ordinal_design_has_no_intercept_column_but_spans_the_constant()
    {
        using var encoding = Encoding.Of("m ~ x + t", Data, new() { Family = Family.Ordinal });

        Assert.Equal(["x", "t[yes]", "t[no]"], encoding.ColumnNames);
        Assert.True(encoding.Encoder.Schema.HasIntercept);
        Assert.Contains("cut points", Assert.Throws<FormulaException>(() => Encoding.Of("m ~ x - 1", Data, new() { Family = Family.Ordinal })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Which_text_is_one_may_be_declared_or_learned_from_a_reference()
    {
        const string Late = "t,x\nno,1\nno,2\nyes,3\nmaybe,4\n";
        using var declared = Encoding.Of("t ~ x", Late, new() { Family = Family.Binomial, OutcomeLevels = ["yes", "no"], RejectInvalid = true }, profiled: 2);
        using var learned = Encoding.Of("C(t, ref = \"no\") ~ x", Late, new() { Family = Family.Binomial, RejectInvalid = true }, profiled: 2);
        var open = Assert.Throws<DataException>(() => Encoding.Of("t ~ x", Late, new() { Family = Family.Binomial }, profiled: 2));

        Assert.Equal([1, 1, 0], declared.Block.Response[..3]);
        Assert.Equal([0, 0, 1], learned.Block.Response[..3]);
        Assert.Equal(["no", "yes"], learned.Encoder.BinaryLevels);
        Assert.Equal([new(RejectionReason.OutsideSupport, 0, "maybe")], learned.Rejections);
        Assert.Contains("--levels no,yes", open.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n ~ x", Family.Poisson, "column 'n': '-1' cannot be the response n of the poisson family; legal is a count 0, 1, 2, …")]
    [InlineData("cbind(s, n) ~ x", Family.Binomial, "column 'n': '-1' cannot be the response cbind(s, n) of the binomial family; legal is two numbers not below 0")]
    public void A_response_that_the_family_cannot_produce_stops_with_line_and_value(string formula, Family family, string problem)
    {
        var error = Assert.Throws<DataException>(() => Encoding.Of(formula, Data, new() { Family = family }));

        Assert.Contains("line 3, " + problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("--invalid reject", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_outcome_that_was_not_declared_stops_and_shows_how_to_declare()
    {
        var ordinal = Assert.Throws<DataException>(() => Encoding.Of("m ~ x", Data, new() { Family = Family.Ordinal }, profiled: 2));
        var declared = Assert.Throws<DataException>(() => Encoding.Of("m ~ x", Data, new() { Family = Family.Multinomial, OutcomeLevels = ["low", "mid"] }));
        using var rejecting = Encoding.Of("m ~ x", Data, new() { Family = Family.Ordinal, RejectInvalid = true }, profiled: 2);

        Assert.Contains("line 4, column 'm': 'high'", ordinal.Message, StringComparison.Ordinal);
        Assert.Contains("--levels low,mid", ordinal.Message, StringComparison.Ordinal);
        Assert.Contains("legal is low, mid", declared.Message, StringComparison.Ordinal);
        Assert.Equal([new(RejectionReason.OutsideSupport, 6, "high")], rejecting.Rejections);
    }

    [Fact]
    public void A_negative_or_infinite_weight_stops_with_line_and_value()
    {
        var negative = Assert.Throws<DataException>(() => Encoding.Of("x ~ s", Data, new() { WeightsColumn = "n" }));
        var infinite = Assert.Throws<DataException>(() => Encoding.Of("x ~ s", "x,s,n\n1,2,3\n1,2,inf\n", new() { WeightsColumn = "n" }, profiled: 1));

        Assert.Contains("line 3, column 'n': '-1' cannot be a weight; legal is a number from 0 to 1e50", negative.Message, StringComparison.Ordinal);
        Assert.Contains("line 3, column 'n': 'inf' cannot be a weight", infinite.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t ~ x", Family.Gaussian, "holds text (yes, no)")]
    [InlineData("m ~ x", Family.Binomial, "has 3 levels (high, low, mid); binomial has two")]
    [InlineData("n > 0 ~ x", Family.Ordinal, "declare them in order")]
    public void A_response_that_does_not_suit_the_family_is_an_error(string formula, Family family, string problem) =>
        Assert.Contains(problem, Assert.Throws<DataException>(() => Encoding.Of(formula, Data, new() { Family = family })).Message, StringComparison.Ordinal);

    [Fact]
    public void Declared_levels_are_refused_where_they_mean_nothing() =>
        Assert.Contains("numeric response", Assert.Throws<DataException>(() => Encoding.Of("n ~ x", Data, new() { OutcomeLevels = ["a", "b"] })).Message, StringComparison.Ordinal);
}
