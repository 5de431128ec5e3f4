using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Data.Design;

public sealed partial class DesignEncoder
{
    /// <summary>Writes formula, options, what the columns hold, the schema and every dictionary.</summary>
    /// <param name="w">Takes them.</param>
    /// <remarks>An encoder that was read back writes the same bytes.</remarks>
    public void Save(StateWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(_formula.Text);
        SaveOptions(_options, w);
        var columns = _plan.Catalog.Columns;
        var response = _plan.Response.Levels is null || _options.Family == Family.Multinomial ? [] : _formula.ResponseColumns;   // what decided the coding
        w.Write(columns.Count);
        foreach (var column in columns)
        {
            w.Write(column.Name);
            w.Write((int)column.Kind);
            w.Write(response.Contains(column.Name) ? column.Levels : []);
        }
        Schema.Save(w);
        foreach (var factor in Dictionaries()) { w.Write(factor.Levels.Names); }
    }

    /// <summary>Reads what <see cref="Save"/> wrote; <see cref="Bind"/> comes next.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a state.</exception>
    public static DesignEncoder Load(StateReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        try
        {
            return Restore(r);
        }
        catch (Exception e) when (e is FormulaException or DataException or ArgumentException)
        {
            throw new InvalidDataException($"the state's formula, columns and levels contradict each other: {e.Message}", e);
        }
    }

    /// <summary>Takes over the levels, outcomes and clusters of another encoder of the same formula, and says where they are here.</summary>
    /// <remarks>Levels are matched by name and added without regard to <see cref="DesignOptions.MaxLevels"/>, so that no two of the other's columns fall together. The other is left as it is.</remarks>
    /// <exception cref="MergeException">The encoders are unlike; nothing was changed.</exception>
    public DesignUnion Absorb(DesignEncoder other)
    {
        ArgumentNullException.ThrowIfNull(other);
        RequireLike(other);
        foreach (var (mine, theirs) in _plan.Factors.Zip(other._plan.Factors))
        {
            foreach (var level in theirs.Levels.Names) { mine.Levels.Add(level); }
        }
        var columns = new int[other.Schema.Columns.Count];
        for (var c = 0; c < columns.Length; c++)
        {
            if (c < Schema.DenseColumns || Schema.IsHashed(c))
            {
                columns[c] = c;
                continue;
            }
            var column = other.Schema.Columns[c];
            foreach (var slot in _plan.Slots)
            {
                if (slot.Term == column.Term) { columns[c] = slot.FindOrAdd(Schema, column.Levels); }
            }
        }
        _columns = Schema.Columns.Count;
        var outcomes = Union(_plan.Response.Levels, other._plan.Response.Levels);
        if (!HasOutcomes(_options)) { outcomes = []; }
        else { Schema.Outcomes.AddRange(_plan.Response.Levels!.Levels.Names.Skip(Schema.Outcomes.Count)); }
        return new(columns, outcomes, Union(_plan.Clusters, other._plan.Clusters));
    }

    static int[] Union(Factor? mine, Factor? theirs) => theirs is null ? [] : [.. theirs.Levels.Names.Select(mine!.Levels.Add)];

    /// <summary>Every dictionary that grows or was decided by the data, in a fixed order.</summary>
    IEnumerable<Factor> Dictionaries()
    {
        foreach (var factor in _plan.Factors) { yield return factor; }
        if (_plan.Response.Levels is { } response) { yield return response; }
        if (_plan.Clusters is { } clusters) { yield return clusters; }
    }

    static DesignEncoder Restore(StateReader r)
    {
        var formula = Formula.Parse(r.ReadText());
        var options = LoadDistribution(LoadOptions(r), r);
        var count = r.ReadInt32();
        if (count < 0 || count > r.Remaining) { throw new InvalidDataException($"a list claims {count} columns where {r.Remaining} bytes are left"); }
        var columns = new ColumnProfile[count];
        for (var i = 0; i < count; i++)
        {
            var (name, kind) = (r.ReadText(), r.ReadInt32());
            if (!Enum.IsDefined((ColumnKind)kind)) { throw new InvalidDataException($"column '{name}' is of kind {kind}, which is unknown"); }
            columns[i] = new(name, (ColumnKind)kind, r.ReadTexts());
        }
        var schema = DesignSchema.Load(r);
        var plan = new DesignPlan(formula, columns, options);
        Distribute(schema, plan);
        var encoder = new DesignEncoder(formula, options, plan, schema);
        if (!SameTerms(plan.Terms, schema.Terms)) { throw new InvalidDataException($"the terms of the state are not those of its formula '{formula.Text}'"); }
        foreach (var factor in encoder.Dictionaries())
        {
            foreach (var name in r.ReadTexts()) { factor.Levels.Add(name); }
        }
        for (var c = schema.DenseColumns + schema.HashedColumns; c < schema.Columns.Count; c++)
        {
            var column = schema.Columns[c];
            var slots = plan.Slots.FindAll(slot => slot.Term == column.Term);
            if (slots.Count == 0) { throw new InvalidDataException($"column {c} of the state belongs to no categorical term"); }
            foreach (var slot in slots) { slot.Restore(c, column.Levels); }
        }
        if (HasOutcomes(options) && !schema.Outcomes.SequenceEqual(plan.Response.Levels!.Levels.Names)) { throw new InvalidDataException("the outcomes of the state are listed twice, and differently"); }
        return encoder;
    }

