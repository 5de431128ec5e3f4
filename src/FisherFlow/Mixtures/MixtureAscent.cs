namespace FisherFlow.Mixtures;

/// <summary>The way up the likelihood of rows that are read again and again: EM while it is far, Newton's steps on the observed information when it is near or EM is slow.</summary>
/// <remarks>
/// EM never goes down; a step of Newton's is taken back where the likelihood fell.
/// Source: Dempster, Laird &amp; Rubin (1977); Louis (1982), §4.
/// </remarks>
sealed class MixtureAscent
{
    const double Near = 1;            // squared standard errors, over all directions together
    const double Slow = 0.01;         // of log-likelihood: where EM rises by less, a step of Newton's from farther away is worth a try
    const double Final = 1e-16;
    const double Stalled = 1e-8;      // below it a gauge that no longer falls is rounding
    const double Flat = 1e-12;        // of the log-likelihood: EM does not move any more
    const double Singular = 1e-9;     // the same where the information has a direction that is not positive, in which EM has no end
    const double Rounding = 1e-11;

    readonly MixtureModel _model;
    readonly double _leastVariance;
    readonly double[] _shares;
    readonly double[] _fallback;
    bool _isNewton, _wantsInformation;
    double _last = double.NegativeInfinity, _lastGauge = double.PositiveInfinity;

    /// <param name="model">The mixture.</param>
    /// <param name="theta">Where it begins, and is <c>[d]</c>.</param>
    /// <param name="leastVariance">Variances are held above this.</param>
    /// <param name="isNear">Whether θ may be near the maximum.</param>
    public MixtureAscent(MixtureModel model, double[] theta, double leastVariance, bool isNear)
    {
        (_model, Theta, _leastVariance, _wantsInformation) = (model, theta, leastVariance, isNear);
        (Evidence, _shares, _fallback) = (new(model), new double[model.Components], new double[model.Dimension]);
    }

    /// <summary>θ <c>[d]</c>.</summary>
    public double[] Theta { get; }

    /// <summary>The evidence of the last round.</summary>
    public MixtureEvidence Evidence { get; }

    /// <summary>The log-likelihood in the last round.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>What is left of the score, in units of information; not a number where that is not positive.</summary>
    public double Gauge { get; private set; } = double.NaN;

    /// <summary>Rounds after which it ends, converged or not.</summary>
    public int MostRounds { get; init; } = 1000;

    /// <summary>Rounds so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>Whether the last round ended at a maximum, or where EM does not move any more.</summary>
    public bool IsConverged { get; private set; }

    /// <summary>Begins a round.</summary>
    public void Begin()
    {
        Rounds++;
        Evidence.Clear(Theta);
        LogLikelihood = 0;
    }

    /// <summary>Takes in a row.</summary>
    public void Add(in MixtureRow row) => LogLikelihood += row.Weight * (_wantsInformation ? Evidence.Add(Theta, row, _shares) : Evidence.AddLabels(Theta, row, _shares));

    /// <summary>All rounds over rows in memory.</summary>
    public MixtureAscent Run(MixtureRows rows)
    {
        do
        {
            Begin();
            for (var i = 0; i < rows.Count; i++) { Add(rows[i]); }
        }
        while (Advance());
        return this;
    }

    /// <summary>Ends a round and moves on; false where nothing is left to do, and the evidence is that at θ.</summary>
    public bool Advance()
    {
        var rounding = Rounding * (1 + Math.Abs(LogLikelihood));
        if (_isNewton && !(LogLikelihood >= _last - rounding) && Rounds < MostRounds)
        {
            _fallback.CopyTo(Theta, 0);
            (_isNewton, _wantsInformation) = (false, false);
            return true;
        }
        var rise = LogLikelihood - _last;
        _last = LogLikelihood;
        var hadInformation = _wantsInformation;
        Gauge = double.NaN;
        if (hadInformation && Evidence.TryMaximum(out var maximum, out var gauge))
        {
            Gauge = gauge;
            IsConverged = Gauge <= Final || (Gauge <= Stalled && Gauge > 0.1 * _lastGauge);
            if (IsConverged || Rounds >= MostRounds) { return false; }
            if (Gauge <= Near || rise < Slow)
            {
                Theta.CopyTo(_fallback, 0);
                Evidence.Labelled.Maximise(_fallback, _leastVariance);
                var length = Math.Min(1, Math.Sqrt(_model.Dimension / Gauge));   // a standard error in every direction
                for (var i = 0; i < maximum.Length; i++) { Theta[i] += length * (maximum[i] - Theta[i]); }
                (_isNewton, _lastGauge) = (true, Gauge);
                return true;
            }
        }
        IsConverged = hadInformation && !_isNewton && rise <= (double.IsNaN(Gauge) ? Singular : Flat) * Math.Abs(LogLikelihood);
        if (IsConverged || Rounds >= MostRounds) { return false; }
        Evidence.Labelled.Maximise(Theta, _leastVariance);
        (_isNewton, _wantsInformation) = (false, rise < Near);
        return true;
    }
}
