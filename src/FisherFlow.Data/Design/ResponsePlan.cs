using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Data.Design;

/// <summary>Decides how a response is coded, from the formula, what its column holds, and the family.</summary>
sealed class ResponsePlan(Formula formula, ColumnCatalog catalog, DesignOptions options, RowInputs inputs)
{
    /// <summary>A multinomial response with more outcomes than this is the wrong column.</summary>
    const int MostOutcomes = 1000;

    readonly ExpressionCompiler _compiler = new(formula, catalog, inputs);

    /// <summary>The outcome that C(y, ref = "…") makes the reference, or null.</summary>
    public string? Reference { get; private set; }

    public ResponseCoding Create()
    {
        var response = formula.Response;
        var isCategorical = options.Family is Family.Multinomial or Family.Ordinal;
        if (response is CallNode { Function: "cbind" } several) { return options.Family == Family.Distributional ? Components(several) : Counts(several); }
        if (response is CallNode { Function: "Surv" } survival) { return Survival(survival); }
        if (response is CallNode { Function: "pair" } pair)
        {
            if (options.Family != Family.Binomial) { throw formula.Error($"pair(winner, loser) is a response of the family binomial, not {FamilyName}", pair.Position); }
            return new NumberResponse(_compiler.Compile(new NumberNode(1, pair.Position)), inputs, Support);
        }
        if (response is CallNode call && Functions.IsFactor(call.Function))
        {
            var variable = TermExpander.FactorOf(call, formula.Text, new(formula.Text));
            if (!isCategorical && options.Family != Family.Binomial) { throw formula.Error($"the family {FamilyName} needs a numeric response; C() is for binomial and multinomial ones", call.Position); }
            if (options.Family == Family.Ordinal && variable.Reference is not null) { throw formula.Error("an ordinal response has an order and no reference level", variable.ReferencePosition); }
            return Levels(variable.Expression.Bare, variable.Reference);
        }
        if (isCategorical || (options.Family == Family.Binomial && (options.OutcomeLevels.Count > 0 || IsText(response)))) { return Levels(response, reference: null); }
        if (options.OutcomeLevels.Count > 0) { throw new DataException($"levels of the response ({ColumnCatalog.List(options.OutcomeLevels)}) are declared, but the family {FamilyName} has a numeric response"); }
        if (response is NameNode name && catalog.Get(name) is { Kind: ColumnKind.Text } column)
        {
            throw new DataException($"the response '{column.Name}' holds text ({ColumnCatalog.List(column.Levels.Take(3))}); the family {FamilyName} needs {Support}{ColumnCatalog.HintOn(column)}");
        }
        if (Distribution is { Components: > 1 } dirichlet) { throw formula.Error($"the response of {dirichlet.Name} is its components: cbind(a, b, …)", response.Position); }
        return new NumberResponse(_compiler.Compile(response), inputs, Support);
    }

    /// <summary>The distribution, or null for other families.</summary>
    DistributionalModel? Distribution => options.Family == Family.Distributional ? DistributionCatalog.Create(options.Distribution) : null;

    SurvivalResponse Survival(CallNode call)
    {
        var (arguments, type) = SurvivalSyntax.Read(call, formula.Text);
        if (Distribution is not { TakesCensored: true } distribution)
        {
            throw formula.Error($"the family {FamilyName} has no censored responses; those that have: {string.Join(", ", DistributionCatalog.Censored)}", call.Position);
        }
        return new([.. arguments.Select(_compiler.Compile)], type, distribution, inputs);
    }

    ComponentsResponse Components(CallNode call)
    {
        var distribution = Distribution!;
        if (distribution.Components != call.Arguments.Count)
        {
            throw formula.Error(distribution.Components == 1
                ? $"the family {FamilyName} has a response of one number, and cbind() joins several"
                : $"the family {FamilyName} has {distribution.Components} components, and cbind() joins {call.Arguments.Count}", call.Position);
        }
        return new([.. call.Arguments.Select(argument => _compiler.Compile(argument.Value))], distribution, inputs);
    }

    /// <summary>The family or distribution, as messages call it.</summary>
    string FamilyName => options.Family == Family.Distributional ? options.Distribution : ModelNames.Name(options.Family);

    /// <summary>The responses that it may have.</summary>
    string Support => options.Family == Family.Distributional ? DistributionCatalog.Create(options.Distribution).Support : ResponseCoding.Support(options.Family);

