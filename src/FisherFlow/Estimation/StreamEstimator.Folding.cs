using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Estimation;

/// <summary>Folding: solve for the buffer against the evidence, then keep its quadratic and let the rows go.</summary>
sealed partial class StreamEstimator<TEvidence>
{
    const int LargestSpare = 1024;   // 8 MiB
    const double ColdTolerance = 1e-6;
    const double WarmTolerance = 1e-3;   // a thirtieth of a standard error over all directions together; what is left stays in the score

    /// <summary>Folds the buffer but for its young rows, or lets it grow while it does not identify the parameters (the guarded cold start).</summary>
    void Fold()
    {
        var cold = _foldedRows == 0;
        var evaluation = SpareEvaluation();
        var rows = cold ? _buffer.Count : SetYoungAside(ExpectedInformation(), _foldedRows + _buffer.Count);
        // A quadratic is the same about any anchor: once warm, rows are folded where they are, and solved for when somebody asks;
        // score products are not, and want the best θ there is.
        var problem = Problem(FoldIdentification(), cold ? ColdTolerance : WarmTolerance) with { MaxIterations = cold ? 50 : Model.IsQuadratic && _sandwich is null ? 1 : 25 };
        Func<Evaluation<TEvidence>, Factor, bool>? suffices = Model.HasUnitScale && !MovesAuxiliary ? new NextMove(this).IsSlight : null;
        var solution = Newton(Objective(rows), problem, cold ? null : suffices, FirstTheta(), _auxiliary, evaluation, model => Objective(model, _buffer, rows));
        _iterations += solution.Iterations;
        if (cold)
        {
            if (!IsIdentified(evaluation, solution) && _buffer.Count < MostExtensions * Math.Max(Capacity(), RowBuffer.FewestAtFirst(_layout)))
            {
                _capacity = 2 * _buffer.Count;
                return;
            }
            var information = new double[Evidence.Dimension];
            evaluation.Evidence.CopyDiagonal(information);
            rows = SetYoungAside(information, _buffer.Count);
            if (rows < _buffer.Count)
            {
                problem = problem with { StartAtResponses = false, Tolerance = WarmTolerance };
                solution = Newton(Objective(rows), problem, suffices, solution.Theta, solution.Auxiliary, evaluation, model => Objective(model, _buffer, rows));
                _iterations += solution.Iterations;
            }
        }
        Adopt(rows, evaluation, solution);
        _capacity = Math.Max(Capacity(), 2 * _buffer.Count);
    }

    /// <summary>What the last fold left: the next one writes over it; where matrices are large their memory is given back instead.</summary>
    Evaluation<TEvidence> SpareEvaluation()
    {
        if (_spare?.Evidence.Dimension == Evidence.Dimension) { return _spare; }
        var evaluation = NewEvaluation();
        _spare = Evidence.Dimension <= LargestSpare && evaluation.Deficit is null ? evaluation : null;
        return evaluation;
    }

    BatchObjective<TEvidence> Objective(int rows) => new(Folded, _accumulator, _buffer, rows);

    FoldedPart<TEvidence> Folded => new(Shape, _foldedRows > 0 ? Evidence : null, Anchor, AuxiliaryAt);

    /// <summary>Which parameters are free among those met so far; worked out when there are new ones.</summary>
    Identification FoldIdentification() =>
        _identification?.Shape == Shape ? _identification : _identification = new(Schema, Model, shape: Shape);

    void Adopt(int rows, Evaluation<TEvidence> evaluation, NewtonSolution solution)
    {
        _foldedResidual += evaluation.Evidence.ResidualSum - (evaluation.Deviance - evaluation.Sums.Deviance);
        (_auxiliaryScore, _auxiliaryInformation) = AuxiliaryAt(solution.Auxiliary);
        _auxiliaryScore += evaluation.Sums.AuxiliaryScore;
        _auxiliaryInformation += evaluation.Sums.AuxiliaryInformation;
        (Evidence, evaluation.Evidence) = (evaluation.Evidence, Evidence);
        (Anchor, _auxiliary) = (solution.Theta, solution.Auxiliary);
        _folded.Add(evaluation.Sums);
        _foldedRows += rows;
        if (evaluation.Indefinite.Count > 0) { _boundedRows += rows; }
        if (!Model.IsQuadratic)
        {
            var diagonal = new double[Evidence.Dimension];
            Evidence.CopyDiagonal(diagonal);
            _audit.Fold(_buffer.Rows, rows, Shape, Anchor, _auxiliary, diagonal, isBound: evaluation.Indefinite.Count > 0);
        }
        if (_sandwich is not null)   // at the anchor that the audit knows
        {
            var again = default(FitSums);
            _accumulator.Add(_buffer.Rows, 0, rows, new(Shape, Anchor, _auxiliary) { Sandwich = _sandwich }, null, ref again);
        }
        if (Model.HasUnitScale && solution.Converged && !Array.Exists(solution.Separated, s => s)) { MoveAnchor(solution.Factor.Step.Span); }
        _null?.Follow(_auxiliary);
        _buffer.DropFirst(rows);
    }

