using System.Numerics.Tensors;
using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Models;
using MathNet.Numerics;

namespace FisherFlow.Likelihoods;

/// <summary>Products of the scores of outcomes at θ, <c>Σ w E[s sᵀ]</c>: means over sampled outcomes, or integrals over the one random number that makes them.</summary>
/// <remarks>
/// Integrals are by the double exponential rule, <c>u = 1/(1 + e^(−π sinh t))</c> at equal steps of t, which reaches into both tails: 49 outcomes a row. Source: Takahasi and Mori (1974).
/// </remarks>
sealed class OutcomeScores
{
    const double Step = 0.125;
    const int HalfNodes = 24;           // t from −3 to 3: u from 2e-14 to 1 less 2e-14
    const double Disagreement = 1e-6;   // how seldom outcomes of the density itself would be so far from it
    const double Wrong = 4;             // times as much information as outcomes speak of may be in data that the density does not describe well
    const double Uneven = 1e-3;         // of integrals: standard deviations of a row's score that its mean may be off

    readonly LikelihoodModel _model;
    readonly OutcomeSampler? _sampler;   // null for least squares, whose noise is known
    readonly InformationRule _rule;
    readonly ulong _seed;
    readonly int _m;
    readonly double[] _theta;
    readonly double[] _rows;
    readonly double[] _values = new double[RowSums.BlockRows];
    readonly double[] _gradients;
    readonly double[] _mean;      // [m], Σ w mean(s)
    readonly double[] _spread;    // [m, m], its variance where outcomes are drawn
    double _weight;

    OutcomeScores(LikelihoodModel model, InformationRule rule, ulong seed, double[] theta)
    {
        (_model, _sampler, _rule, _seed, _m) = (model, model.Sampler, rule, seed, model.Space.Natural);
        (_theta, _mean, _spread, Products) = (theta, new double[_m], new double[_m * _m], new double[_m * _m]);
        (_rows, _gradients) = (new double[RowSums.BlockRows * model.Columns.Count], new double[RowSums.BlockRows * _m]);
    }

    /// <summary><c>Σ w E[s sᵀ]</c> <c>[m, m]</c>, in θ.</summary>
    public double[] Products { get; }

    /// <summary>Those that a kind of information needs, or null.</summary>
    public static OutcomeScores? For(LikelihoodModel model, InformationRule rule, ulong seed, double[] theta) =>
        rule.Kind is InformationKind.MonteCarlo || (rule.Kind is InformationKind.Expected && !model.IsLeastSquares) ? new(model, rule, seed, theta) : null;

    /// <summary>The mean square of a row's sampled standard normal noise.</summary>
    public double SquaredNoise(long row)
    {
        var sum = 0.0;
        for (var k = 0; k < _rule.Samples; k++)
        {
            var z = new OutcomeNoise(_seed, row, k).Normal();
            sum += z * z;
        }
        return sum / _rule.Samples;
    }

    /// <summary>Adds a block of rows.</summary>
    /// <exception cref="LikelihoodException">An outcome has no score.</exception>
    public void Add(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, long firstRow)
    {
        _weight += TensorPrimitives.Sum(weights);
        if (_rule.Kind is InformationKind.MonteCarlo)
        {
            for (var k = 0; k < _rule.Samples; k++) { Add(rows, weights, new(_seed, firstRow, k), 1.0 / _rule.Samples); }
            return;
        }
        for (var k = -HalfNodes; k <= HalfNodes; k++)
        {
            var t = Step * k;
            var (u, rest) = (1 / (1 + Math.Exp(-Math.PI * Math.Sinh(t))), 1 / (1 + Math.Exp(Math.PI * Math.Sinh(t))));
            Add(rows, weights, new(_seed, firstRow, k, u), Step * Math.PI * Math.Cosh(t) * u * rest);
        }
    }

    /// <summary>Whether the outcomes do not follow the density, by their scores, which then do not average to zero.</summary>
    /// <remarks>The mean is held against what is expected of it by the outcomes' own scores, and, as wrong outcomes may have scores of any size, by the information that the data have.</remarks>
    /// <param name="jacobian"><c>∂θ/∂φ [m, q]</c>.</param>
    /// <param name="q">Free coordinates.</param>
    /// <param name="usual">The information by second derivatives of all rows that count.</param>
    /// <param name="weight">Their weight.</param>
    public bool Disagree(ReadOnlySpan<double> jacobian, int q, Factor usual, double weight)
    {
        double[] mean = new double[q], solved = new double[q];
        for (var k = 0; k < _m; k++) { TensorPrimitives.MultiplyAdd(jacobian.Slice(k * q, q), _mean[k], mean, mean); }
        usual.Solve(mean, solved);
        var byData = TensorPrimitives.Dot<double>(mean, solved) * weight / _weight;
        if (_rule.Kind is InformationKind.Expected) { return byData > Uneven * Uneven * _weight; }
        var isOwn = SymmetricSystem.TrySolve(SymmetricSystem.Congruence(_spread, jacobian, _m, q), default, mean, solved);
        return (isOwn && IsSeldom(TensorPrimitives.Dot<double>(mean, solved), q)) || IsSeldom(byData * _rule.Samples / Wrong, q);
    }

    static bool IsSeldom(double chiSquared, int degrees) => SpecialFunctions.GammaUpperRegularized(0.5 * degrees, 0.5 * chiSquared) < Disagreement;

    void Add(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, OutcomeDraw draw, double share)
    {
        var (n, width) = (weights.Length, _model.Columns.Count);
        var drawn = _rows.AsSpan(0, rows.Length);
        rows.CopyTo(drawn);
        _sampler!.Sample(_theta, drawn, width, draw);
        var values = _values.AsSpan(0, n);
        var gradients = _gradients.AsSpan(0, n * _m);
        _model.Evaluate(_theta, drawn, values, gradients);
        for (var i = 0; i < n; i++)
        {
            if (weights[i] == 0) { continue; }
            var score = gradients.Slice(i * _m, _m);
            if (!double.IsFinite(values[i]) || !RowCheck.IsFinite(score, 1e150)) { throw NoScore(drawn.Slice(i * width, width)); }
            TensorPrimitives.MultiplyAdd(score, weights[i] * share, _mean, _mean);
            for (var j = 0; j < _m; j++)
            {
                var product = Products.AsSpan(j * _m, _m);
                var spread = _spread.AsSpan(j * _m, _m);
                TensorPrimitives.MultiplyAdd(score, weights[i] * share * score[j], product, product);
                TensorPrimitives.MultiplyAdd(score, weights[i] * weights[i] * share * share * score[j], spread, spread);
            }
        }
    }

    LikelihoodException NoScore(ReadOnlySpan<double> row)
    {
        var values = row.ToArray();
        var text = string.Join(", ", _model.Columns.Select((name, c) => FormattableString.Invariant($"{name} = {values[c]:G6}")));
        return new($"an outcome was drawn that the log-density has no finite value or score for: {text}. Outcomes and density have to belong together");
    }
}
