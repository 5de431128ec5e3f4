using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Data.Design;

/// <summary>Turns records into design rows: compiled from a formula, growing level dictionaries as the stream brings them.</summary>
/// <remarks>
/// Text and truth-value columns are categorical by their texts; C() makes anything categorical, a number being one level however it is written.
/// Comparisons and I() of a truth value are numeric, 1 and 0. <c>.</c> is every column but those of the response, weights, offset and clusters.
/// Levels beyond <see cref="DesignOptions.MaxLevels"/> of a factor are the level <c>(other)</c>; absorbing another encoder does not count against that.
/// <b>Cost</b>: a field is parsed or looked up once for each way in which the formula uses it. <b>Allocates</b> nothing for a row without new levels that is not rejected.
/// <b>Threads</b>: one at a time.
/// </remarks>
public sealed partial class DesignEncoder
{
    const string LegalWeight = "a number from 0 to 1e50";

    readonly Formula _formula;
    readonly DesignOptions _options;
    readonly DesignPlan _plan;
    readonly double[] _numerics;
    readonly double[] _slotValues;
    readonly bool _hasValues;
    readonly HashedFields[] _hashed;
    readonly int[] _copied;
    readonly Factor[] _factors;
    readonly SlotTerm[] _slots;
    readonly Factor[] _dictionaries;
    int _columns;
    int _fields = -1;
    bool _bindsResponse;

    DesignEncoder(Formula formula, DesignOptions options, DesignPlan plan, DesignSchema schema)
    {
        (_formula, _options, _plan, Schema) = (formula, options, plan, schema);
        _columns = schema.Columns.Count;
        _numerics = new double[plan.Numerics.Count];
        _slotValues = new double[plan.Slots.Count];
        _hasValues = plan.Slots.Exists(slot => slot.Numerics.Length > 0 || slot.Sign != 1);
        (_copied, _factors, _slots) = (Copied(plan), [.. plan.Factors], [.. plan.Slots]);
        _hashed = [.. plan.Slots.Where(slot => slot.Hashed is not null).Select(slot => slot.Hashed!)];
        foreach (var slot in _slots.Where(slot => slot.Hashed is not null)) { slot.First = schema.FirstHashed(slot.Term); }
        _dictionaries = [.. Dictionaries()];
    }

    /// <summary>The names behind design columns.</summary>
    public DesignSchema Schema { get; }

    /// <summary>Cluster names by cluster number, in stream order; empty without clusters.</summary>
    public IReadOnlyList<string> Clusters => _plan.Clusters?.Levels.Names ?? [];

    /// <summary>The texts that are coded 0 and 1 in a binomial response of two levels; empty otherwise.</summary>
    public IReadOnlyList<string> BinaryLevels => _options.Family == Family.Binomial && _plan.Response.Levels is { } levels ? levels.Levels.Names : [];

    /// <summary>Whether the linear predictor has a known part: offset() in the formula, or a column of offsets.</summary>
    public bool HasOffset => _plan.Offsets.Count > 0;

