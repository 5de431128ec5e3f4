using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Estimation;

/// <summary>Solves a batch against a state and keeps its information: one renewable step under any structure.</summary>
/// <remarks>
/// <c>θ′ = argmax ℓ_B(θ) + s₀ᵀ(θ − θ₀) − ½‖θ − θ₀‖²_I</c>, then <c>I ← fade·I + Σ ω F(θ′)</c> as far as the structure has room. Rows of a fading batch count ω = λ^age, so that
/// the answer does not depend on how the stream is cut. Under a structure that couples nothing, only the columns that the batch touches are looked at.
/// </remarks>
sealed class BatchFolder<TInformation>(IModel model, DesignSchema schema, EstimatorOptions options) where TInformation : class, IInformation<TInformation>
{
    const int Chunk = 1024;
    const double WidestCorner = 1;        // of a scale
    const double CornerNarrowing = 0.2;

    /// <summary>Whether the structure couples no parameters, so that those a batch does not touch stay where they are.</summary>
    public static readonly bool IsSeparable = TInformation.Name is "diagonal" or "scalar";

    readonly IModel _informed = options.Informed(model);
    readonly IModel? _products = options.IsSigned(model) ? model.WithInformation(InformationKind.Empirical) : null;
    ProximalBatch _batch = new(model);
    readonly PriorPrecision _prior = new(model, schema, options);
    readonly TouchedColumns _touched = new();
    readonly DiagonalPart _diagonal = new();
    readonly ObservedBatch _observed = new();
    readonly Workspace _workspace = new();
    double[] _ages = [];
    double[] _local = [];
    double[] _all = [];
    double[] _fadedScore = [];
    double[] _weights = [];
    double[] _squares = [];
    int[] _indices = [];

    /// <summary>The prior that goes with every solve.</summary>
    public PriorPrecision Prior => _prior;

    /// <summary>Folds the first rows of a buffer, whose weights are replaced by faded ones; false when nothing finite came of them, and the state is as it was.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="rows">The rows; they are of no use afterwards.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="responses">Sums over their responses: where a cold start begins.</param>
    /// <param name="damping">What is added to the information while it is solved.</param>
    /// <param name="solution">Where the batch ended.</param>
    public bool TryFold(StructuredState<TInformation> state, Block rows, int count, in ModelShape shape, in ResponseSums responses, double damping, out ProximalSolution solution)
    {
        rows.FirstRow = state.Rows;
        var fade = Fade(rows, count, options.Memory.Retention);
        if (!IsSeparable)
        {
            solution = Solve(state, rows, count, shape, new StructurePart<TInformation>(state.Information), state.Theta, state.Score, default, responses, damping, fade, out var change);
            if (!solution.IsUsable) { return false; }
            var before = state.Score;
            Adopt(state, rows, count, shape, state.Theta, solution, fade, change);
            if (before.Length > 0) { _batch.Score.CopyTo(state.Score); }
            return true;
        }
        _touched.Enter(model, rows, count, shape);
        var d = _touched.Dimension;
        if (_local.Length < d) { _local = new double[Math.Max(d, 2 * _local.Length)]; }
        Gather(state, d);
        solution = Solve(state, rows, count, _touched.Shape, _diagonal, _local.AsSpan(0, d), default, _touched.Columns, responses, damping, fade, out var moved);
        if (solution.IsUsable)
        {
            for (var i = 0; i < d; i++) { state.Theta[_touched.Parameters[i]] = _local[i]; }
            Adopt(state, rows, count, _touched.Shape, _local.AsSpan(0, d), solution, fade, moved);
        }
        _touched.Leave(rows, count);
        return solution.IsUsable;
    }

    ProximalSolution Solve(StructuredState<TInformation> state, Block rows, int count, in ModelShape shape, QuadraticPart past, Span<double> theta, ReadOnlySpan<double> score,
        ReadOnlySpan<int> columns, in ResponseSums responses, double damping, double fade, out double change)
    {
        var cold = state.Rows == 0;
        if (_fadedScore.Length < score.Length) { _fadedScore = new double[score.Length]; }
        TensorPrimitives.Multiply(score, fade, _fadedScore.AsSpan(0, score.Length));
        past.Scale = fade;
        var problem = new ProximalProblem(shape, past)
        {
            Penalty = _prior.Under(shape, columns),
            Damping = damping,
            Tolerance = 1e-8,
            MaxIterations = cold ? 100 : 25,
            StartAtResponses = cold,
            Constant = Constant(shape),
            Auxiliary = (model.HasAuxiliary, state.Auxiliary, fade * state.AuxiliaryScore, fade * state.AuxiliaryInformation),
        };
        if (_all.Length < theta.Length) { _all = new double[Math.Max(theta.Length, 2 * _all.Length)]; }
        var before = _all.AsSpan(0, theta.Length);
        theta.CopyTo(before);
        if (cold) { model.Start(shape, responses, rows, theta); }
        var solution = model is DistributionalModel { HasCorners: true } cornered
            ? Approach(cornered, problem, rows, count, theta, _fadedScore.AsSpan(0, score.Length))
            : _batch.Solve(problem, rows, count, theta, _fadedScore.AsSpan(0, score.Length), state.Auxiliary);
        change = 0;
        if (!solution.IsUsable)
        {
            before.CopyTo(theta);
            return solution;
        }
        change = Change(past, theta, before, _fadedScore.AsSpan(0, score.Length));
        return solution;
    }

