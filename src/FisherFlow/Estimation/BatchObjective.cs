using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>The log-likelihood of buffered rows plus the quadratic that stands for the folded ones.</summary>
sealed class BatchObjective<TEvidence>(StreamEstimator<TEvidence> state, RowAccumulator<TEvidence> accumulator, RowBuffer buffer, bool splits)
    : IObjective<TEvidence> where TEvidence : class, IEvidence<TEvidence>
{
    double[] _diagonal = [];

    /// <summary>Evidence of folded rows and of those about to be folded, when young rows are split off.</summary>
    public TEvidence? Ripe { get; private set; }

    /// <summary>Rows at the head of the buffer that <see cref="Ripe"/> holds.</summary>
    public int RipeRows { get; private set; } = buffer.Count;

    /// <summary>Sums of those rows.</summary>
    public FitSums RipeSums { get; private set; }

    /// <summary>What those rows added to the residual sum.</summary>
    public double RipeResidual { get; private set; }

    /// <summary>Whether the young rows have been told apart.</summary>
    public bool IsSplit { get; private set; }

    /// <inheritdoc/>
    public void Evaluate(double[] theta, double auxiliary, Factor? leverages, Evaluation<TEvidence> into)
    {
        if (splits && _diagonal.Length > 0) { Split(); }
        var evidence = into.Evidence;
        evidence.Clear();
        if (state.FoldedRows > 0)
        {
            evidence += state.Evidence;
            evidence.Shift(Difference(theta, state.Anchor));
        }
        var quadratic = evidence.ResidualSum;
        var view = new RowAccumulator<TEvidence>.View(state.Shape, theta, auxiliary) { Leverages = leverages };
        var sums = default(FitSums);
        into.Weight = accumulator.Add(buffer.Rows, 0, RipeRows, view, evidence, ref sums);
        if (splits) { KeepRipe(evidence, sums, quadratic); }
        if (RipeRows < buffer.Count) { into.Weight += accumulator.Add(buffer.Rows, RipeRows, buffer.Count - RipeRows, view, evidence, ref sums); }
        into.Sums = sums;
        into.Deviance = quadratic + sums.Deviance;
        var (score, information) = state.AuxiliaryAt(auxiliary);
        into.AuxiliaryScore = score + sums.AuxiliaryScore;
        into.AuxiliaryInformation = information + sums.AuxiliaryInformation;
        if (splits)
        {
            if (_diagonal.Length != evidence.Dimension) { _diagonal = new double[evidence.Dimension]; }
            evidence.CopyDiagonal(_diagonal);
        }
    }

    /// <inheritdoc/>
    public void EvaluateAtResponses(double[] theta, Evaluation<TEvidence> into)
    {
        into.Evidence.Clear();
        var sums = default(FitSums);
        var view = new RowAccumulator<TEvidence>.View(state.Shape, theta, 0) { AtResponses = true };
        into.Weight = accumulator.Add(buffer.Rows, 0, buffer.Count, view, into.Evidence, ref sums);
    }

    void KeepRipe(TEvidence evidence, in FitSums sums, double quadratic)
    {
        RipeSums = sums;
        RipeResidual = evidence.ResidualSum - quadratic;
        IsSplit = _diagonal.Length > 0;
        var ripe = Ripe?.Dimension == evidence.Dimension ? Ripe : TEvidence.Create(evidence.Dimension);
        ripe.Clear();
        ripe += evidence;
        Ripe = ripe;
    }

    /// <summary>Moves rows of young levels to the tail; when they would fill half the buffer, less maturity must do.</summary>
    void Split()
    {
        var unit = state.Model.EstimatesDispersion ? state.InformationPerRow(buffer) : 1;
        var young = new bool[buffer.Count];
        var count = 0;
        for (var maturity = state.Options.Maturity; ; maturity /= 2)
        {
            count = Mark(young, maturity * unit);
            if (count <= buffer.Count / 2 || maturity < 1e-3) { break; }
        }
        if (count > buffer.Count / 2)
        {
            Array.Clear(young);
            count = 0;
        }
        buffer.MoveBack(young);
        RipeRows = buffer.Count - count;
    }

    int Mark(bool[] young, double needed)
    {
        var rows = buffer.Rows;
        var shape = state.Shape;
        var isYoung = new bool[shape.Columns];
        for (var c = shape.DenseColumns; c < shape.Columns; c++)
        {
            for (var o = 0; o < (state.Model.IsOrdinal ? 1 : shape.Outcomes); o++)
            {
                var parameter = state.Model.Parameter(shape, o, c);
                isYoung[c] |= parameter >= 0 && _diagonal[parameter] < needed;
            }
        }
        var count = 0;
        for (var i = 0; i < young.Length; i++)
        {
            young[i] = false;
            for (var s = i * rows.Slots; s < (i + 1) * rows.Slots; s++) { young[i] |= rows.Indices[s] >= 0 && isYoung[rows.Indices[s]]; }
            count += young[i] ? 1 : 0;
        }
        return count;
    }

    internal static double[] Difference(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        for (var i = 0; i < a.Length; i++) { difference[i] = a[i] - b[i]; }
        return difference;
    }
}
