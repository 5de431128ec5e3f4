using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Adaptive memory: a batch that contradicts what is known of a coefficient makes an end of it, and learning begins anew.</summary>
sealed partial class StructuredEstimator<TInformation>
{
    ChangeWatch? _watch;
    readonly List<CoefficientChange> _changes = [];
    Identification? _identification;

    /// <summary>Looks at the buffer before it is folded; where a coefficient has changed, everything before is forgotten.</summary>
    void Adapt()
    {
        if (_watch is null || _state.Rows == 0) { return; }
        if (_identification?.Shape != Shape) { _identification = new(Schema, Model, shape: Shape); }
        var d = _state.Theta.Length;
        var (batch, sums, chunk) = (FullInformation.Create(d), default(FitSums), 1024);
        var model = Options.IsSigned(Model) ? Model.WithInformation(InformationKind.Empirical) : Model;   // what scores vary by, which is never indefinite
        for (var start = 0; start < _buffer.Count; start += chunk)
        {
            var working = model.Work(_buffer.Rows, start, Math.Min(chunk, _buffer.Count - start), Shape, _state.Theta, _state.Auxiliary, default, ref sums, _workspace);
            batch.Add(working.Rows, working.Weights, working.Scores);
        }
        if (!double.IsFinite(sums.Deviance)) { return; }
        var score = new double[d];
        batch.CopyScore(score);
        var past = Exact(_state, _identification);
        var degrees = _state.Mass - past.Factor.Rank;
        var dispersion = Model.EstimatesDispersion && degrees > 0 && _state.Sums.Pearson > 0 ? _state.Sums.Pearson / degrees : 1;
        var found = _watch.Test(score, batch.Factorise([.. past.Factor.Kept], default, default), past.Factor, dispersion, _seen - _buffer.Count + 1);
        if (found is not { } change) { return; }
        _changes.Add(new(change.Parameter, change.Since, _seen));
        _watch.Reset();
        var theta = _state.Theta;
        var (notFinite, iterations) = (_state.NotFinite, _state.Iterations);
        _state = Empty();
        theta.CopyTo(_state.Theta, 0);
        (_state.NotFinite, _state.Iterations) = (notFinite, iterations);
        _responses = ResponseSums.Empty;
        Model.Summarise(_buffer.Rows, 0, _buffer.Count, ref _responses);
    }
}
