using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Estimation;

/// <summary>A model seen from the linear predictors of single observations: what they are in terms of parameters, and what an observation says about them.</summary>
/// <remarks>
/// An observation has L predictors <c>η_l = x_lᵀθ</c>, offsets not counted: one, one for each outcome (multinomial) or parameter (distributions), or the cut points on either side of an ordered
/// outcome, less <c>xᵀβ</c>. What it says about them comes from the model itself, shown a row in which predictors are parameters. One caller at a time.
/// </remarks>
sealed class PredictorView
{
    /// <summary>The predictor of an outcome that was not known yet, or of a cut point that an outcome does not have.</summary>
    public const double Absent = double.NegativeInfinity;

    readonly bool _isOrdinal;
    readonly IModel _bare;
    readonly ModelShape _bareShape;
    readonly Block _row;
    readonly Workspace _workspace = new();
    readonly int[] _parameters;   // [L, columns] → the parameter, or −1; of an ordinal model [columns]
    readonly int _firstCut;
    readonly bool[] _uses;        // [slots, L]
    readonly double[] _theta;

    /// <summary>Looks at a model under these sizes, for rows laid out like these.</summary>
    public PredictorView(IModel model, in ModelShape shape, Block layout)
    {
        (Shape, _isOrdinal) = (shape, model.IsOrdinal);
        Count = _isOrdinal ? 2 : model.Predictors(shape);
        _firstCut = _isOrdinal ? model.Parameter(shape, 0, -1) : -1;
        var designs = _isOrdinal ? 1 : Count;
        _parameters = new int[designs * shape.Columns];
        for (var l = 0; l < designs; l++)
        {
            for (var c = 0; c < shape.Columns; c++) { _parameters[l * shape.Columns + c] = model.Parameter(shape, l, c); }
            for (var c = 0; c < shape.DenseColumns; c++) { DenseCount = Math.Max(DenseCount, _parameters[l * shape.Columns + c] + 1); }
        }
        Slots = designs * layout.Slots + (_isOrdinal ? 2 : 0);
        _uses = new bool[layout.Slots * designs];
        for (var s = 0; s < layout.Slots; s++)
        {
            for (var l = 0; l < designs; l++) { _uses[s * designs + l] = model is not DistributionalModel distribution || distribution.Uses(s, l); }
        }
        _bare = model is DistributionalModel several ? several.With(PredictorDesign.Common(Count, 1, 0), layout.Layout) : model;
        _bareShape = _isOrdinal ? new(0, 0, 3) : new(1, 1, Count);
        _row = new(1, _bareShape.DenseColumns, 0, false, layout.HasTrials, false, layout.Layout) { Count = 1, Outcomes = _bareShape.Outcomes };
        Array.Fill(_row.Dense, 1.0);
        _theta = new double[Count];
    }

    /// <summary>Whether an observation is a single working row, whose design is its own.</summary>
    public static bool IsSingle(IModel model) => !model.IsOrdinal && model.Predictors(new(1, 1, 2)) == 1;

    /// <summary>The sizes.</summary>
    public ModelShape Shape { get; }

    /// <summary>Predictors of an observation, L.</summary>
    public int Count { get; }

    /// <summary>Parameters of dense columns: the first ones.</summary>
    public int DenseCount { get; }

    /// <summary>Slots that a combination of an observation's predictors fills.</summary>
    public int Slots { get; }

    /// <summary>Fills the predictors of a row.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="row">Which.</param>
    /// <param name="theta">θ <c>[d]</c>.</param>
    /// <param name="eta">The predictors <c>[L]</c>.</param>
    public void Predict(Block block, int row, double[] theta, Span<double> eta)
    {
        var designs = _isOrdinal ? 1 : Count;
        for (var l = 0; l < designs; l++)
        {
            var sum = 0.0;
            var parameters = _parameters.AsSpan(l * Shape.Columns, Shape.Columns);
            for (var j = 0; j < block.DenseColumns; j++)
            {
                if (parameters[j] >= 0) { sum += block.Dense[row * block.DenseColumns + j] * theta[parameters[j]]; }
            }
            for (var s = 0; s < block.Slots; s++)
            {
                var at = row * block.Slots + s;
                if (block.Indices[at] < 0 || !_uses[s * designs + l]) { continue; }
                sum += theta[parameters[block.Indices[at]]] * (block.HasValues ? block.Values[at] : 1);
            }
            eta[l] = sum;
        }
        if (!_isOrdinal) { return; }
        var shift = eta[0];
        for (var j = 0; j < 2; j++) { eta[j] = Cut(block, row, j) is >= 0 and var cut ? theta[cut] - shift : Absent; }
    }

