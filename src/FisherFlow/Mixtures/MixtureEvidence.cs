using System.Numerics.Tensors;
using FisherFlow.Models.Distributions;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Mixtures;

/// <summary>What rows say of the parameters, each by its own quadratic: <c>ℓ(θ) = c + bᵀδ − ½δᵀIδ</c>, <c>δ = θ − anchor</c>, wherever each row was expected.</summary>
/// <remarks>Rows: a row expected at θᵢ with score s and observed information H adds H to I and <c>s + H(θᵢ − anchor)</c> to b. All at one θ that is the anchor: b is the score.</remarks>
sealed class MixtureEvidence
{
    readonly MixtureModel _model;
    readonly double[] _anchor, _linear, _information;
    double _constant;

    public MixtureEvidence(MixtureModel model) : this(model, new(model), new double[model.Dimension], new double[model.Dimension], new double[model.Dimension * model.Dimension])
    {
        // about zero
    }

    MixtureEvidence(MixtureModel model, MixtureStatistics labelled, double[] anchor, double[] linear, double[] information) =>
        (_model, Labelled, _anchor, _linear, _information) = (model, labelled, anchor, linear, information);

    /// <summary>What the rows would say if their labels were known, each by its responsibilities when it came.</summary>
    public MixtureStatistics Labelled { get; }

    /// <summary>The point about which the quadratic is written <c>[d]</c>.</summary>
    public ReadOnlySpan<double> Anchor => _anchor;

    /// <summary>b <c>[d]</c>.</summary>
    public ReadOnlySpan<double> Linear => _linear;

    /// <summary>Forgets everything; the anchor is now θ <c>[d]</c>.</summary>
    public void Clear(ReadOnlySpan<double> theta)
    {
        theta.CopyTo(_anchor);
        Array.Clear(_linear);
        Array.Clear(_information);
        Labelled.Clear();
        _constant = 0;
    }

    /// <summary>Adds a row to <see cref="Labelled"/> only, expected at θ <c>[d]</c>; returns its log-density.</summary>
    public double AddLabels(ReadOnlySpan<double> theta, in MixtureRow row, Span<double> shares)
    {
        var density = _model.Share(theta, row, shares);
        Labelled.Add(shares, row, 1);
        return density;
    }

    /// <summary>Adds a row, expected at θ <c>[d]</c>; its responsibilities <c>[K]</c> are written, and its log-density is returned.</summary>
    public double Add(ReadOnlySpan<double> theta, in MixtureRow row, Span<double> shares)
    {
        Span<double> eta = stackalloc double[3 * _model.Components];
        _model.Predict(theta, row, eta);
        var density = AddExpected(eta, row, 1, shares);
        Labelled.Add(shares, row, 1);
        return density;
    }

    /// <summary>Adds so many times a row's quadratic about its predictors <c>[3K]</c>, and nothing to <see cref="Labelled"/>; returns its log-density.</summary>
    public double AddExpected(ReadOnlySpan<double> eta, in MixtureRow row, double times, Span<double> shares)
    {
        var (components, d, weight) = (_model.Components, 3 * _model.Components, times * row.Weight);
        Span<double> shift = stackalloc double[d], score = stackalloc double[d], matrix = stackalloc double[d * d];
        _model.Predict(_anchor, row, shift);
        TensorPrimitives.Subtract(eta, shift, shift);
        var density = MixtureDensity.Share(eta, row.Response, shares);
        MixtureDensity.Differentiate(eta, row.Response, shares, score, matrix);
        var constant = density;
        for (var i = 0; i < d; i++)
        {
            var product = Dot.Product(matrix.Slice(i * d, d), shift);
            constant -= (score[i] + 0.5 * product) * shift[i];
            score[i] += product;   // from here on the row's part of b, by predictor
        }
        _constant += weight * constant;
        for (var a = 0; a < components; a++)
        {
            for (var i = 0; i < row.Columns.Length; i++) { _linear[a * _model.Stride + row.Columns[i]] += weight * score[a] * row.Values[i]; }
            _linear[_model.Scale(a)] += weight * score[components + a];
            _linear[_model.Weight(a)] += weight * score[2 * components + a];
            for (var b = 0; b < components; b++) { AddBlock(a, b, row, weight, matrix); }
        }
        return density;
    }

    /// <summary>Adds the other's, which is of other rows.</summary>
    public void Add(MixtureEvidence other)
    {
        var (d, shift) = (_anchor.Length, new double[_anchor.Length]);
        TensorPrimitives.Subtract(_anchor, other._anchor, shift);
        _constant += other._constant;
        for (var i = 0; i < d; i++)
        {
            var product = Dot.Product(other._information.AsSpan(i * d, d), shift);
            _linear[i] += other._linear[i] - product;
            _constant += (other._linear[i] - 0.5 * product) * shift[i];
        }
        TensorPrimitives.Add(_information, other._information, _information);
        Labelled.Combine(1, other.Labelled, 1);
    }

