using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Snapshots;
using FisherFlow.StateSpace;

namespace FisherFlow.Estimation;

/// <summary>Regression with coefficients that walk at random: today's θ, and what is known of it when old rows speak of an older θ.</summary>
/// <remarks>
/// <c>θₜ = θₜ₋₁ + N(0, qφ)</c> for every coefficient, one step a row; with slopes, <c>θₜ = θₜ₋₁ + βₜ₋₁ + N(0, q₁φ)</c>, <c>βₜ = βₜ₋₁ + N(0, q₂φ)</c>. The filter is <see cref="DriftingState"/>.
/// The first rows wait until the sizes of columns are known (and, where q is to be estimated, until its likelihood can be: the first 2,000 rows); coefficients start from N(0, κ) with κ so large that it says nothing,
/// which also serves levels that the stream brings later. Over-complete levels each walk; the table's contrasts are those of the whole.
/// Memory and cost: <c>O(d²)</c>, a row. Merging is refused: two streams that drift apart at the same time have no order of rows between them, and a filter is nothing but an order.
/// </remarks>
sealed class DriftingEstimator : Estimator
{
    const int FirstRows = 50;
    const int RowsForVariances = 2000;
    const int MostParameters = 2000;
    const double VagueVariance = 1e7;        // of a gaussian coefficient, in units of φ and its column's mean square
    const double VagueVarianceOfUnit = 1e3;  // where a unit of the linear predictor is a large move

    readonly Block _layout;
    RowBuffer _first;
    DriftingState _state;
    ModelShape _shape;
    ResponseSums _responses = ResponseSums.Empty;
    double[] _sizes = [];   // mean squares of the dense columns
    double _drift, _slopeDrift;
    long _steps, _rejected;
    int[] _columns = [];
    double[] _values = [];

    public DriftingEstimator(IModel model, DesignSchema schema, EstimatorOptions options, Block layout) : base(model, schema, options)
    {
        if (model.IsOrdinal || model.HasAuxiliary || model.Predictors(new(1, 1, 2)) > 1)
        {
            throw new NotSupportedException($"drifting coefficients ({options.Memory}) are for families with one linear predictor and no parameter besides it: gaussian, binomial, poisson, gamma, inverse-gaussian and tweedie");
        }
        if (options.Sandwich != Sandwich.None || options.Firth || options.Ridge > 0 || (options with { Memory = default }).IsStructured || schema.HasHashed)
        {
            throw new NotSupportedException($"drifting coefficients ({options.Memory}) have a covariance and a start of their own: leave robust errors, ridge, Firth's penalty, structure, estimate, damping, prior and hashed columns out");
        }
        (_layout, _first, _drift, _slopeDrift) = (layout, new(layout), options.Memory.Drift, options.Memory.SlopeDrift);
        _state = NewState();
        _shape = new(layout.DenseColumns, layout.DenseColumns, 1);
    }

    /// <inheritdoc/>
    public override string StructureName => "kalman";

    /// <inheritdoc/>
    public override ResponseSums Responses => _responses.Detached();

    /// <inheritdoc/>
    public override int BufferedRows => _first.Count;

    /// <inheritdoc/>
    public override long FoldedRows => _steps;

    bool HasBegun => _sizes.Length > 0 || _steps > 0;

    bool EstimatesDrift => double.IsNaN(_drift);

    /// <inheritdoc/>
    public override void Observe(Block block)
    {
        Model.Summarise(block, 0, block.Count, ref _responses);
        if (HasBegun)
        {
            Filter(_state, block, _drift, _slopeDrift);
            return;
        }
        _first.Append(block, 0, block.Count);
        if (_first.Count >= (EstimatesDrift ? RowsForVariances : FirstRows)) { Begin(); }
    }

    /// <inheritdoc/>
    public override Estimate Solve(Identification identification)
    {
        if (!HasBegun) { return Begun().Solve(identification); }
        if (identification.Shape != _shape) { Grow(identification.Shape); }
        var evidence = new FullInformation(_state.Mean.Length);
        AddInformation(evidence);
        var factor = evidence.Factorise(identification.Order(), default, default);
        var theta = factor.Step.ToArray();
        return new()
        {
            Shape = _shape,
            Theta = theta,
            Factor = factor,
            Information = factor.Aliased.Count > 0 ? evidence.ToDense() : null,
            Separated = new bool[theta.Length],
            Responses = _responses.Detached(),
            Deviance = _state.Errors,
            Pearson = _state.Errors,
            LogLikelihood = LogLikelihood(),
            ScoreGauge = 0,
            DistanceBound = 0,
            Iterations = 0,
            Passes = 1,
            Converged = true,
            Structured = new()
            {
                Structure = new(Structure.Full),
                Memory = Options.Memory.With(_drift, _slopeDrift),
                DriftIsEstimated = double.IsNaN(Options.Memory.Drift),
                DispersionDegrees = _state.Innovations,
                ResidualDegrees = _state.Innovations,
                NotFinite = _rejected,
            },
        };
    }