    /// <summary>Takes the step that was left, so that the next rows are seen from the best θ known.</summary>
    void MoveAnchor(ReadOnlySpan<double> step)
    {
        Evidence.Shift(step);
        for (var i = 0; i < step.Length; i++) { Anchor[i] += step[i]; }
    }

    /// <summary>Whether a first solution may be trusted: nothing dense runs away, and there are events enough for the columns.</summary>
    bool IsIdentified(Evaluation<TEvidence> evaluation, NewtonSolution solution)
    {
        if (!solution.Converged || evaluation.Indefinite.Count > 0) { return false; }
        for (var c = 0; c < Shape.DenseColumns; c++)
        {
            for (var o = 0; o < Shape.Outcomes; o++)
            {
                var parameter = Model.Parameter(Shape, o, c);
                if (parameter >= 0 && solution.Separated[parameter]) { return false; }
            }
        }
        var events = CountsRows ? _buffer.Count : evaluation.Weight;
        return events >= EventsPerColumn * Shape.DenseColumns;
    }

    NewtonProblem Problem(Identification identification, double tolerance) => new()
    {
        Order = identification.Order(),
        Ridge = Ridge(identification),
        Ties = Ties(),
        TieWeight = 1e6 * Math.Max(1, _responses.Weight),
        Ranges = Ranges(),
        Tolerance = tolerance,
        HasAuxiliary = MovesAuxiliary,
        Remembers = Model is DistributionalModel { IsObserved: false },
        StartAtResponses = _foldedRows == 0,
        Constants = [.. identification.Free.Where(IsConstant).Select(parameter => parameter.Index)],
    };

    /// <summary>Cut points on both sides of an outcome that no row has had: only together do they have an estimate.</summary>
    (int First, int Second)[] Ties()
    {
        if (!Model.IsOrdinal) { return []; }
        var ties = new List<(int, int)>();
        for (var outcome = 1; outcome < Shape.Outcomes - 1; outcome++)
        {
            if (IsSilent(outcome)) { ties.Add((Model.Parameter(Shape, outcome - 1, -1), Model.Parameter(Shape, outcome, -1))); }
        }
        return [.. ties];
    }

    bool IsConstant(FreeParameter parameter) => parameter.Column < 0 || Schema.Terms[Schema.Columns[parameter.Column].Term].IsIntercept;

    /// <summary>The anchor, or before anything was folded the model's own.</summary>
    double[] FirstTheta()
    {
        var theta = Anchor.ToArray();
        if (_foldedRows == 0) { Model.Start(Shape, _responses, _buffer.Rows, theta); } else { PlaceYoungLevels(theta); }
        return theta;
    }

    /// <summary>A level without folded rows starts in the middle of its term's others: where its few rows once drove it may be far out, and Newton slow to return.</summary>
    void PlaceYoungLevels(double[] theta)
    {
        var (diagonal, sums, weights) = (new double[theta.Length], new double[Schema.Terms.Count], new double[Schema.Terms.Count]);
        Evidence.CopyDiagonal(diagonal);
        for (var o = 0; o < (Model.IsOrdinal ? 1 : Shape.Outcomes); o++)
        {
            Array.Clear(sums);
            Array.Clear(weights);
            ForEachLevel(o, (term, parameter) =>
            {
                sums[term] += diagonal[parameter] * theta[parameter];
                weights[term] += diagonal[parameter];
            });
            ForEachLevel(o, (term, parameter) =>
            {
                if (diagonal[parameter] == 0 && weights[term] > 0) { theta[parameter] = sums[term] / weights[term]; }
            });
        }
    }

    void ForEachLevel(int outcome, Action<int, int> visit)
    {
        var columns = Schema.Columns;
        for (var c = Shape.DenseColumns; c < Shape.Columns; c++)
        {
            var parameter = Model.Parameter(Shape, outcome, c);
            if (parameter >= 0) { visit(columns[c].Term, parameter); }
        }
    }

    double[] Ridge(Identification identification)
    {
        if (Options.Ridge == 0) { return []; }
        var precision = new double[Evidence.Dimension];
        foreach (var parameter in identification.Free)
        {
            precision[parameter.Index] = IsConstant(parameter) ? 0 : Options.Ridge;
        }
        return precision;
    }

    /// <summary>How far one unit of a parameter moves a linear predictor at most; levels and cut points move it by one.</summary>
    double[] Ranges()
    {
        var ranges = new double[Evidence.Dimension];
        Array.Fill(ranges, 1.0);
        for (var c = 0; c < Shape.DenseColumns; c++)
        {
            for (var o = 0; o < Shape.Outcomes; o++)
            {
                var parameter = Model.Parameter(Shape, o, c);
                if (parameter >= 0) { ranges[parameter] = _largest[c]; }
            }
        }
        return ranges;
    }

    /// <summary>Moves the auxiliary anchor without moving what is known about it (the null fit follows the model's).</summary>
    void Follow(double auxiliary) => _auxiliary = auxiliary;
}
