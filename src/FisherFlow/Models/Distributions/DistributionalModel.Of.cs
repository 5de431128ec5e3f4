using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>Distributional regression with one distribution, compiled for it.</summary>
/// <remarks>
/// An observation is K working rows: its information <c>[K, K]</c> about the predictors, factored. Expected information where it has a closed form. Otherwise the observed one: rows
/// then weigh <c>|λ|</c>, which any structure takes, and <see cref="WorkingRows.Deficits"/> says what is missing to λ. Deviance is minus twice the log-likelihood.
/// Cost: one evaluation of the density over jets a row. Allocates nothing once the workspace has grown.
/// </remarks>
/// <typeparam name="TDistribution">The distribution.</typeparam>
public sealed class DistributionalModel<TDistribution> : DistributionalModel where TDistribution : struct, IDistribution
{
    const int Most = 5;

    readonly TDistribution _distribution;
    readonly int _count;
    readonly Interval _domain;   // of the first parameter
    readonly PredictorDesign? _design;
    PredictorDesign? _common;   // of the last block without a design of its own; two threads may make the same one
    readonly ResponseLayout _layout;
    readonly InformationKind _kind;
    readonly int _samples;
    readonly ulong _seed;
    readonly bool _fromScores;   // second derivatives miss what a corner tells, and where responses are censored the expected information is not known

    /// <summary>The model of a distribution; by default every predictor uses the whole design, whose first column is the constant.</summary>
    /// <param name="distribution">The distribution, with its constants.</param>
    /// <param name="design">Which predictor uses what.</param>
    /// <param name="layout">What responses have besides their value.</param>
    public DistributionalModel(TDistribution distribution, PredictorDesign? design = null, ResponseLayout layout = default) : this(distribution, design, layout, InformationKind.Expected, 1, 0)
    {
        // the expected information, as far as it goes
    }

    DistributionalModel(TDistribution distribution, PredictorDesign? design, ResponseLayout layout, InformationKind kind, int samples, ulong seed)
    {
        (_distribution, _design, _layout, _count) = (distribution, design, layout, distribution.Parameters.Length);
        (_kind, _samples, _seed) = (kind, samples, seed);
        if (_count is < 1 or > Most) { throw new ArgumentException($"{distribution.Name} has {_count} parameters; legal are 1 to {Most}", nameof(distribution)); }
        if (design is not null && design.Predictors != _count) { throw new ArgumentException($"the design is for {design.Predictors} predictors, and {distribution.Name} has {_count} parameters", nameof(design)); }
        IsObserved = kind == InformationKind.Expected && (layout.IsCensored || distribution.PrefersObserved || !HasExpectedInformation(distribution));
        HasCorners = distribution.Rounded(1) is not null;
        _fromScores = IsObserved && HasCorners;
        _domain = distribution.Parameters[0].Domain;
    }

    /// <inheritdoc/>
    public override string Name => _distribution.Name;

    /// <inheritdoc/>
    public override string Support => _distribution.Support;

    /// <inheritdoc/>
    public override bool IsDiscrete => _distribution.IsDiscrete;

    /// <inheritdoc/>
    public override ReadOnlySpan<DistributionParameter> Parameters => _distribution.Parameters;

    /// <inheritdoc/>
    public override bool IsObserved { get; }

    /// <inheritdoc/>
    public override bool TakesCensored => _distribution.TakesCensored;

    /// <inheritdoc/>
    public override int Components => _distribution.Components;

    /// <inheritdoc/>
    public override Interval MeanRange => Supports(-0.5) || Supports(-1) ? Interval.Line : Supports(1.5) || Supports(2) ? Interval.Positive : Interval.Unit;

    /// <inheritdoc/>
    public override DistributionalModel With(PredictorDesign design, ResponseLayout layout = default) => new DistributionalModel<TDistribution>(_distribution, design, layout, _kind, _samples, _seed);

    /// <inheritdoc/>
    public override bool HasCorners { get; }

    /// <inheritdoc/>
    public override DistributionalModel? Rounded(double corner) => _distribution.Rounded(corner) is not { } rounded ? null : _design is null ? rounded : rounded.With(_design, _layout);

