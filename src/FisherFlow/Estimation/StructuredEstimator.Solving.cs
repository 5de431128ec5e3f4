using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Solving: the estimate in the coordinates of a table, with the variances that the structure has.</summary>
sealed partial class StructuredEstimator<TInformation>
{
    const int MostMatrix = 2000;     // parameters of an approximate structure for which a covariance matrix is worked out
    const int MostEigen = 512;
    const double SilentInformation = 0.05;

    /// <summary>Whether the structure holds every product of two columns, so that a table's coordinates are a matter of solving.</summary>
    static bool IsExact => TInformation.Name is "full" or "square-root" or "sparse";

    /// <inheritdoc/>
    public override Estimate Solve(Identification identification)
    {
        var (state, window, solution) = (_state, _window, default(ProximalSolution));
        if (_buffer.Count > 0)
        {
            (state, window) = (_state.Copy(), _window?.Copy());
            solution = FoldInto(state, window, _buffer.Copy());
        }
        var coordinates = IsExact && state.Theta.Length <= MostDense ? Exact(state, identification)
            : state.Theta.Length <= MostMatrix && !Schema.HasHashed ? Approximate(state, identification)
            : Wide(state, identification);
        return Describe(state, window, identification, solution, coordinates);
    }

    /// <inheritdoc/>
    public override double[] Preview(out ModelShape shape)
    {
        shape = Shape;
        if (_state.Rows > 0 || _buffer.Count == 0) { return _state.Theta; }
        var state = _state.Copy();
        FoldInto(state, null, _buffer.Copy());
        return state.Theta;
    }

    /// <inheritdoc/>
    public override double Loss(Block block, double[] theta, in ModelShape shape)
    {
        var grown = new ModelShape(shape.DenseColumns, Math.Max(shape.Columns, block.Shape.Columns), Math.Max(shape.Outcomes, block.Shape.Outcomes));
        var known = grown == shape ? theta : ParameterLayout.Move(theta, ParameterLayout.Between(Model, shape, grown), Model.Dimension(grown));
        var sums = default(FitSums);
        const int Chunk = 1024;
        for (var start = 0; start < block.Count; start += Chunk)
        {
            Model.Work(block, start, Math.Min(Chunk, block.Count - start), grown, known, _state.Auxiliary, default, ref sums, _workspace);
        }
        return sums.Deviance / 2;
    }

    /// <summary>θ of a table with its factor.</summary>
    /// <param name="Theta">θ <c>[d]</c>.</param>
    /// <param name="Factor">Factor of the precision of the estimate.</param>
    /// <param name="Degrees"><c>tr(I⁻¹ Σ ω²F)</c>: degrees of freedom that the parameters take.</param>
    /// <param name="Damping">δ.</param>
    /// <param name="Information">The information where something is aliased, else null.</param>
    readonly record struct Coordinates(double[] Theta, Factor Factor, double Degrees, double Damping, double[,]? Information)
    {
        /// <summary>Share of another state's information that counted, or null.</summary>
        public double? Transferred { get; init; }
    }

    /// <summary>A structure that holds everything: <c>(I + Λ)θ′ = Iθ + s</c> over the free parameters.</summary>
    Coordinates Exact(StructuredState<TInformation> state, Identification identification)
    {
        var (order, d) = (Order(identification, state), state.Theta.Length);
        var dense = state.Information.ToDense();
        var gram = Gather(dense, order);
        var damping = DampingOf(gram, order.Length);
        var prior = Prior(identification, order, damping);
        for (var i = 0; i < order.Length; i++) { gram[i * order.Length + i] += prior[i]; }
        var right = new double[d];
        state.Information.Multiply(state.Theta, right);
        if (state.Score.Length > 0) { TensorPrimitives.Add(right, state.Score, right); }
        var factor = Factorise(state, order, gram, prior, d);
        var theta = Refined(factor, state, right, order, prior);
        var degrees = (double)factor.Rank;
        if (state.Squared is { } squared) { factor = Sandwiched(factor, squared.ToDense(), order, prior, out degrees); }
        double? transferred = null;
        if (_transfer is not null)
        {
            var free = state.Mass - degrees;
            var dispersion = Model.EstimatesDispersion && free > 0 && state.Sums.Pearson > 0 ? state.Sums.Pearson / free : 1;
            factor = _transfer.Apply(theta, factor, dispersion, TransferredPrior.Names(Schema, Model, identification), identification, out var share);
            transferred = share;
        }
        return new(theta, factor, degrees, damping, factor.Aliased.Count > 0 ? dense : null) { Transferred = transferred };
    }

