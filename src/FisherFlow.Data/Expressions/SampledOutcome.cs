using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;

namespace FisherFlow.Data.Expressions;

/// <summary>How a column of the row is drawn: <c>y = m - s*log(-log(u))</c>.</summary>
/// <param name="Column">The column.</param>
/// <param name="Position">Where it is named.</param>
/// <param name="Expression">The right side, behind as many blanks as stand before it, so that messages point at its characters.</param>
sealed record SampledOutcome(string Column, int Position, string Expression)
{
    const string Legal = "legal is a column, '=' and an expression of parameters, columns, u (uniform on (0, 1)) and z (standard normal), as in y = m - s*log(-log(u)), several with semicolons";

    /// <summary>Reads assignments with semicolons between them.</summary>
    /// <exception cref="FormulaException">A part is no assignment, or assigns a column for the second time.</exception>
    public static IReadOnlyList<SampledOutcome> Parse(string text)
    {
        List<SampledOutcome> outcomes = [];
        var start = 0;
        foreach (var part in text.Split(';'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : part[..equals].Trim().Trim('`');
            var at = start + part.Length - part.TrimStart().Length;
            if (name.Length == 0 || equals + 1 >= part.Length || part[equals + 1] == '=') { throw new FormulaException($"an outcome is not assigned here; {Legal}", Math.Min(at, Math.Max(0, text.Length - 1)), text); }
            if (outcomes.Exists(o => o.Column == name)) { throw new FormulaException($"'{name}' is drawn twice", at, text); }
            outcomes.Add(new(name, at, new string(' ', start + equals + 1) + part[(equals + 1)..]));
            start += part.Length + 1;
        }
        return outcomes;
    }

    /// <summary>The step that draws each column that is an outcome.</summary>
    /// <param name="text">The assignments.</param>
    /// <param name="density">What the columns are outcomes of, already bound.</param>
    /// <param name="parameters">The names of θ.</param>
    /// <param name="catalog">The columns of the data.</param>
    /// <param name="inputs">The columns of the row, to which those are added that only outcomes depend on.</param>
    /// <exception cref="FormulaException">A column is not one of the density's, or an expression names what does not exist.</exception>
    public static Dictionary<int, int> Bind(string text, ExpressionBinder density, IReadOnlyList<string> parameters, ColumnCatalog catalog, RowInputs inputs)
    {
        var known = inputs.Labels.ToList();
        Dictionary<int, int> outcomes = [];
        foreach (var outcome in Parse(text))
        {
            var column = known.IndexOf(outcome.Column);
            if (column < 0) { throw new FormulaException($"'{outcome.Column}' is no number that the log-density reads; it reads {ColumnCatalog.List(known)}", outcome.Position, text); }
            var formula = Formula.ParseExpression(outcome.Expression);
            var binder = new ExpressionBinder(formula, parameters, catalog, inputs) { Program = density.Program, IsRandom = true };
            outcomes.Add(column, binder.Bind(formula.Terms));
        }
        return outcomes;
    }
}