    /// <inheritdoc/>
    /// <remarks>Monte Carlo: scores of responses drawn by <see cref="IDistribution.Quantile"/>, as if no response were censored.</remarks>
    public override IModel WithInformation(InformationKind kind, int samples = 1, ulong seed = 0)
    {
        if (kind == InformationKind.MonteCarlo) { ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples); }
        if (kind == InformationKind.Observed && HasCorners) { throw new NotSupportedException($"the density of {Name} has a corner, and so no observed information about its location; expected and empirical information are there"); }
        return new DistributionalModel<TDistribution>(_distribution, _design, _layout, kind, samples, seed);
    }

    /// <inheritdoc/>
    public override int Dimension(in ModelShape shape) => Design(shape.DenseColumns, shape.Columns > shape.DenseColumns).Dimension(shape);

    /// <inheritdoc/>
    public override int Parameter(in ModelShape shape, int outcome, int column) =>
        _design is not null ? _design.Parameter(outcome, column)
        : column < 0 ? -1
        : column < shape.DenseColumns ? outcome * shape.DenseColumns + column : _count * column + outcome;

    /// <inheritdoc/>
    public override bool Supports(double response) => _distribution.Supports(new(response));

    /// <inheritdoc/>
    public override bool Supports(in Outcome outcome) => _distribution.Supports(outcome);

    /// <inheritdoc/>
    public override void Start(in ModelShape shape, in ResponseSums responses, Block rows, Span<double> theta)
    {
        theta.Clear();
        Span<double> natural = stackalloc double[_count];
        _distribution.Start(new(rows), natural);
        var design = Design(shape.DenseColumns, shape.Columns > shape.DenseColumns);
        for (var o = 0; o < _count; o++)
        {
            if (design.Constant(o) is >= 0 and var constant) { theta[constant] = Parameters[o].Domain.Unconstrain(natural[o]); }
        }
    }

    /// <inheritdoc/>
    public override WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace)
    {
        var design = Design(block.DenseColumns, block.Slots > 0, block.Slots);
        return _count switch
        {
            1 when design.IsWhole => DescribeSingle(block, start, count, theta, ref sums, workspace),
            1 => Describe<One>(design, block, start, count, theta, ref sums, workspace),
            2 => Describe<Two>(design, block, start, count, theta, ref sums, workspace),
            3 => Describe<Three>(design, block, start, count, theta, ref sums, workspace),
            4 => Describe<Four>(design, block, start, count, theta, ref sums, workspace),
            _ => Describe<Five>(design, block, start, count, theta, ref sums, workspace),
        };
    }

    /// <inheritdoc/>
    public override double Differentiate(in Outcome outcome, ReadOnlySpan<double> eta, Span<double> score, Span<double> information, ref bool isExpected) => _count switch
    {
        1 => Differentiate<One>(outcome, eta, score, information, ref isExpected),
        2 => Differentiate<Two>(outcome, eta, score, information, ref isExpected),
        3 => Differentiate<Three>(outcome, eta, score, information, ref isExpected),
        4 => Differentiate<Four>(outcome, eta, score, information, ref isExpected),
        _ => Differentiate<Five>(outcome, eta, score, information, ref isExpected),
    };

    /// <inheritdoc/>
    public override double Cumulative(double response, ReadOnlySpan<double> eta)
    {
        Span<double> natural = stackalloc double[_count];
        Constrain(eta, natural);
        return _distribution.Cumulative(response, natural);
    }

    /// <inheritdoc/>
    public override double Quantile(double probability, ReadOnlySpan<double> eta)
    {
        Span<double> natural = stackalloc double[_count];
        Constrain(eta, natural);
        return _distribution.Quantile(probability, natural);
    }

    /// <inheritdoc/>
    public override void DescribePredictor(Block block, int row, in ModelShape shape, int predictor, Span<double> design)
    {
        design.Clear();
        for (var c = 0; c < block.DenseColumns; c++)
        {
            if (Parameter(shape, predictor, c) is >= 0 and var parameter) { design[parameter] = block.Dense[row * block.DenseColumns + c]; }
        }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] < 0 || !Uses(s - row * block.Slots, predictor)) { continue; }
            design[Parameter(shape, predictor, block.Indices[s])] += block.Values.Length == 0 ? 1 : block.Values[s];
        }
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<double> eta, Span<double> means, Span<double> jacobian)
    {
        Span<Jet<Five>> jets = stackalloc Jet<Five>[_count];
        for (var o = 0; o < _count; o++) { jets[o] = Parameters[o].Domain.Constrain(Jet<Five>.Variable(eta[o], o)); }
        var mean = _distribution.Mean<Jet<Five>>(jets);
        means[0] = mean.Value;
        for (var o = 0; o < _count; o++) { jacobian[o] = mean.Gradient(o); }
    }

    PredictorDesign Design(int dense, bool hasLevels, int slots = 1)
    {
        if (_design is not null) { return _design; }
        var wanted = hasLevels ? Math.Max(1, slots) : 0;
        if (_common is not { } known || known.Dense.Count != dense || known.Slots.Count != wanted) { _common = known = PredictorDesign.Common(_count, dense, wanted); }
        return known;
    }

    /// <inheritdoc/>
    internal override bool Uses(int slot, int predictor) => _design is null || PredictorDesign.Uses(_design.Slots[slot], predictor);

    /// <summary>Whether information is a mean of score products.</summary>
    bool IsSampled => _fromScores || _kind is InformationKind.Empirical or InformationKind.MonteCarlo;

    void Constrain(ReadOnlySpan<double> eta, Span<double> natural)
    {
        for (var o = 0; o < _count; o++) { natural[o] = Parameters[o].Domain.At(eta[o]).Value; }
    }

    WorkingRows Describe<TDirections>(PredictorDesign design, Block block, int start, int count, ReadOnlySpan<double> theta, ref FitSums sums, Workspace workspace)
        where TDirections : unmanaged, IDirections
    {
        var rows = new ExpandedRows(design, block, count, workspace);
        var k = _count;
        Span<double> eta = stackalloc double[k], score = stackalloc double[k], matrix = stackalloc double[k * k];
        Span<double> vectors = stackalloc double[k * k], weights = stackalloc double[k], scores = stackalloc double[k];
        var factor = new InformationRows(k, matrix, vectors, weights, scores);
        var (deviance, legal, exceeds) = (0.0, true, false);
        for (var i = 0; i < count; i++)
        {
            var prior = block.Weight[start + i];
            if (prior == 0)
            {
                rows.Skip(i);
                continue;
            }
            rows.Predict(start + i, theta, eta);
            var isExpected = _kind != InformationKind.Observed;
            var density = Differentiate<TDirections>(block.Outcome(start + i), eta, score, matrix, ref isExpected);
            if (!IsFinite(density, score, matrix))
            {
                legal = false;
                rows.Skip(i);
                continue;
            }
            deviance -= 2 * prior * density;
            if (IsSampled) { Sample<TDirections>(block, start + i, eta, score, matrix); }
            factor.Factor(score);
            exceeds |= rows.Write(start + i, i, prior, factor, isSigned: _kind == InformationKind.Observed, isExact: isExpected || _fromScores || _kind != InformationKind.Expected);
        }
        sums.Deviance += legal ? deviance : double.PositiveInfinity;
        return rows.ToWorkingRows(exceeds);
    }

    /// <summary>One parameter that uses the whole design: the block's rows are the working rows.</summary>
    WorkingRows DescribeSingle(Block block, int start, int count, ReadOnlySpan<double> theta, ref FitSums sums, Workspace workspace)
    {
        workspace.Reserve(count);
        workspace.ReserveDeficits(count);
        var rows = block.Rows(start, count);
        var eta = workspace.Eta.AsSpan(0, count);
        LinearPredictor.Fill(rows, theta, block.Offset.AsSpan(start, count), eta);
        var (deviance, legal, exceeds) = (0.0, true, false);
        Span<double> score = stackalloc double[1], information = stackalloc double[1];
        for (var i = 0; i < count; i++)
        {
            var prior = block.Weight[start + i];
            (workspace.Weights[i], workspace.Scores[i], workspace.Deficits[i]) = (0, 0, 0);
            if (prior == 0) { continue; }
            var isExpected = _kind != InformationKind.Observed;
            var density = DifferentiateSingle(block.Outcome(start + i), eta[i], out score[0], out information[0], ref isExpected);
            if (!IsFinite(density, score, information))
            {
                legal = false;
                continue;
            }
            deviance -= 2 * prior * density;
            if (IsSampled) { Sample<One>(block, start + i, eta.Slice(i, 1), score, information); }
            var (weight, deficit) = ExpandedRows.Bounded(information[0], score[0], _kind == InformationKind.Observed, isExpected || _fromScores || _kind != InformationKind.Expected);
            (workspace.Weights[i], workspace.Scores[i], workspace.Deficits[i]) = (prior * weight, prior * score[0], prior * deficit);
            exceeds |= deficit != 0;
        }
        sums.Deviance += legal ? deviance : double.PositiveInfinity;
        return new(rows, workspace.Weights.AsSpan(0, count), workspace.Scores.AsSpan(0, count), 1) { Deficits = exceeds ? workspace.Deficits.AsSpan(0, count) : default };
    }

    /// <summary>Log-density, score and information of a distribution with one parameter, along the predictor itself.</summary>
    double DifferentiateSingle(in Outcome outcome, double eta, out double score, out double information, ref bool isExpected)
    {
        var link = _domain.At(eta);
        var jet = new Jet(link.Value, link.First, link.Second);
        var density = LogDensity<Jet>(outcome, new(in jet));
        score = density.First;
        information = -density.Second;
        var (natural, expected) = (link.Value, 0.0);
        isExpected = isExpected && !IsObserved && _distribution.TryExpectedInformation(outcome, new(in natural), new(ref expected));
        if (isExpected) { information = expected * link.First * link.First; }
        return density.Value;
    }

    /// <summary>The log-density; of a response that was seen because it exceeded its entry, given that it did: less the log-probability of a response censored there.</summary>
    /// <remarks>Source: Klein &amp; Moeschberger (2003), <i>Survival Analysis</i>, §3.5.</remarks>
    T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>
    {
        var density = _distribution.LogDensity(outcome, parameters);
        return double.IsNegativeInfinity(outcome.Entry) ? density : density - _distribution.LogDensity(new(outcome.Entry) { Status = Censoring.Right }, parameters);
    }

    double Differentiate<TDirections>(in Outcome outcome, ReadOnlySpan<double> eta, Span<double> score, Span<double> information, ref bool isExpected)
        where TDirections : unmanaged, IDirections
    {
        var k = _count;
        Span<Jet<TDirections>> jets = stackalloc Jet<TDirections>[k];
        Span<double> natural = stackalloc double[k];
        Span<Expansion> links = stackalloc Expansion[k];
        for (var o = 0; o < k; o++)
        {
            links[o] = Parameters[o].Domain.At(eta[o]);
            natural[o] = links[o].Value;
            jets[o] = Jet<TDirections>.Variable(natural[o], o);
        }
        var density = LogDensity<Jet<TDirections>>(outcome, jets);
        for (var o = 0; o < k; o++) { score[o] = density.Gradient(o) * links[o].First; }
        isExpected = isExpected && !IsObserved && _distribution.TryExpectedInformation(outcome, natural, information);
        if (isExpected)
        {
            for (var o = 0; o < k; o++)
            {
                for (var l = 0; l < k; l++) { information[o * k + l] *= links[o].First * links[l].First; }
            }
            return density.Value;
        }
        for (var o = 0; o < k; o++)
        {
            for (var l = 0; l < k; l++) { information[o * k + l] = -density.Hessian(o, l) * links[o].First * links[l].First; }
            information[o * k + o] -= density.Gradient(o) * links[o].Second;
        }
        return density.Value;
    }

    /// <summary>The mean of <c>s sᵀ</c> over drawn responses, or the response's own.</summary>
    void Sample<TDirections>(Block block, int row, ReadOnlySpan<double> eta, ReadOnlySpan<double> score, Span<double> matrix) where TDirections : unmanaged, IDirections
    {
        var k = _count;
        Span<double> drawn = stackalloc double[k], ignored = stackalloc double[k * k];
        matrix.Clear();
        var samples = _kind == InformationKind.MonteCarlo ? _samples : 1;
        var share = _kind == InformationKind.Empirical ? block.Weight[row] : 1.0 / samples;   // the weighted score's square, as other models have it
        for (var draw = 0; draw < samples; draw++)
        {
            score.CopyTo(drawn);
            if (_kind == InformationKind.MonteCarlo)
            {
                var response = Quantile(CounterNoise.Uniform(_seed, block.FirstRow + row, draw), eta);
                var isExpected = true;
                Differentiate<TDirections>(new(response), eta, drawn, ignored, ref isExpected);
            }
            for (var o = 0; o < k; o++)
            {
                for (var l = 0; l < k; l++) { matrix[o * k + l] += share * drawn[o] * drawn[l]; }
            }
        }
    }

    static bool IsFinite(double density, ReadOnlySpan<double> score, ReadOnlySpan<double> matrix)
    {
        var sum = density - density;   // 0 for a finite number, and nothing else
        foreach (var value in score) { sum += value - value; }
        foreach (var value in matrix) { sum += value - value; }
        return sum == 0;
    }

    /// <summary>Asked at the starting values of some response that the distribution supports.</summary>
    static bool HasExpectedInformation(TDistribution distribution)
    {
        var k = distribution.Parameters.Length;
        Span<double> natural = stackalloc double[k], information = stackalloc double[k * k];
        for (var o = 0; o < k; o++) { natural[o] = distribution.Parameters[o].Domain.At(0.1).Value; }
        return distribution.TryExpectedInformation(new(0.5), natural, information);
    }
}
