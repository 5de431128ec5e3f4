namespace FisherFlow.Mixtures;

/// <summary>EM to convergence over rows that are read again and again, for a mixture and for the one of a component less.</summary>
sealed class MixturePolish
{
    readonly OnlineMixture[] _mixtures;
    readonly MixtureAscent[] _ascents;
    readonly bool[] _isDone;

    public MixturePolish(OnlineMixture mixture)
    {
        var first = mixture.Ascend();   // which lets both begin
        (_mixtures, _ascents) = ([mixture, mixture.Rival!], [first, mixture.Rival!.Ascend()]);
        _isDone = new bool[_ascents.Length];
    }

    /// <summary>Begins a pass.</summary>
    public void Begin()
    {
        for (var i = 0; i < _ascents.Length; i++)
        {
            if (!_isDone[i]) { _ascents[i].Begin(); }
        }
    }

    /// <summary>Takes in a row.</summary>
    public void Add(in MixtureRow row)
    {
        for (var i = 0; i < _ascents.Length; i++)
        {
            if (!_isDone[i]) { _ascents[i].Add(row); }
        }
    }

    /// <summary>Ends a pass; false where nothing is left to do, and the mixtures are at their maxima.</summary>
    public bool Advance()
    {
        for (var i = 0; i < _ascents.Length; i++)
        {
            if (_isDone[i] || _ascents[i].Advance()) { continue; }
            _isDone[i] = true;
            _mixtures[i].Adopt(_ascents[i]);
        }
        return !Array.TrueForAll(_isDone, done => done);
    }
}
