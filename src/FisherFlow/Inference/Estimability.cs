using FisherFlow.Information;
using FisherFlow.Numerics;

namespace FisherFlow.Inference;

/// <summary>Which combinations of parameters the data determine: a row is estimable when it obeys the dependencies that made parameters aliased.</summary>
/// <remarks>
/// An aliased column a is <c>Σ cᵢ · columnᵢ</c> over the kept ones in every row seen, <c>c = I[kept, kept]⁻¹ I[kept, a]</c>; a new row is estimable when it
/// obeys the same equation (Searle 1971, §5.4), and its prediction then does not depend on which of the columns was dropped.
/// </remarks>
public sealed class Estimability
{
    const double Tolerance = 1e-6;   // of the row's own size: columns are found dependent to about 1e-7

    readonly int[] _aliased;
    readonly double[][]? _dependencies;   // for each aliased parameter, c over all parameters

    /// <summary>Reads the dependencies from the information; without it, a row that touches an aliased parameter counts as not estimable.</summary>
    /// <param name="factor">The factor that found the aliased parameters.</param>
    /// <param name="information">The information without prior, <c>[d, d]</c>, or null when it is not at hand.</param>
    public Estimability(Factor factor, double[,]? information = null)
    {
        _aliased = [.. factor.Aliased];
        if (information is null || _aliased.Length == 0) { return; }
        _dependencies = new double[_aliased.Length][];
        var kept = factor.Kept;
        var c = new double[kept.Count];
        for (var a = 0; a < _aliased.Length; a++)
        {
            for (var i = 0; i < c.Length; i++) { c[i] = information[kept[i], _aliased[a]]; }
            Kernels.SolveUpperTransposed(factor.Upper, c.Length, c.Length, c);
            Kernels.SolveUpper(factor.Upper, c.Length, c.Length, c);
            _dependencies[a] = new double[factor.Dimension];
            for (var i = 0; i < c.Length; i++) { _dependencies[a][kept[i]] = c[i]; }
        }
    }

    /// <summary>Whether the data determine <c>Σ valueᵢ · θ[parameterᵢ]</c>.</summary>
    /// <param name="parameters">Parameters <c>[k]</c>; −1 stands for none.</param>
    /// <param name="values">Their factors <c>[k]</c>.</param>
    public bool Determines(ReadOnlySpan<int> parameters, ReadOnlySpan<double> values)
    {
        for (var a = 0; a < _aliased.Length; a++)
        {
            double excess = 0, size = 0;
            for (var i = 0; i < parameters.Length; i++)
            {
                if (parameters[i] < 0) { continue; }
                var part = parameters[i] == _aliased[a] ? values[i] : _dependencies is null ? 0 : -_dependencies[a][parameters[i]] * values[i];
                excess += part;
                size += Math.Abs(part);
            }
            if (Math.Abs(excess) > Tolerance * size) { return false; }
        }
        return true;
    }
}
