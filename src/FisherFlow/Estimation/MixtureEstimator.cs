using FisherFlow.Information;
using FisherFlow.Mixtures;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>The estimator of mixtures of regressions: EM while all rows are in memory, online EM after that, EM over rereads for exact fits.</summary>
/// <remarks>Columns stay over-complete, as elsewhere; those of a table are chosen where it is solved for. Offsets are taken off the responses. See <see cref="OnlineMixture"/>.</remarks>
sealed class MixtureEstimator : Estimator
{
    const int MostBufferedRows = 1 << 18;
    const int FewestBufferedRows = 1024;
    const int BufferBytes = 16 << 20;
    const int Starts = 10;

    readonly NormalMixture _model;
    readonly Block _layout;
    readonly bool[] _isMean;   // [k] → whether the means use a dense column
    readonly int[] _columns;
    readonly double[] _values;
    readonly Workspace _workspace = new();
    OnlineMixture _mixture;
    ResponseSums _responses = ResponseSums.Empty;
    int _passes = 1;

    internal MixtureEstimator(NormalMixture model, DesignSchema schema, EstimatorOptions options, Block layout) : base(model, schema, options)
    {
        RequireSupported(schema, options);
        (_model, _layout) = (model, layout);
        _isMean = [.. Enumerable.Range(0, layout.DenseColumns).Select(c => schema.Uses(schema.Columns[c].Term, 0))];
        (_columns, _values) = (new int[layout.DenseColumns + layout.Slots], new double[layout.DenseColumns + layout.Slots]);
        var rows = options.BufferRows > 0 ? options.BufferRows : Math.Clamp(BufferBytes / (12 * _columns.Length + 20), FewestBufferedRows, MostBufferedRows);
        _mixture = new(model.Leading, Math.Max(1, schema.Columns.Count), new() { StartRows = Math.Max(2, rows), Starts = Starts, Seed = (int)options.Seed });
    }

    /// <inheritdoc/>
    public override string StructureName => "full";

    /// <inheritdoc/>
    public override ResponseSums Responses => _responses;

    /// <inheritdoc/>
    public override int BufferedRows => _mixture.HeldRows;

    /// <inheritdoc/>
    public override long FoldedRows => _mixture.Count - _mixture.HeldRows;

    ModelShape Shape => new(_layout.DenseColumns, _mixture.Columns, _model.Parameters.Length);

    /// <inheritdoc/>
    public override void Observe(Block block)
    {
        _mixture.Grow(block.Columns);
        Model.Summarise(block, 0, block.Count, ref _responses);
        for (var i = 0; i < block.Count; i++)
        {
            if (block.Weight[i] > 0) { _mixture.Observe(Row(block, i)); }
        }
    }

    /// <inheritdoc/>
    public override Estimate Solve(Identification identification)
    {
        _mixture.Grow(Schema.Columns.Count);
        var solution = _mixture.Solve([.. identification.Free.Where(free => free.Outcome == 0).Select(free => free.Column)]);
        var (factor, late) = (FactorOf(solution), solution.IsMaximum ? 0 : _mixture.LateColumns);
        return new()
        {
            Shape = Shape,
            Theta = Placed(solution.Theta),
            Factor = factor,
            Information = factor.Aliased.Count > 0 && solution.Covariance is not null && BufferedRows == 0 ? InformationOf(solution.Evidence) : null,
            Separated = new bool[factor.Dimension],
            Responses = _responses,
            Deviance = -2 * solution.LogLikelihood,
            Pearson = 0,
            ScoreGauge = solution.IsMaximum ? 0 : solution.Gauge,
            DistanceBound = solution.IsMaximum ? 0 : late == 0 && solution.Deviations is { } deviations ? AuditNoise.Limit(deviations) : double.NaN,
            Iterations = _mixture.Rounds,
            Passes = _passes,
            Converged = solution.IsConverged,
            Mixture = new()
            {
                Weights = solution.Weights(),
                WeightErrors = solution.Refusal is null ? [.. Enumerable.Range(0, _model.Leading).Select(solution.WeightError)] : null,
                InformationShares = solution.Shares,
                Rank = solution.Rank,
                Size = solution.Size,
                Advantage = solution.Advantage,
                LateColumns = late,
                Refusal = solution.Refusal,
            },
        };
    }

    /// <inheritdoc/>
    public override double[] Preview(out ModelShape shape)
    {
        shape = Shape;
        return Placed(_mixture.Preview());
    }

    /// <inheritdoc/>
    public override double Loss(Block block, double[] theta, in ModelShape shape)
    {
        var grown = new ModelShape(shape.DenseColumns, Math.Max(shape.Columns, block.Columns), shape.Outcomes);
        var known = grown == shape ? theta : ParameterLayout.Move(theta, ParameterLayout.Between(Model, shape, grown), Model.Dimension(grown));
        var sums = default(FitSums);
        Model.Work(block, 0, block.Count, grown, known, 0, default, ref sums, _workspace);
        return sums.Deviance / 2;
    }

    /// <inheritdoc/>
    public override Estimate Polish(IBlockSource source, Identification identification)
    {
        if (!source.CanRewind) { throw new NotSupportedException("exact fits read the data several times, and this stream can be read only once"); }
        if (_mixture.HoldsTooFew) { return Solve(identification); }   // which says so
        var polish = new MixturePolish(_mixture);
        do
        {
            source.Rewind();
            _passes++;
            polish.Begin();
            while (source.TryRead(out var block))
            {
                for (var i = 0; i < block.Count; i++)
                {
                    if (block.Weight[i] > 0) { polish.Add(Row(block, i)); }
                }
            }
        }
        while (polish.Advance());
        return Solve(identification);
    }