    /// <summary>What a reader of the results should know: factors that outgrew <see cref="DesignOptions.MaxLevels"/>.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. _plan.Factors.Where(factor => factor.Levels.OtherLevel >= 0)
            .Select(factor => $"factor '{factor.Name}' has more than {_options.MaxLevels} levels; those that came later are counted as {LevelDictionary.Other}"),
    ];

    /// <summary>Compiles a formula for given columns: multiplies out <c>.</c>, checks every name, decides which terms are categorical and how the response is coded.</summary>
    /// <exception cref="FormulaException">The formula names a column that does not exist, or asks of one what it does not hold.</exception>
    /// <exception cref="DataException">The response does not suit the family, or an option names a column that does not exist or is not numeric.</exception>
    public static DesignEncoder Create(Formula formula, IReadOnlyList<ColumnProfile> columns, DesignOptions options)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(options);
        var plan = new DesignPlan(formula, columns, options);
        var schema = new DesignSchema(plan.Terms, plan.HasIntercept);
        foreach (var (factor, level) in plan.References) { schema.References[factor] = level; }
        if (plan.OutcomeReference is { } reference) { schema.References[""] = reference; }
        Distribute(schema, plan);
        if (HasOutcomes(options)) { schema.Outcomes.AddRange(plan.Response.Levels!.Levels.Names); }
        return new(formula, options, plan, schema);
    }

    /// <summary>Finds the columns in a header, which may order them differently from file to file.</summary>
    /// <param name="header">Names of the columns.</param>
    /// <param name="needsResponse">Whether response, weights and clusters are needed; a prediction does without.</param>
    /// <param name="source">Whose header it is, for messages.</param>
    /// <exception cref="DataException">A column is missing or occurs twice.</exception>
    public void Bind(IReadOnlyList<string> header, bool needsResponse = true, string source = "the data")
    {
        ArgumentNullException.ThrowIfNull(header);
        var positions = new Dictionary<string, int>();
        var repeated = new HashSet<string>();
        for (var i = 0; i < header.Count; i++)
        {
            if (!positions.TryAdd(header[i], i)) { repeated.Add(header[i]); }
        }
        var needed = _plan.Columns(needsResponse).ToList();
        var missing = needed.Where(name => !positions.ContainsKey(name)).ToList();
        if (missing.Count > 0) { throw new DataException($"{source}: the formula '{_formula.Text}' needs {(missing.Count == 1 ? "the column" : "the columns")} {ColumnCatalog.List(missing)}; there are: {ColumnCatalog.List(header)}"); }
        if (needed.Find(repeated.Contains) is { } twice) { throw new DataException($"{source}: the column '{twice}' occurs twice in the header, so it is open which one the formula '{_formula.Text}' means"); }
        _plan.Inputs.Bind(positions);
        foreach (var factor in _plan.Factors) { factor.Bind(positions); }
        foreach (var fields in _hashed) { fields.Bind(positions); }
        if (needsResponse)
        {
            _plan.ResponseInputs.Bind(positions);
            _plan.Response.Levels?.Bind(positions);
            _plan.Clusters?.Bind(positions);
        }
        (_fields, _bindsResponse) = (header.Count, needsResponse);
    }

    /// <summary>A block that this encoder's rows fit into.</summary>
    public Block CreateBlock(int capacity) =>
        new(capacity, Schema.DenseColumns, _plan.Slots.Count, _hasValues, _plan.Response.HasTrials, _plan.Clusters is not null, _plan.Response.Layout) { Columns = _columns, Outcomes = Math.Max(1, Schema.Outcomes.Count) };

    /// <summary>Appends the record to the block, growing dictionaries, or says why not; then nothing of the row is left anywhere.</summary>
    /// <exception cref="DataException">The response or the weight is outside its range, unless <see cref="DesignOptions.RejectInvalid"/>.</exception>
    /// <exception cref="InvalidOperationException">The block is full, or <see cref="Bind"/> was not called.</exception>
    public bool TryEncode(RecordReader record, Block block, IModel model, out Rejection rejection)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireReady(block, needsResponse: true);
        if (!TryReadRow(record, block, model, out rejection)) { return false; }
        var row = block.Count;
        foreach (var factor in _factors) { factor.Commit(record); }
        _plan.Clusters?.Commit(record);
        var response = _plan.Response;
        response.Commit(record);
        if (HasOutcomes(_options) && response.Levels!.Levels.Count > Schema.Outcomes.Count) { Schema.Outcomes.Add(response.Levels.Levels.Names[^1]); }
        for (var s = 0; s < _slots.Length; s++) { SetSlot(block, row, s, _slots[s].FindOrAdd(Schema)); }
        SetResponse(block, row);
        Finish(block);
        return true;
    }

    /// <summary>Appends the record's predictors and offset to the block, response 0 and weight 1; nothing grows, and an unknown level rejects the row.</summary>
    /// <remarks>A level that was never seen counts as <c>(other)</c> where the factor has grown that level.</remarks>
    /// <param name="record">The record.</param>
    /// <param name="block">Where the row goes.</param>
    /// <param name="rejection">Why it does not.</param>
    /// <param name="hasResponse">Whether the row's response is read as well; the encoder is bound to its columns then.</param>
    /// <exception cref="InvalidOperationException">The block is full, or <see cref="Bind"/> was not called.</exception>
    public bool TryEncodePredictors(RecordReader record, Block block, out Rejection rejection, bool hasResponse = false)
    {
        RequireReady(block, hasResponse);
        if (!TryReadPredictors(record, block, out rejection)) { return false; }
        if (hasResponse && !(_plan.ResponseInputs.TryRead(record, out rejection) && _plan.Response.TryRead(record, out rejection))) { return false; }
        foreach (var factor in _plan.Factors)
        {
            factor.FallBack();
            if (factor.Level < 0)
            {
                rejection = RowInputs.Reject(RejectionReason.UnknownLevel, factor.Position, record.Field(Math.Max(0, factor.Position)));
                return false;
            }
        }
        var row = block.Count;
        for (var s = 0; s < _plan.Slots.Count; s++)
        {
            var slot = _plan.Slots[s];
            var column = slot.Find();
            if (column < 0)
            {
                rejection = new(RejectionReason.UnknownLevel, slot.Factors[0].Position, string.Join(':', slot.Factors.Select(factor => factor.Levels.Names[factor.Level])));
                return false;
            }
            SetSlot(block, row, s, column);
        }
        block.Response[row] = hasResponse ? _plan.Response.Value : 0;
        block.Details.AsSpan(row * block.Layout.Details, block.Layout.Details).Clear();
        block.Weight[row] = 1;
        if (block.Trials.Length > 0) { block.Trials[row] = 1; }
        if (block.Cluster.Length > 0) { block.Cluster[row] = 0; }
        Finish(block);
        return true;
    }

    /// <summary>A distribution's parameters stand where outcomes stand, each with the terms of its formula.</summary>
    static void Distribute(DesignSchema schema, DesignPlan plan)
    {
        schema.TermUses = plan.Uses;
        if (schema.Outcomes.Count == 0) { schema.Outcomes.AddRange(plan.Parameters); }
    }

    static bool HasOutcomes(DesignOptions options) => options.Family is Family.Multinomial or Family.Ordinal;

    void RequireReady(Block block, bool needsResponse)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (_fields < 0 || (needsResponse && !_bindsResponse)) { throw new InvalidOperationException("the encoder is not bound to a header; call Bind first"); }
        if (block.Count >= block.Capacity) { throw new InvalidOperationException($"the block is full: it holds {block.Capacity} rows"); }
    }

    /// <summary>First phase of a row with a response; nothing grows.</summary>
    bool TryReadRow(RecordReader record, Block block, IModel model, out Rejection rejection)
    {
        var response = _plan.Response;
        if (!TryReadPredictors(record, block, out rejection)) { return rejection.Reason == RejectionReason.OutsideSupport ? Refuse(record, rejection, "pair", "two different names") : false; }
        if (!_plan.ResponseInputs.TryRead(record, out rejection)) { return IsInfiniteWeight(rejection) ? Refuse(record, rejection, "weight", LegalWeight) : false; }
        if (_plan.Clusters is { } clusters && !clusters.TryFind(record, out rejection)) { return false; }
        if (!response.TryRead(record, out rejection)) { return rejection.Reason != RejectionReason.OutsideSupport ? false : Refuse(record, rejection, "response", response.Legal); }
        if (response.Levels is null && response.Layout.Details == 0 && !model.Supports(response.Value))
        {
            rejection = new(RejectionReason.OutsideSupport, response.Position, response.Text(record));
            return Refuse(record, rejection, "response", response.Legal);
        }
        var weight = _plan.Weights < 0 ? 1 : _plan.ResponseInputs.Values[_plan.Weights];
        if (weight < 0 || !RowInputs.IsUsable(weight))
        {
            var position = _plan.ResponseInputs.Position(_plan.Weights);
            rejection = RowInputs.Reject(RejectionReason.OutsideSupport, position, record.Field(position));
            return Refuse(record, rejection, "weight", LegalWeight);
        }
        return true;
    }

    /// <summary>First phase: parses, looks up and computes. Only the row beyond the block's last one is written.</summary>
    bool TryReadPredictors(RecordReader record, Block block, out Rejection rejection)
    {
        if (record.FieldCount != _fields)
        {
            rejection = Rejection.OfFieldCount(record.FieldCount, _fields);
            return false;
        }
        if (!_plan.Inputs.TryRead(record, out rejection)) { return false; }
        foreach (var factor in _factors)
        {
            if (!factor.TryFind(record, out rejection)) { return false; }
        }
        foreach (var fields in _hashed)
        {
            if (!fields.TryRead(record, out rejection)) { return false; }
        }
        if (_plan.Pairs.Count > 0 && !ArePairs(record, out rejection)) { return false; }
        var dense = block.Dense.AsSpan(block.Count * block.DenseColumns, block.DenseColumns);
        if (_copied.Length > 0)
        {
            block.Offset[block.Count] = 0;
            return TryCopy(record, dense, out rejection);
        }
        return TryCompute(record, block, dense, out rejection);
    }

    /// <summary>Whether the two sides of every pair differ.</summary>
    bool ArePairs(RecordReader record, out Rejection rejection)
    {
        rejection = default;
        foreach (var (first, second) in _plan.Pairs)
        {
            if (!_factors[second].IsSame(record, _factors[first])) { continue; }
            rejection = RowInputs.Reject(RejectionReason.OutsideSupport, _factors[second].Position, record.Field(_factors[second].Position));
            return false;
        }
        return true;
    }

    /// <summary>The dense columns of a design in which each is a column of the data as it stands, or the intercept.</summary>
    bool TryCopy(RecordReader record, Span<double> dense, out Rejection rejection)
    {
        var inputs = _plan.Inputs.Values;
        for (var c = 0; c < dense.Length; c++)
        {
            var value = _copied[c] < 0 ? 1 : inputs[_copied[c]];
            if (!RowInputs.IsUsable(value)) { return NotFinite(record, _plan.Numerics[_plan.Dense[c][0]], out rejection); }
            dense[c] = value;
        }
        rejection = default;
        return true;
    }

    bool TryCompute(RecordReader record, Block block, Span<double> dense, out Rejection rejection)
    {
        for (var i = 0; i < _numerics.Length; i++)
        {
            _numerics[i] = _plan.Numerics[i].Evaluate(_plan.Inputs.Values);
            if (!RowInputs.IsUsable(_numerics[i])) { return NotFinite(record, _plan.Numerics[i], out rejection); }
        }
        for (var c = 0; c < dense.Length; c++)
        {
            dense[c] = Product(_plan.Dense[c]);
            if (!RowInputs.IsUsable(dense[c])) { return NotFinite(record, _plan.Numerics[_plan.Dense[c][0]], out rejection); }
        }
        for (var s = 0; s < _slotValues.Length; s++)
        {
            _slotValues[s] = _plan.Slots[s].Sign * Product(_plan.Slots[s].Numerics);
            if (!RowInputs.IsUsable(_slotValues[s])) { return NotFinite(record, _plan.Numerics[_plan.Slots[s].Numerics[0]], out rejection); }
        }
        var offset = 0.0;
        foreach (var program in _plan.Offsets)
        {
            offset += program.Evaluate(_plan.Inputs.Values);
            if (!RowInputs.IsUsable(offset)) { return NotFinite(record, program, out rejection); }
        }
        block.Offset[block.Count] = offset;
        rejection = default;
        return true;
    }

    /// <summary>For every dense column the input that it copies, or −1 for the intercept; empty when any number of a row is computed, slots and offsets included.</summary>
    static int[] Copied(DesignPlan plan)
    {
        var isCopied = plan.Offsets.Count == 0 && plan.Dense.TrueForAll(numbers => numbers.Length == 0 || (numbers.Length == 1 && plan.Numerics[numbers[0]].OnlyInput >= 0))
            && plan.Slots.TrueForAll(slot => slot.Numerics.Length == 0 && slot.Sign == 1) && plan.Dense.Sum(numbers => numbers.Length) == plan.Numerics.Count;
        return isCopied ? [.. plan.Dense.Select(numbers => numbers.Length == 0 ? -1 : plan.Numerics[numbers[0]].OnlyInput)] : [];
    }

    bool IsInfiniteWeight(in Rejection rejection) =>
        rejection.Reason == RejectionReason.NotFinite && _plan.Weights >= 0 && rejection.Column == _plan.ResponseInputs.Position(_plan.Weights);

    double Product(int[] variables)
    {
        var product = 1.0;
        foreach (var variable in variables) { product *= _numerics[variable]; }
        return product;
    }

    bool NotFinite(RecordReader record, RowProgram program, out Rejection rejection)
    {
        var position = _plan.Inputs.Position(program.FirstInput);
        rejection = RowInputs.Reject(RejectionReason.NotFinite, position, position < 0 ? "a constant"u8 : record.Field(position));
        return false;
    }

    bool Refuse(RecordReader record, in Rejection rejection, string what, string legal)
    {
        if (_options.RejectInvalid) { return false; }
        var column = rejection.Column < 0 || rejection.Column >= record.Columns.Count ? "" : $", column '{record.Columns[rejection.Column]}'";
        var of = what == "pair" ? "compared with itself" : what == "response" ? $"the response {_formula.ResponseName} of the {(_options.Family == Family.Distributional ? _options.Distribution : ModelNames.Name(_options.Family))} family" : "a weight";
        throw new DataException($"{record.FileName}, line {record.Line}{column}: '{rejection.Text}' cannot be {of}; legal is {legal} (--invalid reject leaves such rows out)");
    }

    void SetSlot(Block block, int row, int slot, int column)
    {
        var at = (row * block.Slots) + slot;
        block.Indices[at] = column;
        _columns = Math.Max(_columns, column + 1);
        if (block.Values.Length > 0) { block.Values[at] = _slotValues[slot]; }
    }

    void SetResponse(Block block, int row)
    {
        var response = _plan.Response;
        var weight = _plan.Weights < 0 ? 1 : _plan.ResponseInputs.Values[_plan.Weights];
        block.Response[row] = response.Value;
        response.Details.CopyTo(block.Details.AsSpan(row * response.Layout.Details));
        block.Weight[row] = weight * response.Trials;
        if (response.HasTrials) { block.Trials[row] = response.Trials; }
        if (_plan.Clusters is not null) { block.Cluster[row] = _plan.Clusters.Level; }
    }

    void Finish(Block block)
    {
        ClearEqualPairs(block, block.Count);
        Seal(block);
        block.Count++;
    }

    /// <summary>(other) against (other) says nothing.</summary>
    void ClearEqualPairs(Block block, int row)
    {
        foreach (var slot in _plan.PairSlots)
        {
            var at = (row * block.Slots) + slot;
            if (block.Indices[at] == block.Indices[at + 1]) { (block.Indices[at], block.Indices[at + 1]) = (-1, -1); }
        }
    }
}
