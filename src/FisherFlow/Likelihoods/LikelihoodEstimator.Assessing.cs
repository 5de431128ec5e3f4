using System.Numerics.Tensors;
using FisherFlow.Information;

namespace FisherFlow.Likelihoods;

/// <summary>What a solution is worth: convergence is stated by criteria, never assumed because iterations ended.</summary>
public sealed partial class LikelihoodEstimator
{
    const double OffsetCriterion = 1e-6;
    const double LargestOffset = 0.05;   // nearer than a twentieth of a standard error; only where the residuals themselves are rounding
    const double GaugeCriterion = 1e-8;
    const double FlatError = 5;          // a standard error of so much in logarithms or logits, at a bound, is a search that runs to the bound
    const int NamesShown = 8;
    const double FarStep = 7;            // a step of less than a thousandth
    const double FarOut = 300;           // e^300: no data speak of such numbers
    const double CurvatureRounding = 1e-7;

    LikelihoodEstimate Assess(Solution solution, Target target)
    {
        var at = solution.At;
        var q = Model.Space.Free;
        var evidence = at.ToEvidence();
        var factor = evidence?.Factorise(GaussNewton.Order(q), default, default);
        var gauge = factor is null ? double.NaN : TensorPrimitives.Dot<double>(at.Score, factor.Step.Span);
        double? squares = Model.IsLeastSquares ? Math.Max(0, -2 * at.Value) : null;
        var offset = squares is { } sum && factor is not null ? Offset(gauge, sum, factor.Rank) : double.NaN;
        var theta = Natural(at.Phi);
        var unidentified = factor is null ? [] : Unidentified(factor, at);
        var failure = Failure(at, factor, solution.Ended, gauge, offset, unidentified, target);
        return new()
        {
            Theta = theta,
            Phi = at.Phi,
            LogLikelihood = squares is { } rss ? GaussianLogLikelihood(rss) : at.Value,
            ResidualSumOfSquares = squares,
            Factor = factor,
            Products = at.Products,
            Converged = failure is null,
            Failure = failure,
            Gauge = gauge,
            RelativeOffset = offset,
            Unidentified = unidentified,
            Steps = _steps + solution.Steps,
            Passes = _passes,
            Starts = solution.Starts,
            StartsAgreeing = solution.StartsAgreeing,
            IsExact = IsMaximum,
            DistanceBound = IsMaximum ? 0 : double.NaN,
            Sums = Sums,
        };
    }

    /// <summary>Why this is no maximum, or null.</summary>
    string? Failure(Linearisation at, Factor? factor, bool ended, double gauge, double offset, List<string> unidentified, Target target)
    {
        if (factor is null)
        {
            var place = string.Join(", ", Model.Space.Names.Zip(Natural(at.Phi), (name, value) => $"{name} = {value:G4}").Take(NamesShown));
            return $"the information is not positive definite where the search stopped ({place}): this is no maximum";
        }
        if (Bound(at.Phi, factor) is { } bound) { return bound; }
        if (unidentified.Count > 0) { return $"the data do not determine {string.Join("; ", unidentified)}"; }
        if (!ended) { return $"{Options.StepsOver(_buffer.Count)} steps did not reach a maximum"; }
        if (Model.IsLeastSquares)
        {
            if (offset <= LargestOffset && gauge <= at.Noise) { return null; }   // what is left of the score is rounding
            if (!(offset <= OffsetCriterion) && gauge <= at.Noise) { return "the curve goes through the responses but for rounding errors, and standard errors made of those mean nothing"; }
            if (!(offset <= OffsetCriterion)) { return $"the search stopped at a relative offset of {offset:G2}, above {OffsetCriterion:G1}"; }
            return IsMinimum(at, target) ? null : "the sum of squares has a saddle here and no minimum";
        }
        return gauge <= GaugeCriterion ? null : $"the search stopped with a score gauge of {gauge:G2}, above {GaugeCriterion:G1}";
    }

    /// <summary>The cosine-like measure of Bates and Watts: tangential residual by orthogonal one, each by its degrees of freedom.</summary>
    double Offset(double gauge, double squares, int rank)
    {
        var degrees = Observations - rank;
        if (degrees <= 0 || rank == 0) { return Math.Sqrt(Math.Max(0, gauge)) <= Math.Sqrt(squares) * 1e-8 || squares == 0 ? 0 : double.NaN; }
        return Math.Sqrt(Math.Max(0, gauge) / rank) / Math.Sqrt(Math.Max(squares - gauge, double.Epsilon) / degrees);
    }

