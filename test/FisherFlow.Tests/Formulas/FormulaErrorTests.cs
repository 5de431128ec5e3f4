using FisherFlow.Data.Formulas;

namespace FisherFlow.Tests.Formulas;

public sealed class FormulaErrorTests
{
    [Theory]
    [InlineData("", 0, "the formula is empty")]
    [InlineData("   ", 3, "the formula is empty")]
    [InlineData("~ x", 0, "the response is missing")]
    [InlineData("y", 1, "'~' and the terms are missing")]
    [InlineData("y ~", 3, "the terms are missing on the right")]
    [InlineData("y ~ x ~ z", 6, "only one '~'")]
    [InlineData("y ~ log(x ~ z)", 10, "outside parentheses")]
    [InlineData("y ~ x z", 6, "an operator is missing before 'z'")]
    [InlineData("y x ~ z", 2, "an operator is missing before 'x'")]
    [InlineData("y ~ x +", 7, "after '+' a term is missing")]
    [InlineData("y ~ x + * z", 8, "a column, a number, a function or '(' is expected here, not '*'")]
    [InlineData("y ~ log(x", 9, "'log(' at character 5 is not closed")]
    [InlineData("y ~ (a + b", 10, "'(' at character 5 is not closed")]
    [InlineData("y ~ a + b)", 9, "this ')' closes nothing")]
    [InlineData("y ~ a, b", 5, "terms are joined by +")]
    [InlineData("y ~ x = 3", 6, "to compare write ==")]
    [InlineData("y ~ I(x = 3)", 10, "to compare write ==")]
    [InlineData("y ~ x $ z", 6, "'$' has no meaning")]
    [InlineData("y ~ 'x", 4, "not closed")]
    [InlineData("y ~ `x", 4, "not closed")]
    [InlineData("y ~ ``", 4, "empty")]
    [InlineData("y ~ \"x\"", 4, "a text is not a term")]
    [InlineData("y ~ 2nd", 4, "`2nd`")]
    [InlineData("y ~ 1.2.3", 4, "not a number")]
    [InlineData("y ~ 1e999", 4, "not a number")]
    [InlineData("y ~ 2 * x", 4, "inside I()")]
    [InlineData("y ~ x - 2", 8, "the only numbers that are terms are 1 and 0")]
    [InlineData("y ~ x:1", 6, "terms by themselves")]
    [InlineData("y ~ x^2", 5, "write I(x^2)")]
    [InlineData("y ~ (a + b)^z", 12, "the exponent is a whole number")]
    [InlineData("y ~ (a + b)^1.5", 12, "the exponent is a whole number")]
    [InlineData("y ~ a / b", 6, "a + a:b")]
    [InlineData("y ~ a %in% b", 6, "%in%")]
    [InlineData("y ~ a %% b", 6, "'%%' is not an operator")]
    [InlineData("y ~ poly(x, 2)", 4, "needs the whole data set")]
    [InlineData("y ~ x + scale(z)", 8, "needs the whole data set")]
    [InlineData("y ~ bs(x, df = 3)", 4, "needs the whole data set")]
    [InlineData("y ~ ns(x)", 4, "needs the whole data set")]
    [InlineData("y ~ cut(x, 3)", 4, "needs the whole data set")]
    [InlineData("y ~ I(x - mean(x))", 10, "needs the whole data set")]
    [InlineData("y ~ frob(x)", 4, "there is no function 'frob'; legal are log, ")]
    [InlineData("y ~ log(x, 2)", 4, "log takes one argument")]
    [InlineData("y ~ exp()", 4, "exactly one argument")]
    [InlineData("y ~ log(a:b)", 9, "':' joins terms")]
    [InlineData("y ~ log(.)", 8, "'.' stands for all other columns")]
    [InlineData("y ~ I(C(g) + 1)", 6, "no place in arithmetic")]
    [InlineData("y ~ x:offset(z)", 6, "offset() is a term by itself")]
    [InlineData("y ~ x - offset(z)", 8, "an offset cannot be taken out")]
    [InlineData("y ~ cbind(a, b)", 4, "on the left of '~' only")]
    [InlineData("cbind(a) ~ x", 0, "cbind takes two columns")]
    [InlineData("1 ~ x", 0, "the response is a column")]
    [InlineData(". ~ x", 0, "'.' cannot be the response")]
    [InlineData("I(2 + 3) ~ x", 0, "names no column")]
    [InlineData("y ~ C(g, ref = b)", 15, "a reference level is a text or a number")]
    [InlineData("y ~ C(g, contr.sum)", 9, "the only option of C() is ref")]
    [InlineData("y ~ C()", 4, "C takes a column")]
    [InlineData("y ~ C(g, ref = 'a') + x:C(g, ref = 'b')", 35, "two reference levels")]
    [InlineData("y ~ I(1 < x < 3)", 12, "comparisons do not chain")]
    [InlineData("y ~ I(x > \"a\")", 8, "== and != only")]
    [InlineData("y ~ I(x + 1 == \"a\")", 12, "by its name")]
    [InlineData("y ~ I(x + \"a\")", 10, "only compared with a text column")]
    [InlineData("y ~ a + x > 3", 10, "would take in the sum")]
    [InlineData("y ~ hour(x + 1)", 4, "takes a date column by its name")]
    public void The_message_points_at_the_character_and_says_what_is_legal(string formula, int position, string problem)
    {
        var error = Assert.Throws<FormulaException>(() => Formula.Parse(formula));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(position, error.Position);
    }