    static void SaveOptions(DesignOptions options, StateWriter w)
    {
        w.Write((int)options.Family);
        w.Write(options.WeightsColumn);
        w.Write(options.OffsetColumn);
        w.Write(options.ClusterColumn);
        w.Write(options.MaxLevels);
        w.Write(options.OutcomeLevels);
        w.Write(options.RejectInvalid);
        if (options.Family != Family.Distributional) { return; }
        w.Write(options.Distribution);
        w.Write(options.ParameterFormulas);
    }

    static DesignOptions LoadOptions(StateReader r) => new()
    {
        Family = r.ReadInt32() is var family && Enum.IsDefined((Family)family) ? (Family)family : throw new InvalidDataException($"the family {family} is unknown"),
        WeightsColumn = r.ReadOptionalText(),
        OffsetColumn = r.ReadOptionalText(),
        ClusterColumn = r.ReadOptionalText(),
        MaxLevels = r.ReadInt32(),
        OutcomeLevels = r.ReadTexts(),
        RejectInvalid = r.ReadBoolean(),
    };

    static DesignOptions LoadDistribution(DesignOptions options, StateReader r) =>
        options.Family == Family.Distributional ? options with { Distribution = r.ReadText(), ParameterFormulas = r.ReadTexts() } : options;

    void RequireLike(DesignEncoder other)
    {
        Require("formulas", _formula.ToString(), other._formula.ToString());
        Require("families", _options.Family.ToString(), other._options.Family.ToString());
        Require("distributions", _options.Distribution, other._options.Distribution);
        Require("formulas of parameters", string.Join("; ", _options.ParameterFormulas), string.Join("; ", other._options.ParameterFormulas));
        Require("weights columns", _options.WeightsColumn, other._options.WeightsColumn);
        Require("offset columns", _options.OffsetColumn, other._options.OffsetColumn);
        Require("cluster columns", _options.ClusterColumn, other._options.ClusterColumn);
        foreach (var (name, kind) in _plan.Catalog.Used)
        {
            if (other._plan.Catalog.Used.TryGetValue(name, out var there) && there != kind)
            {
                throw new MergeException($"the states cannot be merged: column '{name}' holds {ColumnCatalog.Describe(kind)} in one and {ColumnCatalog.Describe(there)} in the other");
            }
        }
        if (!SameTerms(Schema.Terms, other.Schema.Terms))
        {
            throw new MergeException($"the states cannot be merged: their terms differ; one has {Terms(Schema)}, the other {Terms(other.Schema)}");
        }
        RequireLikeResponse(other);
    }

    void RequireLikeResponse(DesignEncoder other)
    {
        if (_plan.Response is not LevelResponse mine || other._plan.Response is not LevelResponse theirs) { return; }
        var (here, there) = (mine.Levels.Levels.Names, theirs.Levels.Levels.Names);
        var common = Math.Min(here.Count, there.Count);
        var same = _options.Family switch
        {
            Family.Ordinal => here.SequenceEqual(there),
            Family.Binomial => here.Take(common).SequenceEqual(there.Take(common)),
            _ => mine.Most == theirs.Most && here.Union(there).Count() <= mine.Most,
        };
        if (!same)
        {
            throw new MergeException($"the states cannot be merged: the levels of the response {_formula.ResponseName} are {ColumnCatalog.List(here)} in one and {ColumnCatalog.List(there)} in the other");
        }
    }

    static void Require(string what, string? here, string? there)
    {
        if (here != there) { throw new MergeException($"the states cannot be merged: their {what} differ: '{here ?? "none"}' and '{there ?? "none"}'"); }
    }

    static string Terms(DesignSchema schema) => ColumnCatalog.List(schema.Terms.Select(term => term.Name));

    static bool SameTerms(IReadOnlyList<Term> here, IReadOnlyList<Term> there) =>
        here.Count == there.Count && here.Zip(there).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.Numeric == pair.Second.Numeric && pair.First.Slots == pair.Second.Slots && pair.First.Factors.SequenceEqual(pair.Second.Factors));
}
