using System.Numerics.Tensors;
using FisherFlow.Information;

namespace FisherFlow.Likelihoods;

/// <summary>What is maximised, to second order about a point: <c>ℓ(φ + δ) ≈ value + sᵀδ − ½ δᵀIδ</c>.</summary>
abstract class Linearisation
{
    /// <summary>The point φ <c>[q]</c>.</summary>
    public required double[] Phi { get; init; }

    public required double Value { get; init; }

    /// <summary>s <c>[q]</c>.</summary>
    public required double[] Score { get; init; }

    /// <summary>Units of the coordinates for damping, <c>[q]</c>: squared, a positive measure of how much the rows say of each.</summary>
    public required double[] Scale { get; init; }

    /// <summary>Score products <c>Σ w² s sᵀ [q, q]</c> of the rows in it, when they were asked for.</summary>
    public double[]? Products { get; init; }

    /// <summary>The difference of values that rounding could feign.</summary>
    public required double Noise { get; init; }

    /// <summary>Solves <c>(I + diag(damping)) δ = s</c>; false when that is not positive definite.</summary>
    public abstract bool TryStep(ReadOnlySpan<double> damping, Span<double> step);

    /// <summary><c>δᵀIδ</c>.</summary>
    public abstract double Form(ReadOnlySpan<double> delta);

    /// <summary>What the quadratic promises: <c>sᵀδ − ½ δᵀIδ</c>.</summary>
    public double Predicted(ReadOnlySpan<double> delta) => TensorPrimitives.Dot<double>(Score, delta) - 0.5 * Form(delta);

    /// <summary>The information <c>[q, q]</c>.</summary>
    public abstract double[] ToDense();

    /// <summary>The information as a square root with the score as its target; null when it is not positive definite.</summary>
    public abstract SquareRootInformation? ToEvidence();
}

/// <summary>Least squares: the information is the Jacobian's, kept as its triangle, so that its condition is never squared.</summary>
sealed class GaussNewton(SquareRootInformation evidence) : Linearisation
{
    public override bool TryStep(ReadOnlySpan<double> damping, Span<double> step)
    {
        var factor = evidence.Factorise(Order(step.Length), damping, default);
        factor.Step.Span.CopyTo(step);
        return true;
    }

    public override double Form(ReadOnlySpan<double> delta)
    {
        var product = new double[delta.Length];
        evidence.Multiply(delta, product);
        return TensorPrimitives.Dot(delta, product);
    }

    public override SquareRootInformation ToEvidence() => evidence.Copy();

    public override double[] ToDense() => [.. evidence.ToDense().Cast<double>()];

    internal static int[] Order(int q)
    {
        var order = new int[q];
        for (var i = 0; i < q; i++) { order[i] = i; }
        return order;
    }
}

/// <summary>A density: the information is a symmetric matrix that need not be positive definite away from the maximum.</summary>
sealed class DenseQuadratic(double[] information) : Linearisation
{
    public override bool TryStep(ReadOnlySpan<double> damping, Span<double> step) => SymmetricSystem.TrySolve(information, damping, Score, step);

    public override double Form(ReadOnlySpan<double> delta) => SymmetricSystem.Form(information, delta);

    public override double[] ToDense() => information;

    /// <remarks>A coordinate without any information stays without; one whose information is lost in the others' rounding is dropped like an aliased column.</remarks>
    public override SquareRootInformation? ToEvidence()
    {
        var q = Score.Length;
        var order = GaussNewton.Order(q);
        var unit = new double[q];
        var scaled = new double[q * q];
        for (var i = 0; i < q; i++)
        {
            if (information[i * q + i] < 0) { return null; }
            unit[i] = Math.Sqrt(information[i * q + i]);
        }
        for (var i = 0; i < q; i++)
        {
            for (var j = i; j < q; j++) { scaled[i * q + j] = unit[i] == 0 || unit[j] == 0 ? 0 : information[i * q + j] / unit[i] / unit[j]; }
        }
        var upper = LimitedPivoting.Cholesky((double[])scaled.Clone(), order, tolerance: null, out var kept, out var aliased);
        foreach (var a in aliased)
        {
            if (Leftover(upper, kept, scaled, a, q) < -Indefinite) { return null; }
        }
        var (rows, ones, targets, right) = (new double[kept.Length * q], new double[kept.Length], new double[kept.Length], new double[kept.Length]);
        Array.Fill(ones, 1.0);
        for (var i = 0; i < kept.Length; i++)
        {
            right[i] = Score[kept[i]] / unit[kept[i]];
            for (var j = i; j < kept.Length; j++) { rows[i * q + kept[j]] = upper[i * kept.Length + j] * unit[kept[j]]; }
        }
        Numerics.Kernels.SolveUpperTransposed(upper, kept.Length, kept.Length, right);
        right.CopyTo(targets, 0);
        var evidence = new SquareRootInformation(q);
        if (kept.Length > 0) { evidence.Add(new DesignRows(kept.Length, q, rows, 0, default, default), ones, targets); }
        return evidence;
    }

    /// <summary>A pivot this far below zero, in units of its own diagonal, is no rounding.</summary>
    const double Indefinite = 1e-6;

    /// <summary>What the kept columns leave of a dropped one's unit diagonal.</summary>
    static double Leftover(double[] upper, int[] kept, double[] scaled, int dropped, int q)
    {
        var column = new double[kept.Length];
        for (var i = 0; i < kept.Length; i++) { column[i] = scaled[Math.Min(kept[i], dropped) * q + Math.Max(kept[i], dropped)]; }
        Numerics.Kernels.SolveUpperTransposed(upper, kept.Length, kept.Length, column);
        return scaled[dropped * q + dropped] - TensorPrimitives.SumOfSquares<double>(column);
    }
}