    /// <summary>A structure that leaves dependence out: <c>θ′ = Tθ</c> with covariance <c>T(I + Λ)⁻¹Tᵀ</c>.</summary>
    Coordinates Approximate(StructuredState<TInformation> state, Identification identification)
    {
        var d = state.Theta.Length;
        var canonical = new CanonicalCoordinates(Schema, Model, identification);
        var damping = Damping(state);
        var (diagonal, prior) = (new double[d], PriorOf(damping, d));
        state.Information.CopyDiagonal(diagonal);
        var seen = Enumerable.Range(0, d).Where(i => diagonal[i] + prior[i] > 0).ToArray();
        var gram = Gather(state.Information.ToDense(), seen);
        for (var i = 0; i < seen.Length; i++) { gram[i * seen.Length + i] += prior[seen[i]]; }
        var inner = new Factor(d, seen, [], LimitedPivoting.Cholesky(gram, seen, null, out var kept, out _), new double[d]);
        // directions enough for all that over-complete columns share: the structure is singular as the full information is, and solved as that is
        if (kept.Length < seen.Length && TInformation.Name is "low-rank") { return Exact(state, identification); }
        if (kept.Length < seen.Length) { inner = new Factor(d, kept, [], inner.Upper.ToArray(), new double[d]); }
        var degrees = TraceRatio(state, diagonal, prior);
        var spread = inner.Inverse();
        if (state.Squared is { } squared) { spread = Sandwich(spread, Gather(squared.ToDense(), kept), kept, prior); }
        var place = new int[d];
        Array.Fill(place, -1);
        for (var i = 0; i < kept.Length; i++) { place[kept[i]] = i; }
        var order = Order(identification, state);
        var rows = order.Select(parameter => RowOf(canonical, parameter)).ToArray();
        var known = Enumerable.Range(0, order.Length).Where(i => rows[i].All(entry => place[entry.Parameter] >= 0)).ToArray();
        var covariance = Transform(spread, kept.Length, [.. known.Select(i => rows[i])], place);
        var factor = OfCovariance(covariance, [.. known.Select(i => order[i])], [.. order.Where((_, i) => !known.Contains(i))], d);
        return new(canonical.Map(state.Theta, Model), factor, degrees, damping, null);
    }

