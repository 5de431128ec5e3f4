using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Numerics;

namespace FisherFlow.Optimisation;

/// <summary>What a damping rule adds to the diagonal of an information.</summary>
static class DampingAmount
{
    /// <summary>Widest information whose eigenvalues are computed; beyond it the least one counts as zero, which damps a little more.</summary>
    const int WidestEigen = 512;

    const int PowerSteps = 60;

    /// <summary>δ of the rule for this information.</summary>
    /// <remarks>Cost: nothing, <c>O(d)</c>, or for a condition number <c>O(d³)</c> up to 512 parameters and 60 products beyond; that rule allocates.</remarks>
    public static double Of<TInformation>(DampingRule rule, TInformation information) where TInformation : class, IInformation<TInformation>
    {
        switch (rule.Kind)
        {
            case DampingKind.None: return 0;
            case DampingKind.Tikhonov: return rule.Value;
            case DampingKind.Relative: return rule.For(0, 0, information.Trace() / Math.Max(1, information.Dimension));
            default:
                var (least, largest) = Extremes(information);
                return rule.For(largest, least, 0);
        }
    }

    static (double Least, double Largest) Extremes<TInformation>(TInformation information) where TInformation : class, IInformation<TInformation>
    {
        var d = information.Dimension;
        if (d == 0) { return (0, 0); }
        if (d > WidestEigen) { return (0, Largest(information)); }
        var dense = information.ToDense();
        var matrix = new double[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) { matrix[i * d + j] = dense[i, j]; }
        }
        var values = new double[d];
        return Kernels.SymmetricEigen(matrix, d, d, values, new double[d * d], d) ? (Math.Max(0, values[0]), values[^1]) : (0, information.Trace());
    }

    /// <summary>The power method, from a start without a special direction.</summary>
    static double Largest<TInformation>(TInformation information) where TInformation : class, IInformation<TInformation>
    {
        double[] x = new double[information.Dimension], y = new double[information.Dimension];
        for (var i = 0; i < x.Length; i++) { x[i] = 0.5 + (i + 1) * 0.618_033_988_749_895 % 1; }
        var largest = 0.0;
        for (var step = 0; step < PowerSteps; step++)
        {
            var norm = Math.Sqrt(Dot.Product(x, x));
            if (norm == 0) { return 0; }
            for (var i = 0; i < x.Length; i++) { x[i] /= norm; }
            information.Multiply(x, y);
            largest = Dot.Product(x, y);
            (x, y) = (y, x);
        }
        return largest;
    }
}
