using FisherFlow.Information;

namespace FisherFlow.Models.Distributions;

/// <summary>Working rows of a model with several predictors: combinations of the predictors' designs, side by side.</summary>
readonly ref struct ExpandedRows
{
    const double Trusted = 1e-8;   // of the squared score: a weight below it leaves the row's residual without bound
    const double Share = 1e-4;     // of the squared score, which then bounds it

    readonly PredictorDesign _design;
    readonly Block _block;
    readonly Workspace _workspace;
    readonly int _predictors, _dense, _slots, _rows;

    public ExpandedRows(PredictorDesign design, Block block, int count, Workspace workspace)
    {
        (_design, _block, _workspace) = (design, block, workspace);
        (_predictors, _dense, _slots) = (design.Predictors, design.DenseCoefficients, design.Levels * block.Slots);
        _rows = count * _predictors;
        workspace.Reserve(_rows, _dense, _slots);
        workspace.ReserveDeficits(_rows);
    }

    /// <summary>Fills the predictors <c>[K]</c> of a row.</summary>
    public void Predict(int row, ReadOnlySpan<double> theta, Span<double> eta)
    {
        var columns = _design.Columns;
        var x = _block.Dense.AsSpan(row * _block.DenseColumns, _block.DenseColumns);
        for (var o = 0; o < _predictors; o++)
        {
            var (first, count) = _design.DenseOf(o);
            if (count == x.Length) { eta[o] = LinearPredictor.Dot(x, theta.Slice(first, count)); }
            else
            {
                eta[o] = 0;
                for (var c = first; c < first + count; c++) { eta[o] += x[columns[c]] * theta[c]; }
            }
            for (var s = 0; s < _block.Slots; s++)
            {
                var index = _block.Indices[row * _block.Slots + s];
                if (index < 0 || !PredictorDesign.Uses(_design.Slots[s], o)) { continue; }
                eta[o] += theta[_design.Level(o, index)] * (_block.Values.Length == 0 ? 1 : _block.Values[row * _block.Slots + s]);
            }
        }
        eta[0] += _block.Offset[row];
    }

    /// <summary>Leaves an observation without weight.</summary>
    public void Skip(int observation)
    {
        for (var j = observation * _predictors; j < (observation + 1) * _predictors; j++)
        {
            (_workspace.Weights[j], _workspace.Scores[j], _workspace.Deficits[j]) = (0, 0, 0);
            _workspace.Dense.AsSpan(j * _dense, _dense).Clear();
            _workspace.Indices.AsSpan(j * _slots, _slots).Fill(-1);
            _workspace.Values.AsSpan(j * _slots, _slots).Clear();
        }
    }

    /// <summary>Writes the K rows of an observation, and says whether any weighs more than it informs.</summary>
    public bool Write(int row, int observation, double prior, in InformationRows factor, bool isSigned, bool isExact)
    {
        var hasDeficit = false;
        for (var j = 0; j < _predictors; j++)
        {
            var target = observation * _predictors + j;
            var (weight, score) = (factor.Weights[j], factor.Scores[j]);
            (weight, var deficit) = Bounded(weight, score, isSigned, isExact);
            (_workspace.Weights[target], _workspace.Scores[target], _workspace.Deficits[target]) = (prior * weight, prior * score, prior * deficit);
            hasDeficit |= deficit != 0;
            WriteDesign(row, target, factor.Vectors.Slice(j * _predictors, _predictors));
        }
        return hasDeficit;
    }

    /// <summary>The rows as written; <paramref name="hasDeficits"/> tells whether any weighs more than it informs.</summary>
    public WorkingRows ToWorkingRows(bool hasDeficits) => new(
        new DesignRows(_rows, _dense, _workspace.Dense, _slots, _workspace.Indices, _workspace.Values.AsSpan(0, _rows * _slots)),
        _workspace.Weights.AsSpan(0, _rows), _workspace.Scores.AsSpan(0, _rows), _predictors)
    {
        Deficits = hasDeficits ? _workspace.Deficits.AsSpan(0, _rows) : default,
    };

    /// <summary>A weight that structures take, and what it exceeds the information by.</summary>
    public static (double Weight, double Deficit) Bounded(double information, double score, bool isSigned, bool isExact)
    {
        if (isExact) { return (isSigned ? information : Math.Max(information, 0), 0); }
        if (information > Trusted * score * score) { return (information, 0); }
        var bound = Math.Max(Math.Abs(information), Share * score * score);
        return (bound, bound - information);
    }

    void WriteDesign(int row, int target, ReadOnlySpan<double> combination)
    {
        var dense = _workspace.Dense.AsSpan(target * _dense, _dense);
        var columns = _design.Columns;
        var x = _block.Dense.AsSpan(row * _block.DenseColumns, _block.DenseColumns);
        var indices = _workspace.Indices.AsSpan(target * _slots, _slots);
        var values = _workspace.Values.AsSpan(target * _slots, _slots);
        var next = 0;
        for (var o = 0; o < _predictors; o++)
        {
            var (first, count) = _design.DenseOf(o);
            var factor = combination[o];
            if (factor == 0) { dense.Slice(first, count).Clear(); }
            else
            {
                for (var c = first; c < first + count; c++) { dense[c] = factor * x[columns[c]]; }
            }
            for (var s = 0; s < _block.Slots; s++)
            {
                var index = _block.Indices[row * _block.Slots + s];
                if (factor == 0 || index < 0 || !PredictorDesign.Uses(_design.Slots[s], o)) { continue; }
                indices[next] = _design.Level(o, index);
                values[next++] = factor * (_block.Values.Length == 0 ? 1 : _block.Values[row * _block.Slots + s]);
            }
        }
        indices[next..].Fill(-1);
        values[next..].Clear();
    }
}
