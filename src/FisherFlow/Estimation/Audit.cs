using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>A bounded sample of folded rows, kept to ask later how far the quadratic that stands for them has drifted from the truth.</summary>
/// <remarks>
/// A row folded at θ_b with predictors η_b contributes <c>Σ (s_b − M_b(η − η_b))_l x_l</c> to the score of the quadratic at θ and <c>Σ s(η)_l x_l</c> to the true score.
/// The sampled difference, scaled up, estimates the score that one pass has left over, and so the step that is missing to the maximum likelihood estimate.
/// Rows are drawn by <see cref="PrioritySample">priority</see>, the importance being the row's leverage when it was folded, so that rare levels and early rows, where quadratics err most, are seldom left out.
/// A row with one predictor keeps its numbers at the fold; one with several keeps η_b, from which the model tells the rest.
/// Merge: two samples make one.
/// </remarks>
sealed class Audit
{
    const int MostRows = 1 << 17;
    const int Single = 6;      // η, score factor, weight, deviance; saturated and carrier sums
    const int Auxiliary = 3;   // and, where there is one, the auxiliary parameter with its score and information
    const int Before = 4;      // of these come before importance and priority in a state
    const int Drawn = 2;
    const int Chunk = 256;     // rows of one predictor that the model sees at a time

    readonly IModel _model;
    readonly Workspace _workspace = new();
    readonly int _most;
    readonly bool _isSingle;
    readonly PrioritySample _sample = new(0);
    RowBuffer _rows;
    List<double> _folds = [];
    int _width;   // numbers of a row at its fold; with several predictors η_b, and 1 where a bound stood for the information
    PredictorView? _view;

    /// <summary>A sample of rows laid out like these, of at most so many; by default as many as 12 MiB hold.</summary>
    public Audit(IModel model, Block layout, int most = 0)
    {
        (_model, _most, _isSingle) = (model, most, PredictorView.IsSingle(model));
        _rows = new(RowBuffer.CreateLike(layout, 0));
        _width = _isSingle ? Single + (model.HasAuxiliary ? Auxiliary : 0) : 0;
    }

    /// <summary>Rows kept.</summary>
    public int Count => _rows.Count;

    /// <summary>The rows kept.</summary>
    public Block Rows => _rows.Rows;

    /// <summary>Whether rows went by before models of this kind were audited: what was not looked at stays unknown.</summary>
    bool IsBlind => !_isSingle && Count == 0 && _sample.Seen > 0;

    int Most => _most > 0 ? _most : PrioritySample.RowsOf(RowBuffer.BytesPerRow(Rows) + (_width + Drawn) * sizeof(double), MostRows);

