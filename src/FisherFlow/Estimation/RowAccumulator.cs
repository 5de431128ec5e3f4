using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Adds rows of a block, seen from one θ, to an evidence: in small chunks, on one or several lanes.</summary>
/// <remarks>Lanes take contiguous rows and are merged in order, so the bits depend on the number of lanes and on nothing else.</remarks>
sealed class RowAccumulator<TEvidence>(IModel model, int threads) where TEvidence : class, IEvidence<TEvidence>
{
    const int ChunkBytes = 64 << 10;   // to be read three times from the cache: predictors, check, sums
    const int SmallestChunk = 256;
    const int LargestChunk = 2048;
    const int RowsWorthALane = 8192;

    readonly Lane[] _lanes = [.. Enumerable.Range(0, threads).Select(_ => new Lane())];

    /// <summary>Where rows are seen from.</summary>
    public sealed record View(ModelShape Shape, double[] Theta, double Auxiliary)
    {
        /// <summary>Asks for Firth's correction with leverages under this factor.</summary>
        public Factor? Leverages { get; init; }

        /// <summary>Sees rows from their own responses instead of θ.</summary>
        public bool AtResponses { get; init; }

        /// <summary>Where score products go, or null.</summary>
        public SandwichSums? Sandwich { get; init; }

        /// <summary>Where what weights exceed the information by goes, or null.</summary>
        public FullInformation? Deficit { get; init; }

        /// <summary>Factor for the leverages of HC3, or null.</summary>
        public Factor? Hat { get; init; }
    }

    /// <summary>Adds rows and returns the sum of their information weights.</summary>
    public double Add(Block block, int start, int count, View view, TEvidence? target, ref FitSums sums)
    {
        var lanes = view.Sandwich is not null ? 1 : Math.Clamp(count / RowsWorthALane, 1, _lanes.Length);
        if (lanes == 1 || target is null) { return _lanes[0].Add(model, block, start, count, view, target, ref sums); }
        var each = (count + lanes - 1) / lanes;
        Parallel.For(0, lanes, lane =>
        {
            var from = lane * each;
            _lanes[lane].AddApart(model, block, start + from, Math.Min(each, count - from), view, lane == 0 ? target : null, lane == 0 ? view.Deficit : null);
        });
        var weight = 0.0;
        for (var lane = 0; lane < lanes; lane++)
        {
            weight += _lanes[lane].Weight;
            sums.Add(_lanes[lane].Sums);
            if (lane == 0) { continue; }
            target += _lanes[lane].Evidence!;
            if (view.Deficit is { } deficit) { deficit += _lanes[lane].Deficit!; }
        }
        return weight;
    }

    sealed class Lane
    {
        readonly Workspace _workspace = new();
        double[] _quadratic = [];
        FitSums _sums;

        public TEvidence? Evidence { get; private set; }
        public FullInformation? Deficit { get; private set; }
        public double Weight { get; private set; }
        public FitSums Sums => _sums;

        public void AddApart(IModel model, Block block, int start, int count, View view, TEvidence? target, FullInformation? deficit)
        {
            _sums = default;
            if (deficit is null && view.Deficit is not null)
            {
                if (Deficit?.Dimension == view.Deficit.Dimension) { Deficit.Clear(); } else { Deficit = new(view.Deficit.Dimension); }
                view = view with { Deficit = Deficit };
            }
            if (target is null)
            {
                var dimension = model.Dimension(view.Shape);
                if (Evidence?.Dimension == dimension) { Evidence.Clear(); } else { Evidence = TEvidence.Create(dimension); }
            }
            Weight = Add(model, block, start, count, view, target ?? Evidence, ref _sums);
        }

        public double Add(IModel model, Block block, int start, int count, View view, TEvidence? target, ref FitSums sums)
        {
            var total = 0.0;
            var chunk = Math.Clamp(ChunkBytes / RowBuffer.BytesPerRow(block), SmallestChunk, LargestChunk);
            for (var done = 0; done < count; done += chunk)
            {
                var rows = Math.Min(chunk, count - done);
                total += AddChunk(model, block, start + done, rows, view, target, ref sums);
            }
            return total;
        }

        double AddChunk(IModel model, Block block, int start, int rows, View view, TEvidence? target, ref FitSums sums)
        {
            var working = view.AtResponses
                ? model.WorkAtStart(block, start, rows, view.Shape, view.Theta, ref sums, _workspace)
                : model.Work(block, start, rows, view.Shape, view.Theta, view.Auxiliary, Quadratic(block, start, rows, view.Leverages), ref sums, _workspace);
            if (!(RowCheck.Fits(working.Weights) && RowCheck.Fits(working.Scores)))
            {
                sums.Deviance = double.PositiveInfinity;   // a θ so far out that its numbers cannot be added up: the step will be halved
                return 0;
            }
            target?.Add(working.Rows, working.Weights, working.Scores);
            if (!working.Deficits.IsEmpty) { view.Deficit?.Add(working.Rows, working.Deficits); }
            view.Sandwich?.Add(working, block, start, Quadratic(block, start, rows, view.Hat));
            return TensorPrimitives.Sum(working.Weights);
        }

        Span<double> Quadratic(Block block, int start, int rows, Factor? factor)
        {
            if (factor is null) { return default; }
            if (_quadratic.Length < rows) { _quadratic = new double[LargestChunk]; }
            factor.Leverages(block.Rows(start, rows), _quadratic.AsSpan(0, rows));
            return _quadratic.AsSpan(0, rows);
        }
    }
}