    /// <summary>What a row says about its predictors, where the point says they are: the score <c>s</c>, and <c>Mδ</c> of its information.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="row">Which.</param>
    /// <param name="auxiliary">The auxiliary parameter.</param>
    /// <param name="isBound">Whether a bound of the information is wanted where that is not positive.</param>
    /// <param name="direction">δ <c>[L]</c>; empty when only the score is wanted.</param>
    /// <param name="point">The predictors; the rest is written.</param>
    public void Evaluate(Block block, int row, double auxiliary, bool isBound, ReadOnlySpan<double> direction, PredictorPoint point)
    {
        Array.Clear(point.Score);
        Array.Clear(point.Product);
        var working = Work(block, row, auxiliary, point);
        for (var r = 0; r < working.Rows.Count; r++)
        {
            Combination(working, r, point.Factors);
            TensorPrimitives.MultiplyAdd(point.Factors, working.Scores[r], point.Score, point.Score);
            if (direction.IsEmpty) { continue; }
            var share = Weight(working, r, isBound) * TensorPrimitives.Dot(point.Factors, direction);
            TensorPrimitives.MultiplyAdd(point.Factors, share, point.Product, point.Product);
        }
    }

    /// <summary>A row's working rows over its predictors, and its sums.</summary>
    public WorkingRows Work(Block block, int row, double auxiliary, PredictorPoint point)
    {
        point.Sums = default;
        var absent = 0;
        for (var l = 0; l < Count; l++)
        {
            var isAbsent = _isOrdinal && double.IsNegativeInfinity(point.Eta[l]);
            _theta[l] = isAbsent ? 0 : point.Eta[l];
            absent += isAbsent ? 1 << l : 0;
        }
        if (_isOrdinal && absent == 3) { return default; }   // a single outcome is certain
        _row.Response[0] = _isOrdinal ? absent switch { 1 => 2, 2 => 0, _ => 1 } : block.Response[row];
        (_row.Weight[0], _row.Offset[0]) = (block.Weight[row], block.Offset[row]);
        if (block.HasTrials) { _row.Trials[0] = block.Trials[row]; }
        block.Details.AsSpan(row * block.Layout.Details, block.Layout.Details).CopyTo(_row.Details);
        return _bare.Work(_row, 0, 1, _bareShape, _theta, auxiliary, default, ref point.Sums, _workspace);
    }

    /// <summary>The information weight of a working row, or the bound that stands for it.</summary>
    public static double Weight(in WorkingRows working, int row, bool isBound) => working.Weights[row] - (isBound || working.Deficits.IsEmpty ? 0 : working.Deficits[row]);

    /// <summary>A working row as a combination of predictors, <c>[L]</c>.</summary>
    public static void Combination(in WorkingRows working, int row, Span<double> factors)
    {
        var (k, m) = (working.Rows.DenseColumns, working.Rows.Slots);
        factors.Clear();
        working.Rows.Dense.Slice(row * k, k).CopyTo(factors);
        for (var s = row * m; s < (row + 1) * m; s++)
        {
            if (working.Rows.Indices[s] >= 0) { factors[working.Rows.Indices[s]] += working.Rows.Values.IsEmpty ? 1 : working.Rows.Values[s]; }
        }
    }

    /// <summary>Writes a combination of a row's predictors as a design row.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="row">Which.</param>
    /// <param name="factors">The combination <c>[L]</c>.</param>
    /// <param name="dense">Its dense part <c>[<see cref="DenseCount"/>]</c>.</param>
    /// <param name="indices">Its slots' parameters <c>[<see cref="Slots"/>]</c>.</param>
    /// <param name="values">Its slots' values <c>[<see cref="Slots"/>]</c>.</param>
    public void Expand(Block block, int row, ReadOnlySpan<double> factors, Span<double> dense, Span<int> indices, Span<double> values)
    {
        var designs = _isOrdinal ? 1 : Count;
        dense.Clear();
        for (var l = 0; l < designs; l++)
        {
            var factor = _isOrdinal ? -(factors[0] + factors[1]) : factors[l];
            var parameters = _parameters.AsSpan(l * Shape.Columns, Shape.Columns);
            for (var j = 0; j < block.DenseColumns; j++)
            {
                if (parameters[j] >= 0) { dense[parameters[j]] += factor * block.Dense[row * block.DenseColumns + j]; }
            }
            for (var s = 0; s < block.Slots; s++)
            {
                var at = row * block.Slots + s;
                var isUsed = block.Indices[at] >= 0 && _uses[s * designs + l];
                indices[l * block.Slots + s] = isUsed ? parameters[block.Indices[at]] : -1;
                values[l * block.Slots + s] = isUsed ? factor * (block.HasValues ? block.Values[at] : 1) : 0;
            }
        }
        for (var j = 0; _isOrdinal && j < 2; j++) { (indices[block.Slots + j], values[block.Slots + j]) = (Cut(block, row, j), factors[j]); }
    }

