using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Kalman's filter over coefficients that walk at random, one row at a time: mean and covariance of θ (and its slopes), and the prediction errors.</summary>
/// <remarks>
/// A row with predictor η = xᵀθ moves θ along Px: the mode of its own likelihood under the prediction, <c>θ ← θ + Px·a</c> with <c>a = ℓ′(η + s·a)</c>, s = xᵀPx, by Newton's method in one variable; then
/// <c>P ← P − Px(Px)ᵀ·w/(1 + w·s)</c>. For a gaussian response that is Kalman's update, exactly; otherwise the iterated extended filter. Cost: <c>O(d²)</c> a row.
/// </remarks>
sealed class DriftingState
{
    const int MostSteps = 50;

    /// <summary>A prediction with this much more variance than an observation says nothing about the drift: it comes from the vague start.</summary>
    const double Vague = 1e4;

    readonly IModel _model;
    readonly Block _single;
    readonly Workspace _workspace = new();
    double[] _slopeCross = [];    // [d, d]: covariance of θ (rows) and slopes
    double[] _slopes = [];        // [d, d]
    double[] _slopeMean = [];
    double[] _gain = [], _slopeGain = [];

    public DriftingState(IModel model, bool hasTrials, bool hasSlopes) =>
        (_model, HasSlopes, _single) = (model, hasSlopes, new Block(1, 0, 0, false, hasTrials, false) { Count = 1 });

    /// <summary>Whether every coefficient has a slope.</summary>
    public bool HasSlopes { get; }

    /// <summary>θ <c>[d]</c>.</summary>
    public double[] Mean { get; private set; } = [];

    /// <summary>Its slopes <c>[d]</c>, or none.</summary>
    public ReadOnlySpan<double> Slopes => _slopeMean;

    /// <summary>P <c>[d, d]</c>, row by row, symmetric.</summary>
    public double[] Covariance { get; private set; } = [];

    /// <summary>Rows whose prediction counted.</summary>
    public long Innovations { get; private set; }

    /// <summary><c>Σ v²/s</c>, or what stands for it: the deviance at the mode and the prior's share.</summary>
    public double Errors { get; private set; }

    /// <summary><c>Σ log(1 + w·s)</c>.</summary>
    public double LogVariances { get; private set; }

    /// <summary>All numbers, for a state file.</summary>
    public double[][] Numbers
    {
        get => [Mean, Covariance, _slopeMean, _slopeCross, _slopes, [Innovations, Errors, LogVariances]];
        set
        {
            (Mean, Covariance, _slopeMean, _slopeCross, _slopes) = (value[0], value[1], value[2], value[3], value[4]);
            (Innovations, Errors, LogVariances) = ((long)value[5][0], value[5][1], value[5][2]);
        }
    }

    /// <summary>Twice the negative log-likelihood of the prediction errors, up to a constant; the dispersion is profiled out where it is estimated.</summary>
    public double Deviance => _model.EstimatesDispersion ? Innovations * Math.Log(Errors / Math.Max(1, Innovations)) + LogVariances : Errors + LogVariances;

    /// <summary>Makes room for new parameters, with their vague start.</summary>
    /// <param name="map">New index of every old parameter, <c>[d]</c>.</param>
    /// <param name="prior">Variance of every parameter before it was met, <c>[new d]</c>.</param>
    public void Grow(ReadOnlySpan<int> map, ReadOnlySpan<double> prior)
    {
        var (old, d) = (Mean.Length, prior.Length);
        Mean = ParameterLayout.Move(Mean, map, d);
        Covariance = Moved(Covariance, map, old, d);
        if (HasSlopes)
        {
            _slopeMean = ParameterLayout.Move(_slopeMean, map, d);
            (_slopeCross, _slopes) = (Moved(_slopeCross, map, old, d), Moved(_slopes, map, old, d));
        }
        var known = new bool[d];
        foreach (var parameter in map) { known[parameter] = true; }
        for (var j = 0; j < d; j++)
        {
            if (known[j]) { continue; }
            Covariance[j * d + j] = prior[j];
            if (HasSlopes) { _slopes[j * d + j] = prior[j]; }
        }
    }

    /// <summary>One step of time: <c>θ ← θ + slope</c>, and each walks.</summary>
    public void Predict(double drift, double slopeDrift)
    {
        var d = Mean.Length;
        if (HasSlopes)
        {
            for (var i = 0; i < d; i++)
            {
                Mean[i] += _slopeMean[i];
                for (var j = 0; j < d; j++) { Covariance[i * d + j] += _slopeCross[i * d + j] + _slopeCross[j * d + i] + _slopes[i * d + j]; }
            }
            for (var i = 0; i < d * d; i++) { _slopeCross[i] += _slopes[i]; }
            for (var j = 0; j < d; j++) { _slopes[j * d + j] += slopeDrift; }
        }
        for (var j = 0; j < d; j++) { Covariance[j * d + j] += drift; }
    }