    /// <summary>Follows the maximum while the density's corners narrow, until their rounding is small against the sampling error of the batch.</summary>
    /// <remarks>A step starts where the last one ended, from where the quadratic of earlier rows has the score <c>s₀ − I(θ − θ₀)</c>.</remarks>
    ProximalSolution Approach(DistributionalModel cornered, ProximalProblem problem, Block rows, int count, Span<double> theta, ReadOnlySpan<double> score)
    {
        var (left, delta, pull) = (new double[theta.Length], new double[theta.Length], new double[theta.Length]);
        score.CopyTo(left);
        var (last, iterations) = (Math.Clamp(0.1 / Math.Sqrt(Math.Max(1, count)), Laplace.Corner, WidestCorner), 0);
        for (var corner = WidestCorner; ; corner = Math.Max(last, corner * CornerNarrowing))
        {
            theta.CopyTo(delta);
            _batch = new(cornered.Rounded(corner)!);
            var solution = _batch.Solve(problem with { MaxIterations = 100 }, rows, count, theta, left, 0);
            iterations += solution.Iterations;
            if (corner <= last || !solution.IsUsable) { return solution with { Iterations = iterations }; }
            TensorPrimitives.Subtract(theta, delta, delta);
            problem.Past.Multiply(delta, pull);
            TensorPrimitives.Subtract(left, pull, left);
            problem = problem with { StartAtResponses = false };
        }
    }

    /// <summary>What moving the anchor does to the deviance of earlier rows: <c>δᵀIδ − 2sᵀδ</c>.</summary>
    double Change(QuadraticPart past, ReadOnlySpan<double> theta, Span<double> delta, ReadOnlySpan<double> score)
    {
        TensorPrimitives.Subtract(theta, delta, delta);
        if (_weights.Length < delta.Length) { _weights = new double[delta.Length]; }
        past.Multiply(delta, _weights.AsSpan(0, delta.Length));
        var change = TensorPrimitives.Dot<double>(delta, _weights.AsSpan(0, delta.Length));
        return score.IsEmpty ? change : change - 2 * TensorPrimitives.Dot(delta, score);
    }

    void Adopt(StructuredState<TInformation> state, Block rows, int count, in ModelShape shape, ReadOnlySpan<double> theta, in ProximalSolution solution, double fade, double change)
    {
        if (fade != 1)
        {
            var information = state.Information;
            information *= fade;
        }
        if (state.Squared is { } squared) { squared *= fade * fade; }
        state.Fallbacks += AddInformation(state, rows, count, shape, theta, solution) ? 0 : 1;
        var sums = state.Sums;
        var faded = new FitSums
        {
            Deviance = fade * sums.Deviance + change,
            Pearson = fade * sums.Pearson + change,
            AuxiliaryScore = fade * sums.AuxiliaryScore,
            AuxiliaryInformation = fade * sums.AuxiliaryInformation,
            Saturated = fade * sums.Saturated,
            Carrier = fade * sums.Carrier,
        };
        faded.Add(solution.Sums);
        state.Sums = faded;
        state.AuxiliaryScore = fade * (state.AuxiliaryScore - state.AuxiliaryInformation * (solution.Auxiliary - state.Auxiliary)) + solution.Sums.AuxiliaryScore;
        state.AuxiliaryInformation = fade * state.AuxiliaryInformation + solution.Sums.AuxiliaryInformation;
        state.Auxiliary = solution.Auxiliary;
        var (weight, squares, mass) = (0.0, 0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            mass += rows.Weight[i] == 0 ? 0 : fade == 1 ? 1 : _ages[i];
            weight += rows.Weight[i];
            squares += rows.Weight[i] * rows.Weight[i];
        }
        (state.Weight, state.SquaredWeight) = (fade * state.Weight + weight, fade * fade * state.SquaredWeight + squares);
        state.Mass = fade * state.Mass + mass;
        state.Rows += count;
        state.Iterations += solution.Iterations;
        state.Converged &= solution.Converged;
    }