    /// <summary>The log-likelihood at θ <c>[d]</c> by the quadratic.</summary>
    public double LogLikelihood(ReadOnlySpan<double> theta)
    {
        var (d, shift, likelihood) = (_anchor.Length, new double[_anchor.Length], _constant);
        TensorPrimitives.Subtract(theta, _anchor, shift);
        for (var i = 0; i < d; i++) { likelihood += (_linear[i] - 0.5 * Dot.Product(_information.AsSpan(i * d, d), shift)) * shift[i]; }
        return likelihood;
    }

    /// <summary>The squared distance of θ <c>[d]</c> from the anchor in units of information.</summary>
    public double Distance(ReadOnlySpan<double> theta)
    {
        var (d, shift, sum) = (_anchor.Length, new double[_anchor.Length], 0.0);
        TensorPrimitives.Subtract(theta, _anchor, shift);
        for (var i = 0; i < d; i++) { sum += shift[i] * Dot.Product(_information.AsSpan(i * d, d), shift); }
        return sum;
    }

    /// <summary>Where the quadratic is largest, <c>[d]</c>, and how far that is from the anchor in squared standard errors; false where the information is not positive.</summary>
    public bool TryMaximum(out double[] theta, out double gauge)
    {
        (theta, gauge) = ((double[])_anchor.Clone(), double.NaN);
        var free = _model.Free(Labelled.Kept([.. Enumerable.Range(0, _model.Columns)], out _));
        var factor = Information(free);
        if (Kernels.Cholesky(factor, free.Length, free.Length) >= 0) { return false; }
        var step = Array.ConvertAll(free, i => _linear[i]);
        Kernels.SolveUpperTransposed(factor, step.Length, step.Length, step);
        gauge = Dot.Product(step, step);
        Kernels.SolveUpper(factor, step.Length, step.Length, step);
        for (var i = 0; i < step.Length; i++) { theta[free[i]] += step[i]; }
        return double.IsFinite(gauge);
    }

    /// <summary>The information about some of the parameters <c>[k, k]</c>.</summary>
    public double[] Information(ReadOnlySpan<int> free)
    {
        var reduced = new double[free.Length * free.Length];
        for (var i = 0; i < free.Length; i++)
        {
            for (var j = 0; j < free.Length; j++) { reduced[i * free.Length + j] = _information[free[i] * _anchor.Length + free[j]]; }
        }
        return reduced;
    }

    /// <summary>The same in another layout.</summary>
    public MixtureEvidence Moved(MixtureMap map) => new(map.To, Labelled.Moved(map), map.Vector(_anchor), map.Vector(_linear), map.Matrix(_information)) { _constant = _constant };

    public void Save(StateWriter writer)
    {
        Labelled.Save(writer);
        writer.Write(_anchor.AsSpan());
        writer.Write(_linear.AsSpan());
        writer.Write(_information.AsSpan());
        writer.Write(_constant);
    }

    public static MixtureEvidence Load(StateReader reader, MixtureModel model)
    {
        var labelled = new MixtureStatistics(model);
        labelled.Load(reader);
        var (anchor, linear, information) = (reader.ReadDoubles(), reader.ReadDoubles(), reader.ReadDoubles());
        var d = model.Dimension;
        if (anchor.Length != d || linear.Length != d || information.Length != d * d) { throw new InvalidDataException($"the evidence of the mixture is about {anchor.Length} parameters where there are {d}"); }
        return new(model, labelled, anchor, linear, information) { _constant = reader.ReadDouble() };
    }

    /// <summary>Adds what a row says of two components: <c>M[a, b]</c> times the predictors of either side.</summary>
    void AddBlock(int a, int b, in MixtureRow row, double w, ReadOnlySpan<double> matrix)
    {
        var (k, d, n) = (_model.Components, 3 * _model.Components, _anchor.Length);
        var (first, second) = (a * _model.Stride, b * _model.Stride);
        Span<double> information = _information;
        for (var i = 0; i < row.Columns.Length; i++)
        {
            var into = information.Slice((first + row.Columns[i]) * n, n);
            var value = w * row.Values[i];
            var mean = value * matrix[a * d + b];
            for (var j = 0; j < row.Columns.Length; j++) { into[second + row.Columns[j]] += mean * row.Values[j]; }
            into[_model.Scale(b)] += value * matrix[a * d + k + b];
            into[_model.Weight(b)] += value * matrix[a * d + 2 * k + b];
        }
        for (var part = 1; part <= 2; part++)
        {
            var into = information.Slice((part == 1 ? _model.Scale(a) : _model.Weight(a)) * n, n);
            var from = matrix.Slice((part * k + a) * d, d);
            for (var j = 0; j < row.Columns.Length; j++) { into[second + row.Columns[j]] += w * from[b] * row.Values[j]; }
            into[_model.Scale(b)] += w * from[k + b];
            into[_model.Weight(b)] += w * from[2 * k + b];
        }
    }
}
