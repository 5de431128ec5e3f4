using FisherFlow.Data.Formulas;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Data.Design;

/// <summary>The formulas of a distribution's parameters as one design: every term once, and which parameters use it.</summary>
/// <remarks>The model's formula speaks of the first parameter, or of the means of all components of a mixture; a parameter without a formula has an intercept only.</remarks>
sealed class PredictorFormulas
{
    readonly List<Variable> _variables = [];
    readonly List<Formula> _owners = [];
    readonly List<(int[] Term, int Mask)> _terms = [];
    int _constants;

    PredictorFormulas(FormulaTerms main) => (Offsets, InterceptPosition) = (main.Offsets, main.InterceptPosition);

    /// <summary>All terms, in R's order.</summary>
    public FormulaTerms Terms => new(_variables, [.. _terms.Select(pair => pair.Term)], Offsets, _constants != 0, InterceptPosition);

    /// <summary>The parameters that use each term, a bit each: the intercept first, where there is one.</summary>
    public IReadOnlyList<int> Uses => [.. _constants == 0 ? Array.Empty<int>() : [_constants], .. _terms.Select(pair => pair.Mask)];

    IReadOnlyList<Node> Offsets { get; }

    int InterceptPosition { get; }

    /// <summary>The formula that a variable stands in first.</summary>
    public Formula Owner(int variable) => _owners[variable];

    /// <summary>Joins the formulas.</summary>
    /// <exception cref="FormulaException">A formula is not legal, or speaks of something else than a further parameter; the message points at the character.</exception>
    public static PredictorFormulas Join(Formula main, IReadOnlyList<string> others, DistributionalModel model, IReadOnlyList<string> dotColumns)
    {
        var parameters = model.Parameters;
        var expanded = main.Expand(dotColumns);
        var joined = new PredictorFormulas(expanded);
        for (var o = 0; o < model.Leading; o++) { joined.Add(main, expanded, o); }
        var formulas = new Formula?[parameters.Length];
        foreach (var text in others)
        {
            var formula = Formula.Parse(text);
            if (model.Leading > 1) { throw formula.Error("the scales and weights of a mixture are the same for every row: they have no formulas", 0); }
            var parameter = Find(formula, parameters);
            if (formulas[parameter] is not null) { throw formula.Error($"{formula.ResponseName} has two formulas; one is legal", 0); }
            formulas[parameter] = formula;
        }
        for (var o = model.Leading; o < formulas.Length; o++)
        {
            if (formulas[o] is not { } formula)
            {
                joined._constants |= 1 << o;
                continue;
            }
            var terms = formula.Expand(dotColumns);
            if (terms.Offsets.Count > 0) { throw formula.Error($"an offset belongs to the formula of {parameters[0].Name}, the first parameter", 0); }
            if (terms.Terms.Count == 0 && !terms.HasIntercept) { throw formula.Error($"{formula.ResponseName} has no terms: neither an intercept nor a predictor", formula.Text.Length); }
            joined.Add(formula, terms, o);
        }
        var ordered = joined._terms.OrderBy(pair => pair.Term.Length).ToList();   // terms of one degree stay as written
        joined._terms.Clear();
        joined._terms.AddRange(ordered);
        return joined;
    }

    static int Find(Formula formula, ReadOnlySpan<DistributionParameter> parameters)
    {
        for (var o = 0; o < parameters.Length; o++)
        {
            if (parameters[o].Name != formula.ResponseName) { continue; }
            return o > 0 ? o : throw formula.Error($"{formula.ResponseName} is the first parameter, and the model's own formula speaks of it", 0);
        }
        var names = new List<string>();
        foreach (var parameter in parameters[1..]) { names.Add(parameter.Name); }
        throw formula.Error($"there is no parameter '{formula.ResponseName}' with a formula of its own; {(names.Count == 0 ? "this distribution has one parameter" : $"legal are: {string.Join(", ", names)}")}", 0);
    }

    void Add(Formula formula, FormulaTerms terms, int parameter)
    {
        var numbers = terms.Variables.Select(variable => Number(formula, variable)).ToArray();
        foreach (var term in terms.Terms)
        {
            int[] key = [.. term.Select(v => numbers[v]).Order()];
            var known = _terms.FindIndex(pair => pair.Term.AsSpan().SequenceEqual(key));
            if (known < 0) { _terms.Add((key, 1 << parameter)); }
            else { _terms[known] = (key, _terms[known].Mask | 1 << parameter); }
        }
        if (terms.HasIntercept) { _constants |= 1 << parameter; }
    }

    int Number(Formula formula, Variable variable)
    {
        var known = _variables.FindIndex(other => other.Name == variable.Name);
        if (known < 0)
        {
            _variables.Add(variable);
            _owners.Add(formula);
            return _variables.Count - 1;
        }
        if (variable.Reference is { } reference)
        {
            if (_variables[known].Reference is { } before && before != reference) { throw formula.Error($"the factor {variable.Name} has two reference levels, '{before}' and '{reference}'", variable.ReferencePosition); }
            _variables[known].Reference = reference;
        }
        return known;
    }
}