    /// <inheritdoc/>
    public override double[] Preview(out ModelShape shape)
    {
        if (!HasBegun && _first.Count > 0) { return Begun().Preview(out shape); }
        shape = _shape;
        return _state.Mean.Length > 0 ? [.. _state.Mean] : new double[Model.Dimension(_shape)];
    }

    /// <inheritdoc/>
    public override double Loss(Block block, double[] theta, in ModelShape shape)
    {
        var grown = new ModelShape(shape.DenseColumns, Math.Max(shape.Columns, block.Shape.Columns), 1);
        var known = grown == shape ? theta : ParameterLayout.Move(theta, ParameterLayout.Between(Model, shape, grown), Model.Dimension(grown));
        var sums = default(FitSums);
        Model.Work(block, 0, block.Count, grown, known, 0, default, ref sums, new());
        return sums.Deviance / 2;
    }

    /// <inheritdoc/>
    public override Estimate Polish(IBlockSource source, Identification identification) =>
        throw new NotSupportedException($"drifting coefficients ({Options.Memory}) have no exact fit: the filter has used every row in its order, once");

    /// <inheritdoc/>
    public override void Merge(Estimator other, ReadOnlySpan<int> columns, ReadOnlySpan<int> outcomes, ReadOnlySpan<int> clusters) =>
        throw NoMerge();

    /// <inheritdoc/>
    public override Estimator Fork() => throw NoMerge();

    /// <inheritdoc/>
    public override double[,] FoldedInformation()
    {
        var evidence = new FullInformation(_state.Mean.Length);
        AddInformation(evidence);
        return evidence.ToDense();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        _responses.Save(writer);
        _first.Save(writer);
        writer.Write(_sizes);
        writer.Write([_drift, _slopeDrift]);
        writer.Write(_steps);
        writer.Write(_rejected);
        writer.Write(_shape.Columns);
        foreach (var numbers in _state.Numbers) { writer.Write(numbers); }
    }

    private protected override void Restore(StateReader reader)
    {
        _responses = ResponseSums.Load(reader);
        _first = RowBuffer.Load(reader, _layout);
        _sizes = reader.ReadDoubles();
        if (reader.ReadDoubles() is [var drift, var slopeDrift]) { (_drift, _slopeDrift) = (drift, slopeDrift); }
        (_steps, _rejected) = (reader.ReadInt64(), reader.ReadInt64());
        _shape = _shape with { Columns = reader.ReadInt32() };
        _state.Numbers = [.. Enumerable.Range(0, 6).Select(_ => reader.ReadDoubles())];
    }

    NotSupportedException NoMerge() => new($"states with drifting coefficients ({Options.Memory}) have no order of rows between them, so they cannot be merged");

    DriftingState NewState() => new(Model, _layout.HasTrials, Options.Memory.Kind == MemoryKind.LocalTrend);

    /// <summary>A copy that has taken the rows that still wait, as if no more were to come.</summary>
    DriftingEstimator Begun()
    {
        var copy = new DriftingEstimator(Model, Schema, Options, _layout) { _first = _first.Copy(), _responses = _responses.Detached(), _shape = _shape };
        copy.Begin();
        return copy;
    }

    void Begin()
    {
        var rows = _first.Rows;
        _sizes = new double[rows.DenseColumns];
        for (var j = 0; j < _sizes.Length; j++)
        {
            for (var i = 0; i < rows.Count; i++) { _sizes[j] += rows.Dense[i * rows.DenseColumns + j] * rows.Dense[i * rows.DenseColumns + j] / rows.Count; }
            if (!(_sizes[j] > 0)) { _sizes[j] = 1; }
        }
        if (EstimatesDrift) { EstimateDrift(rows); }
        Filter(_state, rows, _drift, _slopeDrift);
        _first = new(_layout);
    }

