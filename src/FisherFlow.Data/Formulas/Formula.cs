namespace FisherFlow.Data.Formulas;

/// <summary>A model formula <c>response ~ terms</c>, as in R: <c>y ~ x1 + C(g) + x1:x2 + a*b + log(x3) + I(x^2) + I(delay > 15) + offset(log(e)) - 1 + .</c></summary>
/// <remarks>
/// At the top level <c>+ - * : ^</c> and parentheses are the algebra of terms; inside I(), functions and comparisons they are arithmetic.
/// Functions: log, log2, log10, log1p, exp, expm1, sqrt, abs, sin, cos; of dates: hour (0–23), weekday (1 = Monday … 7 = Sunday), month (1–12).
/// Comparisons and the logical operators give 1 and 0. Texts are compared by == and !=. The response may be an expression, or cbind(successes, failures).
/// Immutable. <b>Source</b>: Chambers and Hastie (1992), §2.
/// </remarks>
public sealed class Formula
{
    Formula(string text, Node response, Node terms) => (Text, Response, Terms) = (text, response, terms);

    /// <summary>The formula as it was written.</summary>
    public string Text { get; }

    /// <summary>The response as R would write it.</summary>
    public string ResponseName => Response.Name;

    internal Node Response { get; }

    internal Node Terms { get; }

    /// <summary>The columns that the response is computed from, each once.</summary>
    internal IReadOnlyList<string> ResponseColumns
    {
        get
        {
            var columns = new List<string>();
            Collect(Response, columns);
            return columns;
        }
    }

    /// <summary>Reads a formula and checks all that can be known without the data.</summary>
    /// <exception cref="FormulaException">The formula is not legal; the message points at the character.</exception>
    public static Formula Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (left, right) = new FormulaParser(text).Parse();
        var formula = new Formula(text, left.Bare, left.Bare is CallNode { Function: "pair" } pair ? Abilities(pair, right, text) : right);
        formula.CheckResponse();
        new TermExpander(text, dotColumns: null).Expand(formula.Terms);
        return formula;
    }

    /// <summary>A formula whose right side is arithmetic with parameters: <c>y ~ b1 * (1 - exp(-b2 * x))</c>; what its names mean is for others to check.</summary>
    internal static Formula ParseNonlinear(string text)
    {
        var (left, right) = new FormulaParser(text).Parse();
        var formula = new Formula(text, left.Bare, right);
        if (formula.Response is CallNode { Function: "cbind" or "C" or "factor" }) { throw formula.Error("the response of a nonlinear fit is a number: a column or an expression of columns", formula.Response.Position); }
        formula.CheckResponse();
        return formula;
    }

    /// <summary>Where the '~' of a legal formula stands.</summary>
    internal static int TildeOf(string text) => new Tokenizer(text).All().Find(token => token.Is("~")).Position;

    /// <summary>An expression by itself, without a response.</summary>
    internal static Formula ParseExpression(string text)
    {
        var expression = new FormulaParser(text).ParseExpression();
        return new(text, expression, expression);
    }

    /// <summary>The formula in one spelling: equal for formulas that differ in spaces only.</summary>
    public override string ToString() => $"{Response.Name} ~ {Terms.Name}";

    internal FormulaTerms Expand(IReadOnlyList<string> dotColumns) => new TermExpander(Text, dotColumns).Expand(Terms);

    internal FormulaException Error(string problem, int position) => new(problem, Math.Max(0, position), Text);

    /// <summary><c>pair(winner, loser) ~ 1</c> says that the first always won: a response of ones on the difference of abilities, which has no edge to estimate.</summary>
    static SumNode Abilities(CallNode pair, Node right, string text)
    {
        if (right.Bare is not NumberNode { Value: 1 })
        {
            throw new FormulaException("with winners and losers as the response the right side is 1, for their abilities; for an edge or other predictors write won ~ pair(first, second) + …", right.Position, text);
        }
        var terms = new SumNode(pair.Position);
        terms.Add(minus: false, pair);
        terms.Add(minus: true, new NumberNode(1, right.Position));
        return terms;
    }

    void CheckResponse()
    {
        var check = new ExpressionCheck(Text);
        switch (Response)
        {
            case CallNode { Function: "cbind" } counts:
                if (counts.Arguments.Count < 2 || counts.Arguments.Exists(argument => argument.Name is not null))
                {
                    throw Error("cbind takes two columns: cbind(successes, failures), or the components of a response: cbind(a, b, c)", counts.Position);
                }
                foreach (var (_, value) in counts.Arguments) { check.Check(value); }
                break;
            case CallNode { Function: "Surv" } survival:
                foreach (var value in SurvivalSyntax.Read(survival, Text).Arguments) { check.Check(value); }
                break;
            case CallNode { Function: "pair" }:
                break;   // the terms have it too
            case CallNode call when Functions.IsFactor(call.Function):
                TermExpander.FactorOf(call, Text, check);
                break;
            case NumberNode number:
                throw Error("the response is a column or an expression of columns, not a number", number.Position);
            case DotNode dot:
                throw Error("'.' cannot be the response; name its column", dot.Position);
            default:
                check.Check(Response);
                break;
        }
        if (ResponseColumns.Count == 0) { throw Error("the response names no column", Response.Position); }
    }

    static void Collect(Node node, List<string> columns)
    {
        switch (node)
        {
            case NameNode name when !columns.Contains(name.Column): columns.Add(name.Column); break;
            case ParenthesisNode parenthesis: Collect(parenthesis.Inner, columns); break;
            case UnaryNode unary: Collect(unary.Operand, columns); break;
            case BinaryNode binary:
                Collect(binary.Left, columns);
                Collect(binary.Right, columns);
                break;
            case SumNode sum:
                foreach (var (_, part) in sum.Parts) { Collect(part, columns); }
                break;
            case CallNode call:
                foreach (var (_, value) in call.Arguments) { Collect(value, columns); }
                break;
            default: break;
        }
    }
}
