using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Optimisation;
using FisherFlow.Snapshots;

namespace FisherFlow.Data;

/// <summary>A method that takes part in a comparison: it predicts each block before it learns it.</summary>
abstract class Contender(string name, IModel model, Family family)
{
    readonly Workspace _workspace = new();
    readonly Calibration _calibration = new(model, family);
    readonly List<LossPoint> _curve = [];
    (double Loss, long Rows) _all, _before, _last;
    double[] _means = [];

    /// <summary>What a user calls it.</summary>
    public string Name => name;

    /// <summary>Its axes.</summary>
    public abstract string Method { get; }

    /// <summary>Whether its information is a covariance.</summary>
    public abstract Regime Regime { get; }

    /// <summary>Processor time of learning.</summary>
    public double Seconds { get; set; }

    /// <summary>Learns a block.</summary>
    public abstract void Learn(Block block);

    /// <summary>θ <c>[d]</c> and the sizes it is laid out under; empty before anything is known.</summary>
    protected abstract ReadOnlySpan<double> Theta(out ModelShape shape);

    /// <summary>Writes what must be kept to go on.</summary>
    protected abstract void Save(StateWriter writer);

    /// <summary>Predicts a block that nobody has learned yet.</summary>
    public void Predict(Block block)
    {
        var known = Theta(out var shape);
        var wider = new ModelShape(block.DenseColumns, Math.Max(block.Columns, shape.Columns), Math.Max(block.Outcomes, shape.Outcomes));
        var theta = known.IsEmpty ? Start(block) : PointPredictor.Widen(model, shape, known, wider);
        var sums = default(FitSums);
        model.Work(block, 0, block.Count, wider, theta, 0, default, ref sums, _workspace);
        var predictor = new PointPredictor(model, wider, theta);
        if (_means.Length != predictor.Means) { _means = new double[predictor.Means]; }
        for (var row = 0; row < block.Count; row++)
        {
            predictor.Predict(block, row, _means);
            _calibration.Add(block, row, _means);
        }
        _calibration.AddPearson(sums.Pearson, block.Count);
        _all = (_all.Loss + 0.5 * sums.Deviance, _all.Rows + block.Count);
    }

    /// <summary>Sets down the loss so far.</summary>
    public void Mark()
    {
        _curve.Add(new(_all.Rows, Mean(default), Mean(_last)));
        (_before, _last) = (_last, _all);
        _calibration.Turn();
    }

    /// <summary>How it did, beside the losses that it is measured by.</summary>
    public ContenderResult Result(ReferenceLoss reference)
    {
        var writer = new StateWriter();
        Save(writer);
        if (_curve.Count == 0 || _curve[^1].Rows < _all.Rows) { _curve.Add(new(_all.Rows, Mean(default), Mean(_last))); }
        var last = Mean(_before);
        return new(Name, Method, Regime, _curve, Mean(default), last, _calibration.Result(), Seconds, writer.Written.Length)
        {
            HasDiverged = last is not { } loss || reference.IsLost(loss),
        };
    }

    double[] Start(Block block)
    {
        var responses = ResponseSums.Empty;
        var theta = new double[model.Dimension(block.Shape)];
        model.Start(block.Shape, responses, block, theta);
        return theta;
    }

    double? Mean((double Loss, long Rows) since)
    {
        var mean = (_all.Loss - since.Loss) / (_all.Rows - since.Rows);
        return double.IsFinite(mean) ? mean : null;
    }
}

/// <summary>A method of the trajectory regime.</summary>
sealed class TrainedContender(string name, IModel model, Family family, Method method, int batch) : Contender(name, model, family)
{
    readonly Trainer _trainer = new(model, method, batch);

    /// <inheritdoc/>
    public override string Method => _trainer.Method.Description;

    /// <inheritdoc/>
    public override Regime Regime => Regime.Trajectory;

    /// <inheritdoc/>
    public override void Learn(Block block) => _trainer.Learn(block);

    /// <inheritdoc/>
    protected override ReadOnlySpan<double> Theta(out ModelShape shape)
    {
        shape = _trainer.Shape;
        return _trainer.Theta;
    }

    /// <inheritdoc/>
    protected override void Save(StateWriter writer) => _trainer.Save(writer);
}

/// <summary>The one-pass estimator of the converged regime, solved for prediction whenever a quarter more rows have come.</summary>
sealed class FittedContender(string name, IModel model, Family family, Estimator estimator) : Contender(name, model, family)
{
    double[] _theta = [];
    ModelShape _shape;
    double _next;

    /// <inheritdoc/>
    public override string Method => $"({estimator.StructureName}, sum, expected, proximal 1)";

    /// <inheritdoc/>
    public override Regime Regime => Regime.Converged;

    /// <inheritdoc/>
    public override void Learn(Block block)
    {
        estimator.Observe(block);
        var rows = estimator.Responses.Observations + estimator.Responses.ZeroWeights;
        if (rows < _next) { return; }
        _theta = estimator.Preview(out _shape);
        _next = 1.25 * rows;
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<double> Theta(out ModelShape shape)
    {
        shape = _shape;
        return _theta;
    }

    /// <inheritdoc/>
    protected override void Save(StateWriter writer) => estimator.Save(writer);
}