    /// <summary>Adds the batch's information at θ′; false when its observed information is indefinite and the expected one took its place.</summary>
    bool AddInformation(StructuredState<TInformation> state, Block rows, int count, in ModelShape shape, ReadOnlySpan<double> theta, in ProximalSolution solution)
    {
        if (_products is not null)
        {
            AddSigned((FullInformation)(object)state.Information, (FullInformation?)(object?)state.Squared, rows, count, shape, theta);
            return true;
        }
        var definite = true;
        if (options.Information.Kind == InformationKind.Observed)
        {
            var found = _observed.Examine(_informed, rows, count, shape, theta, solution.Auxiliary, state.Squared is null ? default : _ages, IsSeparable ? _touched.Parameters : default);
            if (found == ObservedBatch.Finding.Corrected)
            {
                state.Information.Add(_observed.Rows, _observed.Ones);
                state.Squared?.Add(_observed.SquaredRows, _observed.SquaredOnes);
                return true;
            }
            definite = found == ObservedBatch.Finding.Regular;
        }
        var unit = options.Information.Kind == InformationKind.Empirical && model.EstimatesDispersion && solution.Sums.Pearson > 0 ? count / solution.Sums.Pearson : 1;
        for (var start = 0; start < count; start += Chunk)
        {
            var n = Math.Min(Chunk, count - start);
            var unused = default(FitSums);
            var working = (definite ? _informed : model).Work(rows, start, n, shape, theta, solution.Auxiliary, default, ref unused, _workspace);
            // squares of scores may be too large to be added up where the weights that θ was found with are not
            if (!RowCheck.Fits(working.Weights)) { working = model.Work(rows, start, n, shape, theta, solution.Auxiliary, default, ref unused, _workspace); }
            if (RowCheck.Fits(working.Weights)) { Add(state, working, start, unit); }   // θ so far out that rows cannot be added up at all did not converge
        }
        return definite;
    }

    /// <summary>
    /// Adds observed information with its sign: what is known then is minus the second derivative of all that was maximised, which is positive at the maximum, whatever single rows are.
    /// The second accumulator is no such derivative; scores of the rows, squared, stand for it.
    /// </summary>
    void AddSigned(FullInformation information, FullInformation? squared, Block rows, int count, in ModelShape shape, ReadOnlySpan<double> theta)
    {
        for (var start = 0; start < count; start += Chunk)
        {
            var n = Math.Min(Chunk, count - start);
            var unused = default(FitSums);
            var working = _informed.Work(rows, start, n, shape, theta, 0, default, ref unused, _workspace);
            information.Correct(working.Rows, working.Weights);
            if (squared is null) { continue; }
            working = _products!.Work(rows, start, n, shape, theta, 0, default, ref unused, _workspace);
            if (_squares.Length < working.Rows.Count) { _squares = new double[working.Rows.Count]; }
            for (var i = 0; i < working.Rows.Count; i++)
            {
                // squared scores hold (wω)², and wω² is wanted
                var row = start + i / working.PerObservation;
                _squares[i] = working.Weights[i] == 0 ? 0 : working.Weights[i] * _ages[row] / rows.Weight[row];
            }
            squared.Add(working.Rows, _squares.AsSpan(0, working.Rows.Count));
        }
    }

    void Add(StructuredState<TInformation> state, in WorkingRows working, int start, double unit)
    {
        var n = working.Rows.Count;
        var design = working.Rows;
        if (IsSeparable)
        {
            if (_indices.Length < design.Indices.Length) { _indices = new int[design.Indices.Length]; }
            for (var s = 0; s < design.Indices.Length; s++) { _indices[s] = design.Indices[s] < 0 ? -1 : _touched.Parameters[design.Indices[s]]; }
            design = new(n, design.DenseColumns, design.Dense, design.Slots, _indices, design.Values);
        }
        var fading = options.Memory.Retention != 1;
        if (!fading && unit == 1)
        {
            state.Information.Add(design, working.Weights);
            return;
        }
        if (_weights.Length < n) { _weights = new double[n]; }
        if (_squares.Length < n) { _squares = new double[n]; }
        for (var i = 0; i < n; i++)
        {
            // Weights are linear in the prior weight, which holds ω already; squared scores hold it twice.
            var age = fading ? _ages[start + i / working.PerObservation] : 1;
            var once = options.Information.Kind == InformationKind.Empirical ? working.Weights[i] * unit / age : working.Weights[i];
            (_weights[i], _squares[i]) = (once, once * age);
        }
        state.Information.Add(design, _weights.AsSpan(0, n));
        state.Squared?.Add(design, _squares.AsSpan(0, n));
    }

    void Gather(StructuredState<TInformation> state, int dimension)
    {
        var diagonal = _diagonal.Reserve(dimension);
        for (var i = 0; i < dimension; i++) { _local[i] = state.Theta[_touched.Parameters[i]]; }
        if (state.Information is DiagonalInformation known)
        {
            for (var i = 0; i < dimension; i++) { diagonal[i] = known.Diagonal[_touched.Parameters[i]]; }
            return;
        }
        diagonal.Fill(state.Information.Trace() / Math.Max(1, state.Information.Dimension));
    }

    /// <summary>Multiplies the rows' weights by <c>ω = λ^age</c>, counted back from the last row, and returns what is left of everything before them.</summary>
    double Fade(Block rows, int count, double retention)
    {
        if (retention == 1) { return 1; }
        if (_ages.Length < count) { _ages = new double[Math.Max(count, 2 * _ages.Length)]; }
        var left = 1.0;
        for (var i = count - 1; i >= 0; i--)
        {
            rows.Weight[i] *= _ages[i] = Math.Max(left, 1e-280);
            left *= retention;
        }
        return left;
    }

    int Constant(in ModelShape shape)
    {
        for (var c = 0; c < shape.DenseColumns; c++)
        {
            if (schema.IsIntercept(c)) { return model.Parameter(shape, 0, c); }
        }
        return -1;
    }
}