    /// <summary>Whether the exact second derivatives of the sum of squares are positive too; only asked while the rows are in memory.</summary>
    bool IsMinimum(Linearisation at, Target target)
    {
        if (_folded is not null || target.Passes > 0 || Walks) { return true; }
        var q = Model.Space.Free;
        var bent = ResidualCurvature.Of(Model, at.Phi, _buffer, Options.Threads);
        var gauss = at.ToEvidence()!.ToDense();
        var add = new double[q];
        for (var i = 0; i < q; i++)
        {
            add[i] = CurvatureRounding * gauss[i, i];
            for (var j = 0; j < q; j++) { bent[i * q + j] = gauss[i, j] - bent[i * q + j]; }
        }
        return SymmetricSystem.TrySolve(bent, add, new double[q], new double[q]);
    }

    /// <summary>Each dropped coordinate with those that take its part.</summary>
    /// <remarks>Of a density the information itself is asked: its square root holds what the kept coordinates say, and nothing of a dropped one.</remarks>
    List<string> Unidentified(Factor factor, Linearisation at)
    {
        if (factor.Aliased.Count == 0) { return []; }
        List<string> report = [];
        var (dense, q) = (at.ToDense(), Model.Space.Free);
        double[] column = new double[q], share = new double[q];
        foreach (var aliased in factor.Aliased)
        {
            for (var i = 0; i < q; i++) { column[i] = dense[i * q + aliased]; }
            factor.Solve(column, share);
            var size = Math.Sqrt(Math.Max(0, dense[aliased * q + aliased]));
            var partners = factor.Kept.Where(k => size > 0 && Math.Abs(share[k]) * Math.Sqrt(dense[k * q + k]) > 0.01 * size).Select(Model.Space.NameOfFree).ToList();
            report.Add($"{Model.Space.NameOfFree(aliased)} ({(partners.Count > 0 ? $"it cannot be told apart from {string.Join(", ", partners)}"
                : size == 0 && at.Score[aliased] != 0 ? "where the search stopped, the log-likelihood changes with it at a constant rate: it grows without end, or has a corner"
                : "where the search stopped, the log-likelihood is flat in it")})");
        }
        return report;
    }

    /// <summary>Says when a constrained parameter runs to its bound, where the likelihood has no interior maximum.</summary>
    string? Bound(ReadOnlySpan<double> phi, Factor factor)
    {
        var variances = new double[factor.Rank];
        factor.InverseDiagonal(variances);
        var theta = Natural(phi);
        for (var k = 0; k < theta.Length; k++)
        {
            var j = Model.Space.FreeOf(k);
            if (j < 0 && EndOf(k, theta[k], phi, factor) is { } end) { return $"{Model.Space.Names[k]} runs to its bound {end:R}: the likelihood has no maximum inside, and there are no standard errors"; }
            if (j < 0 || Model.Space.NearBound(k, phi[j]) is not { } bound) { continue; }
            var kept = factor.Kept.ToList().IndexOf(j);
            if (kept < 0 || Math.Sqrt(variances[kept]) > FlatError || Math.Abs(phi[j]) > FarOut)
            {
                return $"{Model.Space.Names[k]} runs to its bound {bound:R}: the likelihood has no maximum inside, and there are no standard errors";
            }
        }
        for (var i = 0; i < phi.Length; i++)
        {
            if (phi[i] > -FarStep || Model.Space.StepOf(i) is not { } step) { continue; }
            var kept = factor.Kept.ToList().IndexOf(i);
            if (kept < 0 || Math.Sqrt(variances[kept]) > FlatError) { return $"{step.Above} closes in on {step.Below}: the likelihood has no maximum where they differ, and there are no standard errors"; }
        }
        return null;
    }

    /// <summary>The end of its range that a share or a correlation runs to: it is a thousandth of the range away, and in logits not known.</summary>
    double? EndOf(int component, double value, ReadOnlySpan<double> phi, Factor factor)
    {
        const double Near = 1e-3;
        var range = Model.Space.RangeOf(component);
        var away = Math.Min(value - range.Lower, range.Upper - value);
        if (!(away < Near * (range.Upper - range.Lower))) { return null; }
        var (q, end) = (Model.Space.Free, value - range.Lower < range.Upper - value ? range.Lower : range.Upper);
        double[] jacobian = new double[Model.Space.Natural * q], share = new double[q];
        Model.Space.Jacobian(phi, jacobian);
        var gradient = jacobian.AsSpan(component * q, q);
        foreach (var lost in factor.Aliased)
        {
            if (gradient[lost] != 0) { return end; }
        }
        factor.Solve(gradient, share);
        return Math.Sqrt(Math.Max(0, TensorPrimitives.Dot<double>(gradient, share))) > FlatError * away ? end : null;
    }

    /// <summary>As R's logLik of an nls: the variance is at its maximum too, rows of weight zero do not count.</summary>
    double GaussianLogLikelihood(double squares)
    {
        double n = Sums.Observations;
        return -0.5 * n * (Math.Log(2 * Math.PI) + 1 - Math.Log(n) + Math.Log(squares)) + 0.5 * Sums.LogWeight;
    }
}
