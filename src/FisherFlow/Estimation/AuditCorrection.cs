using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Changes of information by many weighted combinations of predictors, gathered into design rows and added a chunk at a time.</summary>
sealed class AuditCorrection(PredictorView view, FullInformation target)
{
    const int Chunk = 512;

    readonly double[] _dense = new double[Chunk * view.DenseCount];
    readonly int[] _indices = new int[Chunk * view.Slots];
    readonly double[] _values = new double[Chunk * view.Slots];
    readonly double[] _weights = new double[Chunk];
    int _count;

    /// <summary>Adds a row's working rows over its predictors, so many times; <paramref name="factors"/> is room for a combination <c>[L]</c>.</summary>
    public void Add(Block block, int row, in WorkingRows working, double times, bool isBound, double[] factors)
    {
        for (var r = 0; r < working.Rows.Count; r++)
        {
            var weight = PredictorView.Weight(working, r, isBound);
            if (weight == 0) { continue; }
            PredictorView.Combination(working, r, factors);
            Add(block, row, factors, times * weight);
        }
    }

    /// <summary>Adds a combination <c>[L]</c> of a row's predictors.</summary>
    public void Add(Block block, int row, ReadOnlySpan<double> factors, double weight)
    {
        var (k, m) = (view.DenseCount, view.Slots);
        view.Expand(block, row, factors, _dense.AsSpan(_count * k, k), _indices.AsSpan(_count * m, m), _values.AsSpan(_count * m, m));
        _weights[_count++] = weight;
        if (_count == Chunk) { Flush(); }
    }

    /// <summary>Adds what is gathered.</summary>
    public void Flush()
    {
        target.Correct(new(_count, view.DenseCount, _dense, view.Slots, _indices, _values), _weights.AsSpan(0, _count));
        _count = 0;
    }
}

/// <summary>A combination of a row's predictors, written out over the parameters.</summary>
sealed class AuditRow(PredictorView view)
{
    readonly double[] _dense = new double[view.DenseCount];
    readonly int[] _indices = new int[view.Slots];
    readonly double[] _values = new double[view.Slots];

    /// <summary>The parameters of dense columns: the first ones.</summary>
    public ReadOnlySpan<double> Dense => _dense;

    /// <summary>Parameters of the slots; −1 for none.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    /// <summary>Values of the slots.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Writes a combination <c>[L]</c>.</summary>
    public void Write(Block block, int row, ReadOnlySpan<double> factors) => view.Expand(block, row, factors, _dense, _indices, _values);

    /// <summary>Adds the row to a vector <c>[d]</c>.</summary>
    public void AddTo(double[] vector)
    {
        System.Numerics.Tensors.TensorPrimitives.Add<double>(vector.AsSpan(0, _dense.Length), _dense, vector.AsSpan(0, _dense.Length));
        for (var s = 0; s < _indices.Length; s++)
        {
            if (_indices[s] >= 0) { vector[_indices[s]] += _values[s]; }
        }
    }
}
