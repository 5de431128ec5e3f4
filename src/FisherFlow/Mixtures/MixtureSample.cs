using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FisherFlow.Models.Distributions;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Mixtures;

/// <summary>A bounded sample of folded rows, each with the predictors at which it was expected, by which the sum of quadratics is put right at its maximum.</summary>
/// <remarks>
/// A kept row that stands for c adds <c>c(ℓ(θ) − q(θ))</c>, its log-density less the quadratic that it has in the evidence. While every row is kept, the sum is the likelihood itself.
/// Rows are drawn by <see cref="PrioritySample">priority</see>; the importance is the row's share of the squares of its columns so far and of all rows, so that the first rows, and the first of a
/// level, are kept: their quadratics are the farthest from the answer. <b>Merge</b>: two samples make one.
/// </remarks>
/// <param name="components">K.</param>
/// <param name="most">Rows that are kept; 0 for as many as 12 MiB hold.</param>
sealed class MixtureSample(int components, int most)
{
    const int MostRows = 1 << 16;
    const int RowBytes = 5 * sizeof(double);       // response, weight, end, importance and priority
    const int NumberBytes = sizeof(int) + sizeof(double);
    const int Rounds = 30;
    const int Halvings = 10;
    const double Final = 1e-14;                    // squared standard errors
    const double Near = 1e-4;                      // the same: where it ends farther away, the quadratics are the better guess
    const double Rounding = 1e-11;

    readonly PrioritySample _sample = new(MostRows);
    MixtureRows _rows = new();
    List<double> _predictors = [];   // [3K] of each row

    /// <summary>Whether all of so many rows are kept.</summary>
    public bool IsWhole(long count) => _rows.Count == count;

    /// <summary>Rows kept.</summary>
    public int Count => _rows.Count;

    /// <summary>The rows, each weighing as much as those it stands for.</summary>
    public MixtureRows Rows()
    {
        var rows = new MixtureRows();
        for (var i = 0; i < _rows.Count; i++) { rows.Add(new(_rows[i].Columns, _rows[i].Values, _rows[i].Response, _rows[i].Weight * _sample.Scale(i))); }
        return rows;
    }

    /// <summary>Samples a row that was expected at θ <c>[d]</c>; the evidence has it already.</summary>
    public void Add(MixtureModel model, ReadOnlySpan<double> theta, in MixtureRow row, MixtureStatistics labelled)
    {
        if (_sample.Seen == 0)
        {
            _sample.Most = most > 0 ? most : PrioritySample.RowsOf(RowBytes + 3 * components * sizeof(double) + row.Columns.Length * NumberBytes, MostRows);
            _sample.Seed = PrioritySample.Mix(0, row.Response);
        }
        var importance = row.Weight * (1 / labelled.Weight + labelled.Leverage(row));
        if (!_sample.TryDraw(importance, out var priority)) { return; }
        _sample.Add(importance, priority);
        _rows.Add(row);
        Span<double> eta = stackalloc double[3 * components];
        model.Predict(theta, row, eta);
        _predictors.AddRange(eta);
        if (_sample.IsFull) { Drop(_sample.Thin()); }
    }

    /// <summary>All rows are expected at θ <c>[d]</c> now.</summary>
    public void Reanchor(MixtureModel model, ReadOnlySpan<double> theta)
    {
        var predictors = CollectionsMarshal.AsSpan(_predictors);
        for (var i = 0; i < _rows.Count; i++) { model.Predict(theta, _rows[i], predictors.Slice(3 * components * i, 3 * components)); }
    }

    /// <summary>Adds another sample, in its mixture's columns and names.</summary>
    public void Merge(MixtureSample other, MixtureMap map)
    {
        if (_sample.Seen == 0) { _sample.Most = other._sample.Most; }
        _rows.Add(other._rows, map);
        Span<double> part = stackalloc double[components];
        for (var i = 0; i < other._predictors.Count; i += components)
        {
            for (var k = 0; k < components; k++) { part[map.Component(k)] = other._predictors[i + k]; }
            _predictors.AddRange(part);
        }
        Drop(_sample.Merge(other._sample));
    }