    /// <summary>More parameters than a matrix has room for: variances by the structure's own diagonal, of contrasts as if levels were independent.</summary>
    Coordinates Wide(StructuredState<TInformation> state, Identification identification)
    {
        var d = state.Theta.Length;
        var canonical = new CanonicalCoordinates(Schema, Model, identification);
        var damping = Damping(state);
        var diagonal = DiagonalOf(state.Information);
        var squared = state.Squared is null ? default : DiagonalOf(state.Squared);
        var inverse = BatchFolder<TInformation>.IsSeparable ? null : new double[d];
        if (inverse is not null && !state.Information.InverseDiagonal(inverse, Math.Max(damping, _folder.Prior.Least)).IsSolved) { inverse = null; }
        var prior = new Dictionary<int, double>();   // of what a table lists; hashed columns are alike
        foreach (var column in identification.Listed)
        {
            for (var o = 0; o < Shape.Outcomes; o++) { prior[Math.Max(-1, Model.Parameter(Shape, o, column))] = _folder.Prior.Of(column); }
        }
        var order = Order(identification, state);
        var (kept, aliased, spread) = (new List<int>(order.Length), new List<int>(), new List<double>(order.Length));
        var degrees = 0.0;
        foreach (var parameter in order)
        {
            var (sum, known) = (0.0, true);
            foreach (var (source, factor) in RowOf(canonical, parameter))
            {
                var total = diagonal[source] + damping + prior.GetValueOrDefault(source, IsHashed(source) ? _folder.Prior.OfHashedColumn : _folder.Prior.Of(-1));
                var variance = inverse is not null ? inverse[source] : total > 0 ? 1 / total : 0;
                if (!squared.IsEmpty && diagonal[source] > 0) { variance *= squared[source] / diagonal[source]; }
                sum += factor * factor * variance;
                known &= variance > 0;
                if (source == parameter && total > 0) { degrees += (squared.IsEmpty ? diagonal[source] : squared[source]) / total; }
            }
            if (!known || !(sum > 0)) { aliased.Add(parameter); continue; }
            kept.Add(parameter);
            spread.Add(sum);
        }
        return new(canonical.Map(state.Theta, Model), Factor.OfVariances(d, [.. kept], [.. aliased], [.. spread]), degrees, damping, null);
    }

    /// <summary>The diagonal of an information <c>[d]</c>: its own where it is one, as millions of parameters are not copied without need.</summary>
    static ReadOnlySpan<double> DiagonalOf(TInformation information)
    {
        if (information is DiagonalInformation own) { return own.Diagonal; }
        var diagonal = new double[information.Dimension];
        information.CopyDiagonal(diagonal);
        return diagonal;
    }

    Estimate Describe(StructuredState<TInformation> state, WindowedEvidence<TInformation>? window, Identification identification, in ProximalSolution solution, in Coordinates coordinates)
    {
        var isExact = Model.IsQuadratic && IsExact;
        var allInMemory = _state.Rows == 0;
        var responses = window is null ? _responses.Detached() : window.Responses;
        var sums = state.Sums;
        if (Model.HasAuxiliary) { (responses.Saturated, responses.Carrier) = (sums.Saturated, sums.Carrier); }
        var isStationary = Options.Memory.Kind is MemoryKind.Stationary or MemoryKind.Window;
        return new()
        {
            Shape = Shape,
            Theta = coordinates.Theta,
            Factor = coordinates.Factor,
            Information = coordinates.Information,
            Separated = Separated(state, coordinates.Factor, solution.IsSeparating),
            Responses = responses,
            Deviance = sums.Deviance,
            Pearson = sums.Pearson,
            NullDeviance = isStationary && !_hasOffset ? Model.NullDeviance(responses, Schema.HasIntercept, state.Auxiliary) : null,
            Auxiliary = Model.HasAuxiliary ? Math.Exp(state.Auxiliary) : null,
            AuxiliaryStandardError = Model.HasAuxiliary && state.AuxiliaryInformation > 0 ? Math.Exp(state.Auxiliary) / Math.Sqrt(state.AuxiliaryInformation) : null,
            ScoreGauge = solution.Gauge,
            DistanceBound = (isExact || allInMemory) && _transfer is null ? 0 : double.NaN,
            Iterations = state.Iterations,
            Passes = 1,
            Converged = state.Converged && state.Rows > 0,
            Ridge = Options.Ridge,
            Structured = Report(state, window, coordinates),
        };
    }