    /// <summary>Learns from a row; false where its predictor or likelihood is not finite, and nothing changes.</summary>
    /// <param name="block">The block of the row.</param>
    /// <param name="row">Which.</param>
    /// <param name="columns">Parameters of the row's non-zeros.</param>
    /// <param name="values">Their values, as many.</param>
    public bool Observe(Block block, int row, ReadOnlySpan<int> columns, ReadOnlySpan<double> values)
    {
        if (block.Weight[row] == 0) { return true; }
        var d = Mean.Length;
        if (_gain.Length != d) { (_gain, _slopeGain) = (new double[d], new double[d]); }
        var (gain, eta, spread) = (_gain, block.Offset[row], 0.0);
        Along(Covariance, columns, values, transposed: false, gain);
        for (var i = 0; i < columns.Length; i++)
        {
            eta += values[i] * Mean[columns[i]];
            spread += values[i] * gain[columns[i]];
        }
        Describe(block, row);
        if (Mode(eta, spread) is not { } mode) { return false; }
        if (mode.Weight * spread < Vague)
        {
            Innovations++;
            Errors += mode.Deviance + mode.Move * mode.Move * spread;
            LogVariances += double.LogP1(mode.Weight * spread);
        }
        var shrink = mode.Weight / (1 + mode.Weight * spread);
        if (HasSlopes)
        {
            var slopeGain = _slopeGain;
            Along(_slopeCross, columns, values, transposed: true, slopeGain);
            for (var i = 0; i < d; i++)
            {
                _slopeMean[i] += slopeGain[i] * mode.Move;
                for (var j = 0; j < d; j++)
                {
                    _slopeCross[i * d + j] -= shrink * gain[i] * slopeGain[j];
                    _slopes[i * d + j] -= shrink * (slopeGain[i] * slopeGain[j]);
                }
            }
        }
        for (var i = 0; i < d; i++)
        {
            Mean[i] += gain[i] * mode.Move;
            var scaled = shrink * gain[i];
            for (var j = 0; j < d && scaled != 0; j++) { Covariance[i * d + j] -= shrink * (gain[i] * gain[j]); }
        }
        return true;
    }

    /// <summary><c>Mx</c>, or <c>Mᵀx</c>, for a sparse x.</summary>
    static void Along(double[] matrix, ReadOnlySpan<int> columns, ReadOnlySpan<double> values, bool transposed, double[] product)
    {
        var d = product.Length;
        Array.Clear(product);
        for (var k = 0; k < columns.Length; k++)
        {
            var (column, value) = (columns[k], values[k]);
            for (var i = 0; i < d; i++) { product[i] += value * matrix[transposed ? column * d + i : i * d + column]; }
        }
    }

    void Describe(Block block, int row)
    {
        (_single.Response[0], _single.Weight[0]) = (block.Response[row], block.Weight[row]);
        if (block.HasTrials) { _single.Trials[0] = block.Trials[row]; }
    }

    /// <summary>Score, information and deviance of the row at a linear predictor: that of a row whose offset it is.</summary>
    (double Score, double Weight, double Deviance) At(double eta)
    {
        _single.Offset[0] = eta;
        var sums = default(FitSums);
        var working = _model.Work(_single, 0, 1, new(0, 0, 1), default, 0, default, ref sums, _workspace);
        return (working.Scores[0], working.Weights[0], sums.Deviance);
    }

    /// <summary>Solves <c>a = ℓ′(η + s·a)</c>: Newton's steps, halved while the penalised deviance rises.</summary>
    (double Move, double Weight, double Deviance)? Mode(double eta, double spread)
    {
        var (move, here) = (0.0, At(eta));
        if (!double.IsFinite(here.Deviance)) { return null; }
        for (var step = 0; step < MostSteps; step++)
        {
            var change = (here.Score - move) / (1 + here.Weight * spread);
            var next = At(eta + spread * (move + change));
            for (var halving = 0; halving < 60 && !(next.Deviance + (move + change) * (move + change) * spread <= (here.Deviance + move * move * spread) * (1 + 1e-12) + 1e-300); halving++)
            {
                change /= 2;
                next = At(eta + spread * (move + change));
            }
            if (!double.IsFinite(next.Deviance)) { return null; }
            (move, here) = (move + change, next);
            if (Math.Abs(change) <= 1e-12 * (1 + Math.Abs(move)) || _model.IsQuadratic) { break; }
        }
        return (move, here.Weight, here.Deviance);
    }

    static double[] Moved(double[] matrix, ReadOnlySpan<int> map, int old, int d)
    {
        var moved = new double[d * d];
        for (var i = 0; i < old; i++)
        {
            for (var j = 0; j < old; j++) { moved[map[i] * d + map[j]] = matrix[i * old + j]; }
        }
        return moved;
    }
}
