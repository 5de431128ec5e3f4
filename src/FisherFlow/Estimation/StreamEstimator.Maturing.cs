using FisherFlow.Information;

namespace FisherFlow.Estimation;

/// <summary>Maturing: rows that touch a level with little information behind it ("young") wait in the buffer, where no quadratic has to stand for them.</summary>
sealed partial class StreamEstimator<TEvidence>
{
    bool[] _young = [];

    /// <summary>What levels will know once the buffer is folded, <c>[d]</c>: folded information, and an average row's for every row that waits.</summary>
    double[] ExpectedInformation()
    {
        var (information, counts, rows) = (new double[Evidence.Dimension], new int[Shape.Columns], _buffer.Rows);
        Evidence.CopyDiagonal(information);
        foreach (var index in rows.Indices.AsSpan(0, rows.Count * rows.Slots))
        {
            if (index >= 0) { counts[index]++; }
        }
        for (var o = 0; o < LevelOutcomes; o++)
        {
            var unit = InformationOfARow(o, information, _foldedRows);
            for (var c = Shape.DenseColumns; c < Shape.Columns; c++)
            {
                var parameter = Model.Parameter(Shape, o, c);
                if (parameter >= 0) { information[parameter] += counts[c] * unit; }
            }
        }
        return information;
    }

    /// <summary>Moves rows of young levels behind the others, and says how many stay before them; when they would fill half the buffer, less maturity must do.</summary>
    /// <param name="information">What is known of every parameter, <c>[d]</c>.</param>
    /// <param name="rows">Rows that it comes from.</param>
    int SetYoungAside(double[] information, long rows)
    {
        if (Shape.Columns == Shape.DenseColumns || Model.IsQuadratic) { return _buffer.Count; }
        if (_young.Length < _buffer.Count) { _young = new bool[_buffer.Rows.Capacity]; }
        var young = _young.AsSpan(0, _buffer.Count);
        var count = 0;
        for (var maturity = Options.Maturity; ; maturity /= 2)
        {
            count = MarkYoung(young, YoungLevels(information, rows, maturity));
            if (count <= _buffer.Count / 2 || maturity < 1e-3) { break; }
        }
        if (count > _buffer.Count / 2) { return _buffer.Count; }
        _buffer.MoveBack(young);
        return _buffer.Count - count;
    }

    bool[] YoungLevels(double[] information, long rows, double maturity)
    {
        var young = new bool[Shape.Columns];
        for (var o = 0; o < LevelOutcomes; o++)
        {
            var needed = maturity * (CountsRows ? InformationOfARow(o, information, rows) : 1);
            for (var c = Shape.DenseColumns; c < Shape.Columns; c++)
            {
                var parameter = Model.Parameter(Shape, o, c);
                young[c] |= parameter >= 0 && information[parameter] < needed;
            }
        }
        return young;
    }

    int MarkYoung(Span<bool> marks, bool[] young)
    {
        var (count, slots, indices) = (0, _buffer.Rows.Slots, _buffer.Rows.Indices);
        for (var i = 0; i < marks.Length; i++)
        {
            var isYoung = false;
            foreach (var index in indices.AsSpan(i * slots, slots)) { isYoung |= index >= 0 && young[index]; }
            marks[i] = isYoung;
            count += isYoung ? 1 : 0;
        }
        return count;
    }

    /// <summary>What a row tells a level on average; 1 where nothing is known yet.</summary>
    double InformationOfARow(int outcome, double[] information, long rows)
    {
        var sum = 0.0;
        for (var c = Shape.DenseColumns; c < Shape.Columns; c++)
        {
            var parameter = Model.Parameter(Shape, outcome, c);
            if (parameter >= 0) { sum += information[parameter]; }
        }
        return sum > 0 ? sum / ((double)rows * _layout.Slots) : 1;
    }

    /// <summary>Outcomes with level parameters of their own.</summary>
    int LevelOutcomes => Model.IsOrdinal ? 1 : Shape.Outcomes;

    /// <summary>Judges a step that a fold would take next: whether the rows' quadratic about here may stand for them there.</summary>
    /// <remarks>
    /// Moving a level by δ changes the score of its rows by <c>½w′δ²</c> each beyond what the quadratic says, and |w′| is at most about w where a unit of
    /// the linear predictor is large. In standard errors that is <c>½δ²·I_rows/√I</c>.
    /// </remarks>
    sealed class NextMove(StreamEstimator<TEvidence> state)
    {
        const double Slight = 0.02;

        readonly double[] _ranges = state.Ranges();
        readonly double[] _before = Diagonal(state.Evidence);

        public bool IsSlight(Evaluation<TEvidence> evaluation, Factor factor)
        {
            var step = factor.Step.Span;
            var now = Diagonal(evaluation.Evidence);
            for (var j = 0; j < now.Length; j++)
            {
                var change = 0.5 * step[j] * step[j] * _ranges[j] * (now[j] - _before[j]);
                if (!(change * change <= Slight * Slight * now[j])) { return false; }
            }
            return true;
        }

        static double[] Diagonal(TEvidence evidence)
        {
            var diagonal = new double[evidence.Dimension];
            evidence.CopyDiagonal(diagonal);
            return diagonal;
        }
    }
}