    /// <inheritdoc/>
    public override void Merge(Estimator other, ReadOnlySpan<int> columns, ReadOnlySpan<int> outcomes, ReadOnlySpan<int> clusters)
    {
        if (other is not MixtureEstimator from || from._model.Leading != _model.Leading) { throw new ArgumentException("only mixtures of as many components can be merged", nameof(other)); }
        _mixture.Grow(Schema.Columns.Count);
        _mixture.Merge(from._mixture, columns);
        _responses.Add(from._responses);
    }

    /// <inheritdoc/>
    /// <remarks>A worker's mixture finds its own start; components are matched when it is merged.</remarks>
    public override Estimator Fork() => new MixtureEstimator(_model, Schema, Options, _layout);

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        writer.Write(StructureName);
        writer.Write(_passes);
        _responses.Save(writer);
        _mixture.Save(writer);
    }

    /// <inheritdoc/>
    public override double[,] FoldedInformation() => InformationOf(_mixture.Evidence);

    private protected override void Restore(StateReader reader)
    {
        var structure = reader.ReadText();
        if (structure != StructureName) { throw new InvalidDataException($"the state keeps its information as '{structure}', not '{StructureName}'"); }
        _passes = reader.ReadInt32();
        _responses = ResponseSums.Load(reader);
        _mixture = OnlineMixture.Load(reader);
        if (_mixture.Components != _model.Leading) { throw new InvalidDataException($"the state holds a mixture of {_mixture.Components} components where {_model.Leading} belong"); }
    }

    static void RequireSupported(DesignSchema schema, EstimatorOptions options)
    {
        if (options.IsStructured) { throw new NotSupportedException("a mixture is learned by EM, with the observed information of all its rows: leave structure, memory, estimate, damping and prior at their defaults"); }
        if (options.Sandwich != Sandwich.None || options.Ridge > 0 || options.Firth) { throw new NotSupportedException("a mixture has the standard errors of its observed information, and no penalty: leave --robust, --ridge and --firth out"); }
        if (options.Structure == Structure.SquareRoot) { throw new NotSupportedException("the observed information of a mixture may be indefinite on the way, and a square root holds positive ones only: leave the structure at full"); }
        if (schema.HasHashed) { throw new NotSupportedException("hashed columns go with generalised linear, multinomial and ordinal models; a mixture lists all its coefficients"); }
    }

    /// <summary>A row without its zeros; valid until the next.</summary>
    MixtureRow Row(Block block, int row)
    {
        var n = 0;
        for (var j = 0; j < block.DenseColumns; j++)
        {
            var value = block.Dense[row * block.DenseColumns + j];
            if (value != 0 && _isMean[j]) { (_columns[n], _values[n++]) = (j, value); }
        }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] >= 0) { (_columns[n], _values[n++]) = (block.Indices[s], block.HasValues ? block.Values[s] : 1); }
        }
        return new(_columns.AsSpan(0, n), _values.AsSpan(0, n), block.Response[row] - block.Offset[row], block.Weight[row]);
    }

    /// <summary>Where the model keeps each parameter of the mixture <c>[d]</c>; −1 for what it has not: the first weight, and columns that means do not use.</summary>
    int[] Places(MixtureModel model)
    {
        var (places, shape) = (new int[model.Dimension], Shape);
        for (var k = 0; k < model.Components; k++)
        {
            for (var j = 0; j < model.Columns; j++) { places[k * model.Stride + j] = Model.Parameter(shape, k, j); }
            places[model.Scale(k)] = _model.Constant(shape, model.Components + k);
            places[model.Weight(k)] = k == 0 ? -1 : _model.Constant(shape, _model.Weight(k));
        }
        return places;
    }

    /// <summary>Parameters of the mixture <c>[d]</c> where the model keeps them; the first log-weight is taken off the others.</summary>
    double[] Placed(double[] theta)
    {
        var (model, placed) = (_mixture.Model, new double[Model.Dimension(Shape)]);
        foreach (var (i, place) in Places(model).Index())
        {
            if (place >= 0) { placed[place] = theta[i] - (i % model.Stride == model.Columns + 1 ? theta[model.Weight(0)] : 0); }
        }
        return placed;
    }

    double[,] InformationOf(MixtureEvidence evidence)
    {
        var (model, all) = (_mixture.Model, Enumerable.Range(0, _mixture.Model.Dimension).ToArray());
        var (information, places, d) = (evidence.Information(all), Places(model), Model.Dimension(Shape));
        var folded = new double[d, d];
        for (var i = 0; i < all.Length; i++)
        {
            for (var j = 0; j < all.Length && places[i] >= 0; j++)
            {
                if (places[j] >= 0) { folded[places[i], places[j]] = information[i * all.Length + j]; }
            }
        }
        return folded;
    }

    Factor FactorOf(MixtureSolution solution)
    {
        var places = Places(solution.Model);
        int[] kept = [.. solution.Model.Free(solution.Kept).Select(i => places[i])];
        int[] aliased = [.. Enumerable.Range(0, solution.Model.Components).SelectMany(k => solution.Aliased.Select(column => places[k * solution.Model.Stride + column]))];
        var upper = (double[])solution.Upper.Clone();
        for (var i = 0; i < kept.Length; i++) { upper.AsSpan(i * kept.Length, i).Clear(); }
        var dimension = Model.Dimension(Shape);
        return new(dimension, kept, aliased, upper, new double[dimension]);
    }
}