    bool IsText(Node response) => response is NameNode name && catalog.Get(name).Kind == ColumnKind.Text;

    CountsResponse Counts(CallNode call)
    {
        if (call.Arguments.Count != 2) { throw formula.Error("cbind takes two columns here, cbind(successes, failures); more are components of a dirichlet response", call.Position); }
        if (options.Family != Family.Binomial) { throw formula.Error($"cbind(successes, failures) is a response of the family binomial, not {FamilyName}", call.Position); }
        return new(_compiler.Compile(call.Arguments[0].Value), _compiler.Compile(call.Arguments[1].Value), inputs);
    }

    LevelResponse Levels(Node response, string? reference)
    {
        var factor = FactorOf(response, out var seen);
        var declared = options.OutcomeLevels.Select(level => Normalise(factor, level)).ToList();
        if (declared.Distinct().Count() != declared.Count) { throw new DataException($"the declared levels of the response repeat: {string.Join(", ", declared)}"); }
        reference = reference is null ? null : Normalise(factor, reference);
        return options.Family switch
        {
            Family.Binomial => Binary(factor, declared, seen, reference),
            Family.Ordinal => Ordered(factor, declared, seen),
            _ => Unordered(factor, declared, reference),
        };
    }

    Factor FactorOf(Node response, out List<string> seen)
    {
        if (response is NameNode name)
        {
            var column = catalog.Get(name);
            var factor = column.Kind == ColumnKind.Numeric
                ? new Factor(formula.ResponseName, _compiler.Compile(name), inputs, int.MaxValue)
                : new Factor(formula.ResponseName, column.Name, inputs, int.MaxValue);
            seen = [.. column.Levels.Select(level => Normalise(factor, level)).Distinct().Order(LevelOrder.Instance)];
            return factor;
        }
        seen = [];
        return new(formula.ResponseName, _compiler.Compile(response), inputs, int.MaxValue);
    }

    static string Normalise(Factor factor, string level) =>
        factor.Levels.IsNumeric && FieldParser.TryNumber(System.Text.Encoding.UTF8.GetBytes(level), out var value) ? LevelDictionary.NameOf(value) : level;

    LevelResponse Binary(Factor factor, List<string> declared, List<string> seen, string? reference)
    {
        var levels = declared.Count > 0 ? declared : seen;
        if (reference is not null)
        {
            if (declared.Count > 0 && !declared.Contains(reference)) { throw new DataException($"the reference level '{reference}' is not among the declared levels {string.Join(", ", declared)}"); }
            levels = [reference, .. levels.Where(level => level != reference)];
        }
        if (levels.Count > 2 || (declared.Count > 0 && declared.Count != 2))
        {
            throw new DataException($"the response '{formula.ResponseName}' has {levels.Count} levels ({ColumnCatalog.List(levels)}); binomial has two: 0 and 1, true and false, two texts, or a comparison as in {formula.ResponseName} == \"{levels[^1]}\"");
        }
        if (levels.Count < 2 && reference is null)
        {
            throw new DataException($"the response '{formula.ResponseName}' is '{string.Join("', '", levels)}' in all records that were looked at, so it is open which level is 0 and which is 1; declare both, 0 first: --levels {string.Join(',', levels.DefaultIfEmpty("no"))},yes");
        }
        foreach (var level in levels) { factor.Levels.Add(level); }
        return new(factor, inputs, most: 2, advice: " (a binomial response has two levels)");
    }

    LevelResponse Ordered(Factor factor, List<string> declared, List<string> seen)
    {
        var levels = declared.Count > 0 ? declared : seen;
        if (levels.Count < 2)
        {
            throw new DataException($"the ordinal response '{formula.ResponseName}' has {levels.Count} level(s) in the records that were looked at; declare them in order: --levels low,medium,high");
        }
        foreach (var level in levels) { factor.Levels.Add(level); }
        return new(factor, inputs, levels.Count, declared.Count > 0 ? "" : $"; declare all levels in order: --levels {string.Join(',', levels.Take(10))},…");
    }

    LevelResponse Unordered(Factor factor, List<string> declared, string? reference)
    {
        foreach (var level in declared) { factor.Levels.Add(level); }
        Reference = reference;
        return declared.Count > 0
            ? new(factor, inputs, declared.Count, "")
            : new(factor, inputs, MostOutcomes, $"; more than {MostOutcomes} outcomes are not supported: is this column the response?");
    }
}