    StructureReport Report(StructuredState<TInformation> state, WindowedEvidence<TInformation>? window, in Coordinates coordinates)
    {
        var fades = state.Squared is not null;
        double? effective = fades && state.SquaredWeight > 0 ? state.Weight * state.Weight / state.SquaredWeight : null;
        var counted = fades ? state.Mass : window?.Held ?? state.Rows - _responses.ZeroWeights;
        var met = MetHashed(state);
        return new()
        {
            Structure = new(StructureKind, StructureKind == Structure.LowRank ? Options.Rank : 0),
            Memory = Options.Memory,
            Information = Options.Information,
            UnderstatesVariance = TInformation.UnderstatesVariance,
            Damping = Options.Damping,
            DampingPrecision = coordinates.Damping,
            Epsilon = Options.Epsilon,
            HashedColumns = Schema.HashedColumns,
            HashedMet = met,
            HashedPrior = Schema.HasHashed ? _folder.Prior.OfHashedColumn : 0,
            EffectiveObservations = effective,
            DispersionDegrees = fades || Schema.HasHashed ? Math.Max(counted - coordinates.Degrees, 0) : null,
            ResidualDegrees = fades ? (long)Math.Max(0, Math.Round((effective ?? 0) - coordinates.Factor.Rank)) : Schema.HasHashed ? (long)Math.Max(0, counted - coordinates.Degrees) : null,
            Fallbacks = state.Fallbacks,
            NotFinite = state.NotFinite,
            TransferDiscount = coordinates.Transferred,
            Changes = [.. _changes],
        };
    }

    static Structure StructureKind => Array.Find(_kinds, pair => pair.Name == TInformation.Name).Kind;

    static readonly (string Name, Structure Kind)[] _kinds =
    [
        ("full", Structure.Full), ("square-root", Structure.SquareRoot), ("diagonal", Structure.Diagonal), ("block", Structure.Block), ("block-diagonal", Structure.Block),
        ("low-rank", Structure.LowRank), ("sparse", Structure.Sparse), ("scalar", Structure.Scalar),
    ];

    /// <summary>Levels that are all but without information and have no prior have run away; so have those of a batch that still runs.</summary>
    bool[] Separated(StructuredState<TInformation> state, Factor factor, bool isSeparating)
    {
        var separated = new bool[state.Theta.Length];
        if (Model.EstimatesDispersion || Options.Ridge > 0 || Options.Epsilon > 0 || Options.Damping.Kind != DampingKind.None || _responses.Observations == 0) { return separated; }
        var diagonal = DiagonalOf(state.Information);
        var unit = _responses.Weight / _responses.Observations;
        foreach (var parameter in factor.Kept)
        {
            if (!IsHashed(parameter) && diagonal[parameter] < SilentInformation * unit && (isSeparating || parameter >= Shape.DenseColumns * (Model.IsOrdinal ? 1 : Shape.Outcomes))) { separated[parameter] = true; }
        }
        return separated;
    }

    /// <summary>Free parameters in the order of a table, then the hashed ones that rows have met.</summary>
    int[] Order(Identification identification, StructuredState<TInformation> state)
    {
        var listed = identification.Order();
        if (!Schema.HasHashed) { return listed; }
        var diagonal = DiagonalOf(state.Information);
        var order = new List<int>(listed);
        for (var o = 0; o < (Model.IsOrdinal ? 1 : Shape.Outcomes); o++)
        {
            for (var c = Schema.DenseColumns; c < Schema.DenseColumns + Schema.HashedColumns; c++)
            {
                var parameter = Model.Parameter(Shape, o, c);
                if (diagonal[parameter] > 0) { order.Add(parameter); }
            }
        }
        return [.. order];
    }

    bool IsHashed(int parameter)
    {
        if (!Schema.HasHashed) { return false; }
        var outcomes = Model.Predictors(Shape) > 1 && !Model.IsOrdinal ? Shape.Outcomes : 1;   // K parameters a column
        return Schema.IsHashed(parameter / outcomes);
    }

    int MetHashed(StructuredState<TInformation> state)
    {
        if (!Schema.HasHashed) { return 0; }
        var met = 0;
        var diagonal = DiagonalOf(state.Information);
        for (var c = Schema.DenseColumns; c < Schema.DenseColumns + Schema.HashedColumns; c++) { met += diagonal[Model.Parameter(Shape, 0, c)] > 0 ? 1 : 0; }
        return met;
    }

    IReadOnlyList<(int Parameter, double Factor)> RowOf(CanonicalCoordinates canonical, int parameter) => IsHashed(parameter) ? [(parameter, 1.0)] : canonical.Row(parameter);
}