    [Fact]
    public void A_caret_stands_under_the_character()
    {
        var error = Assert.Throws<FormulaException>(() => Formula.Parse("y ~\tx $ z"));

        Assert.Equal(["  y ~ x $ z", "        ^"], error.Message.Split('\n')[1..]);
    }

    [Fact]
    public void Of_a_long_formula_only_the_surroundings_are_shown()
    {
        var terms = string.Join(" + ", Enumerable.Range(0, 500).Select(i => $"x{i}"));
        var error = Assert.Throws<FormulaException>(() => Formula.Parse($"y ~ {terms} $ {terms}"));

        var lines = error.Message.Split('\n');
        Assert.Equal('$', lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)]);
        Assert.True(lines[1].Length < 130);
    }

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    [InlineData('!')]
    public void Nesting_without_end_is_an_error_and_no_overflow(char opening) =>
        Assert.Contains("nests deeper", Assert.Throws<FormulaException>(() => Formula.Parse("y ~ " + new string(opening, 100_000) + "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void Left_nesting_without_end_is_an_error_too() =>
        Assert.Contains("nests deeper", Assert.Throws<FormulaException>(() => Formula.Parse("y ~ I(x" + string.Concat(Enumerable.Repeat(" * x", 100_000)) + ")")).Message, StringComparison.Ordinal);

    [Fact]
    public void Terms_without_end_are_refused() =>
        Assert.Contains("more than 20000 terms", Assert.Throws<FormulaException>(() => Formula.Parse("y ~ " + string.Join(" * ", Enumerable.Range(0, 40).Select(i => $"x{i}")))).Message, StringComparison.Ordinal);

    [Fact]
    public void Garbage_is_a_formula_or_a_formula_exception()
    {
        string[] pieces = ["y", "x", "g", "1", "0", "2", "1e5", ".", "~", "+", "-", "*", "/", ":", "^", "(", ")", "(", ")", ",", "I(", "log(", "C(", "offset(", "cbind(", "hour(", "poly(",
            "==", "<", ">=", "!", "!=", "&", "|", "\"t\"", "'", "`a b`", "`", "=", "ref=", "%in%", "%", " ", "\t", "é", "\ud83d", "$", "y ~ ", "~ x"];
        string[] operands = ["x", "g", "(a + b)", "C(g)", "log(x)", "I(x^2 / 3)", "`a b`", "I(g == 't')", "(x > 1)", "-x", "1", "offset(e)", "."];
        string[] operators = ["+", "+", "-", ":", "*", " < ", "^"];
        var random = new Random(20011);
        var (legal, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var text = i % 3 == 0
                ? "y ~ " + string.Concat(Enumerable.Range(0, random.Next(2, 6)).Select(_ => operands[random.Next(operands.Length)] + operators[random.Next(operators.Length)])) + "x"
                : (i % 3 == 1 ? "y ~ " : "") + string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                var formula = Formula.Parse(text);
                Assert.Equal(formula.ToString(), Formula.Parse(formula.ToString()).ToString());
                legal++;
            }
            catch (FormulaException error)
            {
                Assert.InRange(error.Position, 0, text.Length);
                refused++;
            }
        }
        Assert.True(legal > 100 && refused > 1000, $"{legal} legal, {refused} refused");
    }
}
