using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Likelihoods;

/// <summary>Forwards and backwards through rows whose φ walks at random, each row a quadratic about its own point: what all rows so far know of today's φ, then the whole path.</summary>
/// <remarks>
/// <c>φₜ₊₁ = φₜ + N(0, Q)</c>, Q diagonal. Forwards in information form, <c>I ← (I⁻¹ + Q)⁻¹ + J = I − IQ^½M⁻¹Q^½I + J</c> with <c>M = 1 + Q^½IQ^½</c>: it begins with nothing known, I = 0, and a row whose J is
/// not positive does no harm as long as every M is. Backwards, <c>δₜ = x + Q^½M⁻¹Q^½(h − Ix)</c>, where x is the next one. That is Newton's step for the path, a block-tridiagonal system, in <c>O(nq³)</c>.
/// Nothing is allocated for a row. Sources: Bell (1994) and Fahrmeir and Wagenpfeil (1997), the iterated smoother; Anderson and Moore (1979), § 6.3, the information form.
/// </remarks>
sealed class WalkRecursion
{
    readonly int _n, _q;
    readonly double[] _roots;         // √Q [q]
    readonly double[] _information;   // I [n, q, q]
    readonly double[] _scores;        // h [n, q]
    readonly double[] _factors;       // of M [n, q, q], upper triangles
    readonly double[] _work;          // [q, q]
    readonly double[] _side;          // [q]

    /// <param name="rows">n.</param>
    /// <param name="drift">The diagonal of Q, <c>[q]</c>.</param>
    public WalkRecursion(int rows, double[] drift)
    {
        (_n, _q, _roots) = (rows, drift.Length, Array.ConvertAll(drift, Math.Sqrt));
        (_information, _factors, _scores) = (new double[rows * _q * _q], new double[rows * _q * _q], new double[rows * _q]);
        (_work, _side) = (new double[_q * _q], new double[_q]);
    }

    /// <summary><c>Σ log |M|</c> over the steps between rows: what integrating the walk out takes from the likelihood, twice.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>I of the last row <c>[q, q]</c>.</summary>
    public ReadOnlySpan<double> Information => _information.AsSpan((_n - 1) * _q * _q);

    /// <summary>The score of the last row's φ, all earlier ones maximised out, <c>[q]</c>.</summary>
    public ReadOnlySpan<double> Score => _scores.AsSpan((_n - 1) * _q);

    /// <summary>Goes forwards; false where the path has no maximum by these quadratics.</summary>
    /// <param name="information">J of every row <c>[n, q, q]</c>.</param>
    /// <param name="scores">Their scores <c>[n, q]</c>.</param>
    /// <param name="path">The points that they are about, <c>[n, q]</c>.</param>
    /// <param name="damping">Added to the diagonals <c>[n, q]</c>, or empty.</param>
    public bool TryForward(ReadOnlySpan<double> information, ReadOnlySpan<double> scores, ReadOnlySpan<double> path, ReadOnlySpan<double> damping)
    {
        var (q, size) = (_q, _q * _q);
        LogDeterminant = 0;
        for (var t = 0; t < _n; t++)
        {
            var known = _information.AsSpan(t * size, size);
            var score = _scores.AsSpan(t * q, q);
            if (t == 0)
            {
                known.Clear();
                score.Clear();
            }
            else
            {
                if (TryPredict(_information.AsSpan((t - 1) * size, size), _scores.AsSpan((t - 1) * q, q), _factors.AsSpan((t - 1) * size, size), known, score) is not { } log) { return false; }
                LogDeterminant += log;
                for (var j = 0; j < q; j++) { _side[j] = path[t * q + j] - path[(t - 1) * q + j]; }
                for (var i = 0; i < q; i++) { score[i] -= TensorPrimitives.Dot(known.Slice(i * q, q), _side); }
            }
            TensorPrimitives.Add(known, information.Slice(t * size, size), known);
            TensorPrimitives.Add(score, scores.Slice(t * q, q), score);
            for (var j = 0; j < q && !damping.IsEmpty; j++) { known[j * q + j] += damping[t * q + j]; }
        }
        return true;
    }

    /// <summary>Steps to the maximum of the quadratics, after <see cref="TryForward"/>; false where the last row's information is not positive.</summary>
    /// <param name="path">The points that they are about, <c>[n, q]</c>.</param>
    /// <param name="steps">Receives the steps <c>[n, q]</c>.</param>
    public bool TryBackward(ReadOnlySpan<double> path, Span<double> steps)
    {
        var (q, size) = (_q, _q * _q);
        if (!SymmetricSystem.TrySolve(Information, default, Score, steps[((_n - 1) * q)..])) { return false; }
        for (var t = _n - 2; t >= 0; t--)
        {
            ReadOnlySpan<double> known = _information.AsSpan(t * size, size), factor = _factors.AsSpan(t * size, size);
            var step = steps.Slice(t * q, q);
            for (var j = 0; j < q; j++) { step[j] = steps[(t + 1) * q + j] + path[(t + 1) * q + j] - path[t * q + j]; }
            for (var i = 0; i < q; i++) { _side[i] = _roots[i] * (_scores[t * q + i] - TensorPrimitives.Dot(known.Slice(i * q, q), step)); }
            Kernels.SolveUpperTransposed(factor, q, q, _side);
            Kernels.SolveUpper(factor, q, q, _side);
            for (var i = 0; i < q; i++) { step[i] += _roots[i] * _side[i]; }
        }
        return true;
    }

    /// <summary>Takes a quadratic one step of time further; returns <c>log |M|</c>, or null where M is not positive.</summary>
    /// <param name="known">I <c>[q, q]</c>.</param>
    /// <param name="score">h <c>[q]</c>.</param>
    /// <param name="factor">Receives the triangle of M, <c>[q, q]</c>.</param>
    /// <param name="next">Receives <c>(I⁻¹ + Q)⁻¹</c>, <c>[q, q]</c>.</param>
    /// <param name="nextScore">Receives <c>(1 + IQ)⁻¹h</c>, <c>[q]</c>.</param>
    public double? TryPredict(ReadOnlySpan<double> known, ReadOnlySpan<double> score, Span<double> factor, Span<double> next, Span<double> nextScore)
    {
        var (q, log) = (_q, 0.0);
        for (var i = 0; i < q; i++)
        {
            for (var j = i; j < q; j++) { factor[i * q + j] = (i == j ? 1 : 0) + _roots[i] * known[i * q + j] * _roots[j]; }
        }
        if (Kernels.Cholesky(factor, q, q) >= 0) { return null; }
        for (var j = 0; j < q; j++)
        {
            log += 2 * Math.Log(factor[j * q + j]);
            var row = _work.AsSpan(j * q, q);
            TensorPrimitives.Multiply(known.Slice(j * q, q), _roots, row);
            Kernels.SolveUpperTransposed(factor, q, q, row);
        }
        TensorPrimitives.Multiply(score, _roots, _side);
        Kernels.SolveUpperTransposed(factor, q, q, _side);
        for (var i = 0; i < q; i++)
        {
            var row = _work.AsSpan(i * q, q);
            nextScore[i] = score[i] - TensorPrimitives.Dot<double>(row, _side);
            for (var j = i; j < q; j++) { next[i * q + j] = next[j * q + i] = known[i * q + j] - TensorPrimitives.Dot<double>(row, _work.AsSpan(j * q, q)); }
        }
        return log;
    }
}