    /// <summary>Maximises the likelihood of the prediction errors over the first rows.</summary>
    void EstimateDrift(Block rows)
    {
        var count = Options.Memory.Kind == MemoryKind.LocalTrend ? 2 : 1;
        var shape = _shape;
        var best = NoiseVariances.Estimate(count, 0.1, variances =>
        {
            var state = NewState();
            _shape = shape;
            Filter(state, rows, variances[0], count == 2 ? variances[1] : 0);
            return state.Innovations == 0 ? 0 : -0.5 * state.Deviance;
        });
        (_shape, _steps, _rejected) = (shape, 0, 0);
        (_drift, _slopeDrift) = (best.Variances[0], count == 2 ? best.Variances[1] : 0);
    }

    void Filter(DriftingState state, Block block, double drift, double slopeDrift)
    {
        var grown = new ModelShape(_shape.DenseColumns, Math.Max(_shape.Columns, block.Columns), 1);
        if (grown != _shape || state.Mean.Length == 0) { Grow(grown, state); }
        var width = block.DenseColumns + block.Slots;
        if (_columns.Length < width) { (_columns, _values) = (new int[width], new double[width]); }
        for (var row = 0; row < block.Count; row++)
        {
            if (_steps > 0) { state.Predict(drift, slopeDrift); }
            var used = Gather(block, row);
            if (!state.Observe(block, row, _columns.AsSpan(0, used), _values.AsSpan(0, used))) { _rejected++; }
            _steps++;
        }
    }

    void Grow(in ModelShape shape) => Grow(shape, _state);

    void Grow(in ModelShape shape, DriftingState state)
    {
        var d = Model.Dimension(shape);
        if (d > MostParameters) { throw new InvalidOperationException($"the model has grown to {d:N0} parameters, and {MostParameters:N0} can drift at most: their covariance changes with every row; cap levels with --max-levels"); }
        var map = state.Mean.Length == 0 ? [] : ParameterLayout.Between(Model, _shape, shape);
        var prior = new double[d];
        Array.Fill(prior, Variance);
        for (var c = 0; c < shape.DenseColumns; c++)
        {
            var parameter = Model.Parameter(shape, 0, c);
            if (parameter >= 0 && _sizes.Length > 0) { prior[parameter] = Variance / _sizes[c]; }
        }
        state.Grow(map, prior);
        _shape = shape;
    }

    double Variance => Model.HasUnitScale ? VagueVarianceOfUnit : VagueVariance;

    int Gather(Block block, int row)
    {
        var used = 0;
        for (var c = 0; c < block.DenseColumns; c++)
        {
            var value = block.Dense[row * block.DenseColumns + c];
            if (value != 0) { (_columns[used], _values[used++]) = (Model.Parameter(_shape, 0, c), value); }
        }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] < 0) { continue; }
            (_columns[used], _values[used++]) = (Model.Parameter(_shape, 0, block.Indices[s]), block.HasValues ? block.Values[s] : 1);
        }
        return used;
    }

    /// <summary>Adds <c>I = P⁻¹</c> about 0 with the score <c>Iθ</c>: with <c>P = LLᵀ</c>, the rows of L⁻¹ are design rows of weight one and responses L⁻¹θ.</summary>
    void AddInformation(FullInformation evidence)
    {
        var d = _state.Mean.Length;
        var covariance = new double[d, d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) { covariance[i, j] = (_state.Covariance[i * d + j] + _state.Covariance[j * d + i]) / 2; }
        }
        var whitener = Square.Inverse(Square.Root(covariance, negligible: 1e-25), smallest: 1e-25) ?? throw new InvalidOperationException("the covariance of the coefficients has lost its rank to rounding; columns whose sizes differ by many orders of magnitude do that: rescale them");
        var (row, one) = (new double[d], 1.0);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) { row[j] = whitener[i, j]; }
            var response = Square.Dot(row, _state.Mean);
            evidence.Add(new DesignRows(1, d, row, 0, default, default), new(in one), new(in response));
        }
    }

    /// <summary>The log-likelihood of the prediction errors, for a gaussian response; that of others has no closed form.</summary>
    double? LogLikelihood()
    {
        var n = _state.Innovations;
        return Model.IsQuadratic && Model.EstimatesDispersion && n > 0 && _state.Errors > 0 ? -0.5 * (n * (Math.Log(2 * Math.PI * _state.Errors / n) + 1) + _state.LogVariances) : null;
    }
}
