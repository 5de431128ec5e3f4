using System.Collections.Concurrent;
using MathNet.Numerics.Integration;

namespace FisherFlow.Memory;

/// <summary>The average run length of Page's CUSUM <c>Sₜ = max(0, Sₜ₋₁ + xₜ − k)</c>, alarm at <c>S ≥ h</c>, for <c>x ~ N(shift, 1)</c>.</summary>
/// <remarks>
/// <c>L(u) = 1 + L(0)·Φ(k − u) + ∫₀ʰ L(x) φ(x + k − u) dx</c>, solved at Gauss-Legendre nodes. Two sides that start at 0 alarm at rates that add.
/// Source: Page (1954), equation 4; Kemp (1961) for two sides; the start of the inversion is Siegmund (1985), equation 2.57.
/// </remarks>
static class CusumRunLength
{
    // Detectors come in dozens, one for each coefficient; a threshold is solved for once.
    static readonly ConcurrentDictionary<(double, double), double> _thresholds = [];

    const double Overshoot = 1.166;   // twice the mean overshoot of a normal walk

    /// <summary>One side.</summary>
    public static double OneSided(double k, double h, double shift = 0)
    {
        var rule = new GaussLegendreRule(0, h, Nodes(h));
        var n = rule.Order;
        var system = new double[n + 1, n + 2];   // the last column is the right side
        for (var i = 0; i <= n; i++)
        {
            var u = i == 0 ? 0 : rule.GetAbscissa(i - 1);
            system[i, 0] = -StandardNormal.Lower(k - shift - u);
            for (var j = 0; j < n; j++) { system[i, j + 1] = -rule.GetWeight(j) * StandardNormal.Density(rule.GetAbscissa(j) + k - shift - u); }
            system[i, i] += 1;
            system[i, n + 1] = 1;
        }
        return FirstUnknown(system);
    }

    /// <summary>Both sides, <c>1/L = 1/L₊ + 1/L₋</c>.</summary>
    public static double TwoSided(double k, double h, double shift = 0) => 1 / (1 / OneSided(k, h, shift) + 1 / OneSided(k, h, -shift));

    /// <summary>The h at which the average run length is <paramref name="target"/>, for N(0, 1).</summary>
    public static double Invert(double k, double target, bool twoSided) => _thresholds.GetOrAdd((k, twoSided ? 2 * target : target), Solve);

    static double Solve((double Allowance, double OneSided) goal)
    {
        var (k, wanted) = (goal.Allowance, Math.Log(goal.OneSided));
        var h = Math.Max(0.1, Siegmund(k, Math.Exp(wanted)));
        var (low, high) = (0.0, double.PositiveInfinity);
        for (var step = 0; step < 60; step++)
        {
            var miss = Math.Log(OneSided(k, h)) - wanted;
            if (Math.Abs(miss) < 1e-10) { break; }
            if (miss > 0) { high = h; } else { low = h; }
            var next = h - miss / (2 * k);   // the logarithm grows by about 2k for each unit of h
            h = next > low && next < high ? next : double.IsPositiveInfinity(high) ? 2 * h : (low + high) / 2;
        }
        return h;
    }

    static double Siegmund(double k, double length)
    {
        var reach = Math.Log(2 * k * k * length + 1);
        for (var i = 0; i < 20; i++) { reach = Math.Log(2 * k * k * length + 1 + reach); }
        return reach / (2 * k) - Overshoot;
    }

    static int Nodes(double h) => Math.Clamp((int)(8 * h), 24, 256);

    /// <summary>Solves by elimination from the last unknown to the first; the rows are diagonally dominant enough that none need to change places.</summary>
    static double FirstUnknown(double[,] system)
    {
        var n = system.GetLength(0);
        for (var pivot = n - 1; pivot > 0; pivot--)
        {
            for (var row = 0; row < pivot; row++)
            {
                var factor = system[row, pivot] / system[pivot, pivot];
                for (var column = 0; column < pivot; column++) { system[row, column] -= factor * system[pivot, column]; }
                system[row, n] -= factor * system[pivot, n];
            }
        }
        return system[0, n] / system[0, 0];
    }
}