    /// <summary>Samples the first <paramref name="count"/> rows, which are being folded at this θ into an information with this diagonal <c>[d]</c>.</summary>
    public void Fold(Block block, int count, in ModelShape shape, double[] theta, double auxiliary, double[] diagonal, bool isBound = false)
    {
        if (IsBlind) { return; }
        if (_sample.Seen == 0) { _sample.Seed = Seed(block, count); }
        var view = View(shape);
        Widen(view.Count);
        var point = _isSingle ? new PredictorPoint(1) : null;
        var rented = ArrayPool<double>.Shared.Rent(count);
        var importances = rented.AsSpan(0, count);
        view.Importances(block, diagonal, importances);
        _sample.Most = Most;
        Drop(_sample.Foresee(importances));
        var room = _sample.Most + _sample.Most / 3;
        _rows.Reserve(Math.Min(Count + count, room), room);
        for (var i = 0; i < count; i++)
        {
            if (!_sample.TryDraw(importances[i], out var priority)) { continue; }
            Append(view, block, i, theta, auxiliary, isBound, point);
            _sample.Add(importances[i], priority);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Keeps every row of a buffer as if it were folded at this θ, to compare its quadratic there with the truth elsewhere.</summary>
    public static Audit Holding(IModel model, Block block, int count, in ModelShape shape, double[] theta, double auxiliary)
    {
        var audit = new Audit(model, block, int.MaxValue / 2);
        var view = audit.View(shape);
        audit.Widen(view.Count);
        audit._rows.Reserve(count, count);
        var point = new PredictorPoint(view.Count);
        for (var i = 0; i < count; i++)
        {
            audit._sample.Add(double.PositiveInfinity, double.PositiveInfinity);
            audit.Append(view, block, i, theta, auxiliary, isBound: false, audit._isSingle ? point : null);
        }
        return audit;
    }

    /// <summary>A number from the data as they came, so that shards draw apart, and threads, whose rounding differs, do not.</summary>
    static long Seed(Block block, int count)
    {
        const int RowsLookedAt = 64;
        var seed = 0L;
        for (var i = 0; i < Math.Min(count, RowsLookedAt); i++)
        {
            seed = PrioritySample.Mix(seed, block.Response[i]);
            foreach (var x in block.Dense.AsSpan(i * block.DenseColumns, block.DenseColumns)) { seed = PrioritySample.Mix(seed, x); }
            foreach (var index in block.Indices.AsSpan(i * block.Slots, block.Slots)) { seed = PrioritySample.Mix(seed, index); }
        }
        return seed;
    }

    /// <summary>How many folded rows a kept one stands for.</summary>
    public double Scale(int row) => _sample.Scale(row);

    /// <summary>Compares truth and quadratic at θ <c>[d]</c> over all folded rows, by the sample scaled up.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="theta">θ <c>[d]</c>.</param>
    /// <param name="auxiliary">The auxiliary parameter.</param>
    /// <param name="wantsPearson">Whether Pearson's sum is compared too; with one predictor that costs as much again.</param>
    public Remainder Compare(in ModelShape shape, double[] theta, double auxiliary, bool wantsPearson = false)
    {
        var view = View(shape);
        var (now, then, move) = (new PredictorPoint(view.Count), new PredictorPoint(view.Count), new double[view.Count]);
        var remainder = new Remainder(new double[theta.Length], new double[Count * view.Count]);
        var row = new AuditRow(view);
        for (var i = 0; i < Count; i++)
        {
            view.Predict(Rows, i, theta, now.Eta);
            view.Evaluate(Rows, i, auxiliary, false, default, now);
            Recall(view, i, auxiliary, now.Eta, then, move, wantsPearson);
            var (change, scale) = (0.0, Scale(i));
            var errors = remainder.Errors.AsSpan(i * view.Count, view.Count);
            for (var l = 0; l < errors.Length; l++)
            {
                errors[l] = scale * (now.Score[l] - then.Score[l] + then.Product[l]);
                change += move[l] * (2 * then.Score[l] - then.Product[l]);
            }
            remainder.Deviance += scale * (now.Sums.Deviance - then.Sums.Deviance + change);
            remainder.Pearson += wantsPearson ? scale * (now.Sums.Pearson - then.Sums.Pearson + change) : 0;
            remainder.Saturated += scale * (now.Sums.Saturated - then.Sums.Saturated);
            remainder.Carrier += scale * (now.Sums.Carrier - then.Sums.Carrier);
            row.Write(Rows, i, errors);
            row.AddTo(remainder.Score);
            if (_model.HasAuxiliary) { CompareAuxiliary(Folds(i)[Single..], now.Sums, auxiliary, scale, remainder); }
        }
        return remainder;
    }

    static void CompareAuxiliary(ReadOnlySpan<double> then, in FitSums now, double auxiliary, double scale, Remainder remainder)
    {
        var error = scale * (now.AuxiliaryScore - then[1] + then[2] * (auxiliary - then[0]));
        remainder.AuxiliaryScore += error;
        remainder.AuxiliaryInformation += scale * (now.AuxiliaryInformation - then[2]);
        remainder.AuxiliaryVariance += (1 - 1 / scale) * error * error;
    }

    /// <summary>The same without its sums, unless they are infinite: what Newton needs.</summary>
    public Remainder CompareScores(in ModelShape shape, double[] theta, double auxiliary)
    {
        if (!_isSingle) { return Compare(shape, theta, auxiliary); }
        var view = View(shape);
        var remainder = new Remainder(new double[theta.Length], new double[Count]);
        for (var start = 0; start < Count; start += Chunk)
        {
            var sums = default(FitSums);
            var working = _model.Work(Rows, start, Math.Min(Chunk, Count - start), shape, theta, auxiliary, default, ref sums, _workspace);
            if (!double.IsFinite(sums.Deviance)) { remainder.Deviance = double.PositiveInfinity; }
            for (var r = 0; r < working.Scores.Length; r++)
            {
                var folds = Folds(start + r);
                var move = PredictorView.Predict(Rows, start + r, theta) - folds[0];
                var error = Scale(start + r) * (working.Scores[r] - folds[1] + folds[2] * move);
                remainder.Errors[start + r] = error;
                DesignVector.Add(Rows, start + r, error, remainder.Score);
            }
        }
        return remainder;
    }

    /// <summary>Brings information up to date: what folded rows weigh at θ <c>[d]</c> takes the place of what they weighed when they were folded.</summary>
    public void Correct(FullInformation information, in ModelShape shape, double[] theta, double auxiliary)
    {
        if (_isSingle)
        {
            CorrectWeights(information, shape, theta, auxiliary);
            return;
        }
        var view = View(shape);
        var (now, then) = (new PredictorPoint(view.Count), new PredictorPoint(view.Count));
        var correction = new AuditCorrection(view, information);
        for (var i = 0; i < Count; i++)
        {
            view.Predict(Rows, i, theta, now.Eta);
            correction.Add(Rows, i, view.Work(Rows, i, auxiliary, now), Scale(i), isBound: false, now.Factors);
            RecallPredictors(i, then.Eta);
            correction.Add(Rows, i, view.Work(Rows, i, auxiliary, then), -Scale(i), Folds(i)[^1] != 0, then.Factors);
        }
        correction.Flush();
    }

    /// <summary>The kept rows, counted as often as each stands for a folded one, and behind them others.</summary>
    public RowBuffer Recalled(RowBuffer others)
    {
        var all = new RowBuffer(RowBuffer.CreateLike(Rows, 0));
        all.Reserve(Count + others.Count, Count + others.Count);
        all.Append(Rows, 0, Count);
        for (var i = 0; i < Count; i++) { all.Rows.Weight[i] *= Scale(i); }
        all.Append(others.Rows, 0, others.Count);
        return all;
    }

    /// <summary>Takes the quadratics of the kept rows, scaled up, out of the evidence about an anchor <c>[d]</c>; returns what they add up to there.</summary>
    public FitSums Withdraw(FullInformation evidence, in ModelShape shape, double[] anchor, double auxiliary)
    {
        var view = View(shape);
        var (at, then, move, errors) = (new PredictorPoint(view.Count), new PredictorPoint(view.Count), new double[view.Count], new double[view.Count]);
        var (row, correction, score, sums) = (new AuditRow(view), new AuditCorrection(view, evidence), new double[anchor.Length], default(FitSums));
        for (var i = 0; i < Count; i++)
        {
            view.Predict(Rows, i, anchor, at.Eta);
            Recall(view, i, auxiliary, at.Eta, then, move, wantsPearson: true);
            var (change, scale) = (0.0, Scale(i));
            for (var l = 0; l < errors.Length; l++)
            {
                errors[l] = -scale * (then.Score[l] - then.Product[l]);
                change += move[l] * (2 * then.Score[l] - then.Product[l]);
            }
            row.Write(Rows, i, errors);
            row.AddTo(score);
            if (_isSingle) { correction.Add(Rows, i, [1], -scale * Folds(i)[2]); } else { correction.Add(Rows, i, view.Work(Rows, i, auxiliary, then), -scale, Folds(i)[^1] != 0, then.Factors); }
            sums.Deviance += scale * (then.Sums.Deviance - change);
            sums.Pearson += scale * (then.Sums.Pearson - change);
            sums.Saturated += scale * then.Sums.Saturated;
            sums.Carrier += scale * then.Sums.Carrier;
            if (!_model.HasAuxiliary) { continue; }
            var folds = Folds(i)[Single..];
            sums.AuxiliaryScore += scale * (folds[1] - folds[2] * (auxiliary - folds[0]));
            sums.AuxiliaryInformation += scale * folds[2];
        }
        correction.Flush();
        evidence.AddScore(score);
        return sums;
    }

    /// <summary>Brings score products up to date in the same way: those of rows, or the score sums of clusters, whose products then hold the sampling variance, which goes to <paramref name="excess"/>.</summary>
    public void Correct(SandwichSums sums, FullInformation excess, in ModelShape shape, double[] theta, double auxiliary)
    {
        var view = View(shape);
        var (now, then, move, row) = (new PredictorPoint(view.Count), new PredictorPoint(view.Count), new double[view.Count], new AuditRow(view));
        var correction = new AuditCorrection(view, sums.Kind == Sandwich.Clusters ? excess : sums.Rows);
        for (var i = 0; i < Count; i++)
        {
            view.Predict(Rows, i, theta, now.Eta);
            view.Evaluate(Rows, i, auxiliary, false, default, now);
            Recall(view, i, auxiliary, now.Eta, then, move, wantsPearson: false);
            var scale = Scale(i);
            if (sums.Kind != Sandwich.Clusters)
            {
                correction.Add(Rows, i, now.Score, scale);
                correction.Add(Rows, i, then.Score, -scale);
                continue;
            }
            TensorPrimitives.Subtract(now.Score, then.Score, now.Score);
            correction.Add(Rows, i, now.Score, scale * (scale - 1));
            TensorPrimitives.Multiply(now.Score, scale, now.Score);
            row.Write(Rows, i, now.Score);
            row.AddTo(sums.ClusterScore(Rows.Cluster[i]));
        }
        correction.Flush();
    }

    void CorrectWeights(FullInformation information, in ModelShape shape, double[] theta, double auxiliary)
    {
        var weights = new double[Count];
        for (var start = 0; start < Count; start += Chunk)
        {
            var sums = default(FitSums);
            var working = _model.Work(Rows, start, Math.Min(Chunk, Count - start), shape, theta, auxiliary, default, ref sums, _workspace);
            for (var r = 0; r < working.Weights.Length; r++) { weights[start + r] = Scale(start + r) * (PredictorView.Weight(working, r, isBound: false) - Folds(start + r)[2]); }
        }
        information.Correct(Rows.Rows(0, Count), weights);
    }

    /// <summary>The sample seen through the predictors of a model that has these sizes now.</summary>
    public PredictorView View(in ModelShape shape) => _view?.Shape == shape ? _view : _view = new(_model, shape, Rows);

    /// <summary>Takes over another sample, whose columns, outcomes and clusters get these numbers.</summary>
    public void Merge(Audit other, ReadOnlySpan<int> columns, ReadOnlySpan<int> outcomes, ReadOnlySpan<int> clusters, in ModelShape shape)
    {
        var isBlind = IsBlind || other.IsBlind;
        var rows = other._rows.Copy();
        rows.Rename(columns, outcomes, clusters, shape);
        Widen(View(shape).Count);
        _rows.Append(rows.Rows, 0, rows.Count);
        for (var i = 0; i < rows.Count; i++) { AppendRenamed(other.Folds(i), outcomes); }
        _sample.Most = Most;
        Drop(_sample.Merge(other._sample));
        if (isBlind) { Forget(); }
    }

    /// <summary>Writes the sample, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_sample.Seen);
        writer.Write(_sample.Seed);
        writer.Write(_sample.Threshold);
        _rows.Save(writer);
        var numbers = new List<double>(Count * (_width + Drawn));
        for (var i = 0; i < Count; i++)
        {
            var folds = Folds(i);
            numbers.AddRange(folds[..Math.Min(Before, _width)]);
            numbers.AddRange(_sample.Importance(i), _sample.Priority(i));
            numbers.AddRange(folds[Math.Min(Before, _width)..]);
        }
        writer.Write([.. numbers]);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The numbers do not match the rows.</exception>
    public static Audit Load(StateReader reader, IModel model, Block layout, int most = 0)
    {
        var audit = new Audit(model, layout, most);
        audit._sample.Restore(reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble());
        audit._rows = RowBuffer.Load(reader, layout);
        var numbers = reader.ReadDoubles();
        var count = audit.Count;
        if (count == 0) { return numbers.Length == 0 ? audit : throw Mismatch(); }
        var width = numbers.Length / count - Drawn;
        if (numbers.Length != count * (width + Drawn) || (audit._isSingle ? width != audit._width && width != Single : width < 2)) { throw Mismatch(); }
        double[] unknown = audit._isSingle && width < audit._width ? [double.NaN, double.NaN, double.NaN] : [];   // written when the auxiliary parameter was not audited
        audit._width = width + unknown.Length;
        for (var i = 0; i < count; i++)
        {
            var row = numbers.AsSpan(i * (width + Drawn), width + Drawn);
            var before = Math.Min(Before, width);
            audit._folds.AddRange(row[..before]);
            audit._sample.Add(row[before], row[before + 1]);
            audit._folds.AddRange(row[(before + Drawn)..]);
            audit._folds.AddRange(unknown);
        }
        return audit;

        static InvalidDataException Mismatch() => new("the audited rows do not match their folds");
    }

    void Append(PredictorView view, Block block, int row, double[] theta, double auxiliary, bool isBound, PredictorPoint? point)
    {
        _rows.Append(block, row, 1);
        var at = _folds.Count;
        CollectionsMarshal.SetCount(_folds, at + _width);
        var folds = CollectionsMarshal.AsSpan(_folds)[at..];
        if (point is null)
        {
            view.Predict(block, row, theta, folds[..^1]);
            folds[^1] = isBound ? 1 : 0;
            return;
        }
        view.Predict(block, row, theta, point.Eta);
        var working = view.Work(block, row, auxiliary, point);
        var sums = point.Sums;
        ReadOnlySpan<double> numbers = [point.Eta[0], working.Scores[0], PredictorView.Weight(working, 0, isBound), sums.Deviance, sums.Saturated, sums.Carrier, auxiliary, sums.AuxiliaryScore, sums.AuxiliaryInformation];
        numbers[.._width].CopyTo(folds);
    }

    /// <summary>What a row said at its fold: score, <c>M_b·move</c> and sums.</summary>
    void Recall(PredictorView view, int row, double auxiliary, double[] now, PredictorPoint then, double[] move, bool wantsPearson)
    {
        RecallPredictors(row, then.Eta);
        for (var l = 0; l < move.Length; l++) { move[l] = double.IsNegativeInfinity(then.Eta[l]) ? 0 : now[l] - then.Eta[l]; }
        if (!_isSingle)
        {
            view.Evaluate(Rows, row, auxiliary, Folds(row)[^1] != 0, move, then);
            return;
        }
        if (wantsPearson) { view.Work(Rows, row, auxiliary, then); }
        var folds = Folds(row);
        (then.Score[0], then.Product[0]) = (folds[1], folds[2] * move[0]);
        (then.Sums.Deviance, then.Sums.Saturated, then.Sums.Carrier) = (folds[3], folds[4], folds[5]);
    }

    void RecallPredictors(int row, Span<double> eta)
    {
        var folds = Folds(row);
        var known = folds[..(_isSingle ? 1 : _width - 1)];
        known.CopyTo(eta);
        eta[known.Length..].Fill(PredictorView.Absent);   // outcomes that nobody had met
    }

    Span<double> Folds(int row) => CollectionsMarshal.AsSpan(_folds).Slice(row * _width, _width);

    /// <summary>Makes room for predictors of outcomes met since.</summary>
    void Widen(int predictors)
    {
        if (_isSingle || _width > predictors) { return; }
        var (old, before) = (_folds, _width);
        (_folds, _width) = (new(Count * (predictors + 1)), predictors + 1);
        for (var i = 0; i < Count; i++) { AppendRenamed(CollectionsMarshal.AsSpan(old).Slice(i * before, before), default); }
    }

    void AppendRenamed(ReadOnlySpan<double> folds, ReadOnlySpan<int> outcomes)
    {
        if (_isSingle)
        {
            _folds.AddRange(folds);
            return;
        }
        var at = _folds.Count;
        CollectionsMarshal.SetCount(_folds, at + _width);
        var renamed = CollectionsMarshal.AsSpan(_folds)[at..];
        renamed.Fill(PredictorView.Absent);
        var keepsPlaces = outcomes.IsEmpty || _model.IsOrdinal;   // the cut points of a row's own outcome
        for (var l = 0; l < folds.Length - 1; l++) { renamed[keepsPlaces ? l : outcomes[l]] = folds[l]; }
        renamed[^1] = folds[^1];
    }

    void Forget()
    {
        _rows = new(RowBuffer.CreateLike(Rows, 0));
        _folds.Clear();
        _sample.Clear();
    }

    void Drop(ReadOnlySpan<bool> dropped)
    {
        if (_sample.Count == dropped.Length) { return; }
        var folds = CollectionsMarshal.AsSpan(_folds);
        for (int i = 0, to = 0; i < dropped.Length; i++)
        {
            if (dropped[i]) { continue; }
            folds.Slice(i * _width, _width).CopyTo(folds[to..]);
            to += _width;
        }
        _folds.RemoveRange(_sample.Count * _width, _folds.Count - _sample.Count * _width);
        _rows.MoveBack(dropped);
        _rows.Rows.Count = _sample.Count;
    }
}