    /// <summary>The way to the maximum of the likelihood as the sample puts it right; the evidence as it is where there is none.</summary>
    /// <param name="model">The layout.</param>
    /// <param name="evidence">The sum of quadratics.</param>
    public MixtureClimb Climb(MixtureModel model, MixtureEvidence evidence)
    {
        if (_rows.Count == 0 || !evidence.TryMaximum(out var theta, out _)) { return new(evidence, false, double.PositiveInfinity); }
        var (at, left, start) = (At(model, evidence, theta), double.PositiveInfinity, (double[])theta.Clone());
        for (var round = 0; round < Rounds && at.TryMaximum(out theta, out left) && left > Final; round++)
        {
            var (best, from, next) = (at.LogLikelihood(at.Anchor), at, (double[])theta.Clone());
            for (var halving = 0; halving < Halvings && ReferenceEquals(at, from); halving++)
            {
                var tried = At(model, evidence, next);
                if (tried.LogLikelihood(next) >= best - Rounding * Math.Abs(best)) { at = tried; }
                for (var i = 0; i < next.Length; i++) { next[i] = 0.5 * (next[i] + from.Anchor[i]); }
            }
            if (ReferenceEquals(at, from)) { break; }
        }
        return left <= Near ? new(at, true, at.Distance(start)) : new(evidence, false, double.PositiveInfinity);
    }

    /// <summary>What the answer does not know because a sample stands for all rows: Horvitz and Thompson's variance of its score, in standard errors of the answer.</summary>
    /// <param name="model">The layout.</param>
    /// <param name="theta">The answer <c>[d]</c>.</param>
    /// <param name="solution">The same with its covariance.</param>
    /// <param name="isAlone">Of the sample's score alone, not of what it changes in the quadratics' score.</param>
    public MixtureNoise Noise(MixtureModel model, ReadOnlySpan<double> theta, MixtureSolution solution, bool isAlone)
    {
        var (noise, d) = (new MixtureNoise(solution), 3 * components);
        Span<double> shares = stackalloc double[components], eta = stackalloc double[d], score = stackalloc double[d], then = stackalloc double[d], matrix = stackalloc double[d * d];
        var predictors = CollectionsMarshal.AsSpan(_predictors);
        for (var i = 0; i < _rows.Count; i++)
        {
            var scale = _sample.Scale(i);
            if (scale <= 1) { continue; }
            var row = _rows[i];
            var before = predictors.Slice(d * i, d);
            model.Predict(theta, row, eta);
            MixtureDensity.Share(eta, row.Response, shares);
            MixtureDensity.Differentiate(eta, row.Response, shares, score, matrix);
            if (!isAlone)
            {
                MixtureDensity.Share(before, row.Response, shares);
                MixtureDensity.Differentiate(before, row.Response, shares, then, matrix);
                TensorPrimitives.Subtract(eta, before, eta);
                for (var l = 0; l < d; l++) { score[l] -= then[l] - Dot.Product(matrix.Slice(l * d, d), eta); }
            }
            noise.Add(row, score, row.Weight * row.Weight * scale * (scale - 1));
        }
        return noise;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_sample.Seen);
        writer.Write(_sample.Seed);
        writer.Write(_sample.Threshold);
        writer.Write(_sample.Most);
        _rows.Save(writer);
        writer.Write(CollectionsMarshal.AsSpan(_predictors));
        writer.Write(_sample.Keys());
    }

    public void Load(StateReader reader)
    {
        _sample.Restore(reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble());
        _sample.Most = reader.ReadInt32();
        _rows = MixtureRows.Load(reader);
        _predictors = [.. reader.ReadDoubles()];
        var keys = reader.ReadDoubles();
        _sample.Add(keys);
        if (_sample.Count != _rows.Count || keys.Length != 2 * _rows.Count || _predictors.Count != 3 * components * _rows.Count)
        {
            throw new InvalidDataException($"{_rows.Count} sampled rows of the mixture have {_predictors.Count} predictors and {keys.Length} keys");
        }
    }

    /// <summary>The evidence about θ <c>[d]</c>, with every kept row's part as it is there.</summary>
    MixtureEvidence At(MixtureModel model, MixtureEvidence evidence, double[] theta)
    {
        var at = new MixtureEvidence(model);
        at.Clear(theta);
        at.Add(evidence);
        Span<double> shares = stackalloc double[components], eta = stackalloc double[3 * components];
        var predictors = CollectionsMarshal.AsSpan(_predictors);
        for (var i = 0; i < _rows.Count; i++)
        {
            var row = _rows[i];
            var scale = _sample.Scale(i);
            model.Predict(theta, row, eta);
            at.AddExpected(eta, row, scale, shares);
            at.AddExpected(predictors.Slice(3 * components * i, 3 * components), row, -scale, shares);
        }
        return at;
    }

    void Drop(ReadOnlySpan<bool> dropped)
    {
        if (dropped.Length == _sample.Count) { return; }
        var (rows, predictors) = (new MixtureRows(), new List<double>(_predictors.Count));
        for (var i = 0; i < dropped.Length; i++)
        {
            if (dropped[i]) { continue; }
            rows.Add(_rows[i]);
            predictors.AddRange(CollectionsMarshal.AsSpan(_predictors).Slice(3 * components * i, 3 * components));
        }
        (_rows, _predictors) = (rows, predictors);
    }
}
