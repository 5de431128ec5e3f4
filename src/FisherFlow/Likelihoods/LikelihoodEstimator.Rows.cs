namespace FisherFlow.Likelihoods;

/// <summary>Rows that a likelihood can make nothing of, told apart before they are learnt from.</summary>
public sealed partial class LikelihoodEstimator
{
    const int PointsToJudge = 8;

    double[][] _points = [];
    double[]? _judgedAt;

    /// <summary>Finds rows without a finite value, at the estimate so far and at the starts.</summary>
    /// <remarks>Such a row would stop every search. Where no row has a value it is the start that is wrong, and all are called possible: the search says so itself.</remarks>
    /// <param name="rows">Rows <c>[n, columns]</c>.</param>
    /// <param name="isPossible">Receives for each row whether it has a value, <c>[n]</c>.</param>
    public void Judge(ReadOnlySpan<double> rows, Span<bool> isPossible)
    {
        isPossible.Clear();
        if (_points.Length == 0 || !ReferenceEquals(_judgedAt, _folded?.Anchor))
        {
            _judgedAt = _folded?.Anchor;
            var starts = new Starts(Model.Space, Options).Candidates().Take(PointsToJudge);
            _points = [.. (_folded is { } folded ? starts.Prepend(folded.Anchor) : starts).Select(phi => Natural(phi))];
        }
        var width = Model.Columns.Count;
        Span<double> values = stackalloc double[RowSums.BlockRows];
        for (var start = 0; start < isPossible.Length; start += RowSums.BlockRows)
        {
            var count = Math.Min(RowSums.BlockRows, isPossible.Length - start);
            var block = rows.Slice(start * width, count * width);
            foreach (var theta in _points)
            {
                Model.Evaluate(theta, block, values[..count], default);
                for (var i = 0; i < count; i++) { isPossible[start + i] |= double.IsFinite(values[i]); }
                if (!isPossible.Slice(start, count).Contains(false)) { break; }
            }
        }
        if (Rows == 0 && !isPossible.Contains(true)) { isPossible.Fill(true); }
    }
}
