namespace FisherFlow.Mixtures;

/// <summary>The way up the likelihood of rows that are read again and again: EM while it is far, with every second step drawn out, Newton's steps on the observed information when it is near or EM is slow.</summary>
/// <remarks>
/// EM never goes down; a step of Newton's, or one drawn out, is taken back where the likelihood fell. Information costs several times a round of EM: where it was of no use, it is looked at again after
/// twice as many rounds as the last time.
/// Source: Dempster, Laird &amp; Rubin (1977); Louis (1982), §4; Varadhan &amp; Roland (2008), scheme S3 of squared extrapolation, here in units of the complete data's information.
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
    const int LongestPause = 64;
    const double Stretch = 4;

    readonly MixtureModel _model;
    readonly double[] _shares;
    readonly double[] _fallback;
    readonly double[] _move;
    bool _isTrial, _hasMove, _wantsInformation, _isSingular;
    int _mostRounds;
    int _pause, _waiting;       // rounds without information after it was of no use, and those that are left
    double _reach = Stretch;    // by how much a step is drawn out at most
    double _last = double.NegativeInfinity, _lastGauge = double.PositiveInfinity;

    /// <param name="model">The mixture.</param>
    /// <param name="theta">Where it begins, and is <c>[d]</c>.</param>
    /// <param name="leastVariance">Variances are held above this.</param>
    /// <param name="isNear">Whether θ may be near the maximum.</param>
    /// <param name="most">Rounds after which it ends, converged or not.</param>
    public MixtureAscent(MixtureModel model, double[] theta, double leastVariance, bool isNear, int most = int.MaxValue)
    {
        (_mostRounds, _model, Theta, LeastVariance, _wantsInformation) = (most, model, theta, leastVariance, isNear);
        (Evidence, _shares, _fallback, _move) = (new(model), new double[model.Components], new double[model.Dimension], new double[model.Dimension]);
    }

    /// <summary>θ <c>[d]</c>.</summary>
    public double[] Theta { get; }

    /// <summary>Variances are held above this.</summary>
    public double LeastVariance { get; private set; }

    /// <summary>Whether that has been lowered.</summary>
    public bool IsLowered { get; private set; }

    /// <summary>The evidence of the last round.</summary>
    public MixtureEvidence Evidence { get; }

    /// <summary>The log-likelihood in the last round.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>What is left of the score, in units of information; not a number where that is not positive.</summary>
    public double Gauge { get; private set; } = double.NaN;

    /// <summary>Rounds so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>Whether the last round ended at a maximum, or where EM does not move any more.</summary>
    public bool IsConverged { get; private set; }

    /// <summary>Whether there are rounds left to take a step back.</summary>
    bool MayTry => Rounds < _mostRounds - 1;

    /// <summary>Begins a round.</summary>
    public void Begin()
    {
        Rounds++;
        Evidence.Clear(Theta);
        LogLikelihood = 0;
    }

    /// <summary>Takes in a row.</summary>
    public void Add(in MixtureRow row) => LogLikelihood += row.Weight * (_wantsInformation ? Evidence.Add(Theta, row, _shares) : Evidence.AddLabels(Theta, row, _shares));

    /// <summary>Lets variances be so much lower.</summary>
    public void Lower(double share) => (LeastVariance, IsLowered) = (LeastVariance * share, true);

    /// <summary>So many more rounds over rows in memory, or fewer where it converges.</summary>
    public MixtureAscent Run(MixtureRows rows, int most)
    {
        (_mostRounds, _last) = (Rounds + most, double.NegativeInfinity);
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
        if (_isTrial && !(LogLikelihood >= _last - rounding))
        {
            TakeBack();
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
            if (IsConverged || Rounds >= _mostRounds) { return false; }
            if ((Gauge <= Near || rise < Slow) && MayTry)
            {
                Try(maximum);
                return true;
            }
        }
        else if (hadInformation) { Postpone(); }
        if (hadInformation) { _isSingular = double.IsNaN(Gauge); }
        var least = (_isSingular ? Singular : Flat) * Math.Abs(LogLikelihood);
        IsConverged = hadInformation && !_isTrial && rise <= least;
        if (IsConverged || Rounds >= _mostRounds) { return false; }
        Step();
        _wantsInformation = rise < Near && (_waiting-- <= 0 || rise <= least);
        return true;
    }

    /// <summary>Newton's step, a standard error in every direction at most; EM's where it is taken back.</summary>
    void Try(double[] maximum)
    {
        Theta.CopyTo(_fallback, 0);
        Evidence.Labelled.Maximise(_fallback, LeastVariance);
        var length = Math.Min(1, Math.Sqrt(_model.Dimension / Gauge));
        for (var i = 0; i < maximum.Length; i++) { Theta[i] += length * (maximum[i] - Theta[i]); }
        (_isTrial, _hasMove, _lastGauge) = (true, false, Gauge);
    }

    /// <summary>EM's step; where the last one was EM's too, both are drawn out.</summary>
    void Step()
    {
        var before = (double[])Theta.Clone();
        Evidence.Labelled.Maximise(Theta, LeastVariance);
        Theta.CopyTo(_fallback, 0);
        _isTrial = false;
        var (first, change) = (0.0, 0.0);
        for (var i = 0; i < before.Length && _hasMove; i++)
        {
            var bend = Theta[i] - before[i] - _move[i];
            var unit = Unit(i);
            first += unit * _move[i] * _move[i];
            change += unit * bend * bend;
        }
        var length = Math.Min(_reach, Math.Sqrt(first / change));
        if (_hasMove && length > 1 && MayTry)
        {
            for (var i = 0; i < before.Length; i++) { Theta[i] = before[i] - _move[i] + 2 * length * _move[i] + length * length * (_fallback[i] - before[i] - _move[i]); }
            for (var k = 0; k < _model.Components; k++) { Theta[_model.Scale(k)] = Math.Max(Theta[_model.Scale(k)], 0.5 * Math.Log(LeastVariance)); }
            (_isTrial, _hasMove) = (true, false);
            if (length == _reach) { _reach *= Stretch; }
            return;
        }
        for (var i = 0; i < before.Length; i++) { _move[i] = Theta[i] - before[i]; }
        _hasMove = true;
    }

    void TakeBack()
    {
        _fallback.CopyTo(Theta, 0);
        if (_wantsInformation) { Postpone(); }
        (_isTrial, _hasMove, _wantsInformation, _reach) = (false, false, false, Math.Max(Stretch, _reach / Stretch / Stretch));
    }

    void Postpone() => _waiting = _pause = Math.Min(LongestPause, Math.Max(1, 2 * _pause));

    /// <summary>What the complete data say of a parameter, a row.</summary>
    double Unit(int parameter)
    {
        var (component, part) = (parameter / _model.Stride, parameter % _model.Stride);
        var share = Evidence.Labelled.Share(component);
        return part == _model.Columns ? 2 * share : part > _model.Columns ? share : Evidence.Labelled.Moment(component, part, part) * Math.Exp(-2 * _fallback[_model.Scale(component)]);
    }
}