    /// <summary>The rows' leverages under the diagonal of the information, but for their weights: <c>Σ xⱼ²/Iⱼⱼ</c> over all predictors; few dense columns weigh as much as many levels.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="diagonal">The diagonal of the information <c>[d]</c>.</param>
    /// <param name="importances">Receives those of the first rows, <c>[n]</c>.</param>
    public void Importances(Block block, double[] diagonal, Span<double> importances)
    {
        if (Count > 1 || _isOrdinal)
        {
            for (var i = 0; i < importances.Length; i++) { importances[i] = Importance(block, i, diagonal); }
            return;
        }
        var inverse = new double[Shape.Columns];
        for (var j = 0; j < inverse.Length; j++) { inverse[j] = _parameters[j] >= 0 && diagonal[_parameters[j]] > 0 ? (j < Shape.DenseColumns ? Balance : 1) / diagonal[_parameters[j]] : 0; }
        for (var i = 0; i < importances.Length; i++) { importances[i] = Form(block, i, inverse); }
    }

    double Balance => Math.Max(1, (Shape.Columns - Shape.DenseColumns) / (double)Math.Max(1, Shape.DenseColumns));

    /// <summary><c>Σ fⱼxⱼ²</c>, in four fixed lanes.</summary>
    static double Form(Block block, int row, double[] factors)
    {
        var (k, lanes) = (block.DenseColumns, Vector256<double>.Count);
        var dense = block.Dense.AsSpan(row * k, k);
        var (sums, j) = (Vector256<double>.Zero, 0);
        for (; j <= k - lanes; j += lanes)
        {
            var x = Vector256.Create<double>(dense[j..]);
            sums += x * x * Vector256.Create<double>(factors.AsSpan(j));
        }
        var sum = Vector256.Sum(sums);
        for (; j < k; j++) { sum += dense[j] * dense[j] * factors[j]; }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] < 0) { continue; }
            var x = block.HasValues ? block.Values[s] : 1;
            sum += x * x * factors[block.Indices[s]];
        }
        return sum;
    }

    double Importance(Block block, int row, double[] diagonal)
    {
        var balance = Balance;
        var designs = _isOrdinal ? 1 : Count;
        var sum = 0.0;
        for (var l = 0; l < designs; l++)
        {
            var parameters = _parameters.AsSpan(l * Shape.Columns, Shape.Columns);
            for (var j = 0; j < block.DenseColumns; j++)
            {
                var x = block.Dense[row * block.DenseColumns + j];
                sum += parameters[j] >= 0 && diagonal[parameters[j]] > 0 ? balance * x * x / diagonal[parameters[j]] : 0;
            }
            for (var s = 0; s < block.Slots; s++)
            {
                var at = row * block.Slots + s;
                if (block.Indices[at] < 0 || !_uses[s * designs + l] || !(diagonal[parameters[block.Indices[at]]] > 0)) { continue; }
                var x = block.HasValues ? block.Values[at] : 1;
                sum += x * x / diagonal[parameters[block.Indices[at]]];
            }
        }
        for (var j = 0; _isOrdinal && j < 2; j++)
        {
            if (Cut(block, row, j) is >= 0 and var cut && diagonal[cut] > 0) { sum += balance / diagonal[cut]; }
        }
        return sum;
    }

    /// <summary>The parameter of an ordered outcome's predictor, or −1: of an inner outcome the cut points below and above, of the first only the one above, which comes first, of the last only the one below, which comes second.</summary>
    int Cut(Block block, int row, int predictor)
    {
        var (outcome, last) = ((int)block.Response[row], Shape.Outcomes - 1);
        return last < 1 || (outcome == 0 && predictor == 1) || (outcome == last && predictor == 0) ? -1
            : _firstCut + (outcome == 0 ? 0 : outcome - 1 + (outcome == last ? 0 : predictor));
    }
}

/// <summary>An observation where its L predictors have certain values.</summary>
sealed class PredictorPoint(int count)
{
    FitSums _sums;

    /// <summary>Sums that belong to it.</summary>
    public ref FitSums Sums => ref _sums;

    /// <summary>The predictors <c>[L]</c>.</summary>
    public double[] Eta { get; } = new double[count];

    /// <summary><c>∂ℓ/∂η [L]</c>.</summary>
    public double[] Score { get; } = new double[count];

    /// <summary><c>Mδ [L]</c>.</summary>
    public double[] Product { get; } = new double[count];

    /// <summary>Room for a combination of predictors <c>[L]</c>.</summary>
    public double[] Factors { get; } = new double[count];
}
