using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Information;

public sealed partial class KroneckerInformation
{
    /// <inheritdoc/>
    public KroneckerInformation CreateEmpty() => new(Inputs, Outputs);

    /// <inheritdoc/>
    public KroneckerInformation Copy()
    {
        var copy = CreateEmpty();
        _a.CopyTo(copy._a, 0);
        _b.CopyTo(copy._b, 0);
        return copy;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Inputs);
        writer.Write(Outputs);
        writer.Write(UpperTriangle.Pack(_a, Inputs));
        writer.Write(UpperTriangle.Pack(_b, Outputs));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">Lengths disagree, or a number is not finite.</exception>
    public static KroneckerInformation Load(StateReader reader)
    {
        var (inputs, outputs) = (reader.ReadInt32(), reader.ReadInt32());
        double[] a = UpperTriangle.Unpack(reader.ReadDoubles(), inputs), b = UpperTriangle.Unpack(reader.ReadDoubles(), outputs);
        var loaded = new KroneckerInformation(inputs, outputs);
        a.CopyTo(loaded._a, 0);
        b.CopyTo(loaded._b, 0);
        return loaded;
    }

    /// <inheritdoc/>
    public double[,] ToDense()
    {
        var (trace, dense) = (Trace(), new double[Dimension, Dimension]);
        double[] a = Mirrored(_a, Inputs), b = Mirrored(_b, Outputs);
        for (var k = 0; k < Dimension && trace > 0; k++)
        {
            for (var l = 0; l < Dimension; l++) { dense[k, l] = a[k / Outputs * Inputs + l / Outputs] * (b[k % Outputs * Outputs + l % Outputs] / trace); }
        }
        return dense;
    }

    static double[] Mirrored(double[] upper, int n)
    {
        var full = (double[])upper.Clone();
        for (var i = 0; i < n; i++) { for (var j = 0; j < i; j++) { full[i * n + j] = full[j * n + i]; } }
        return full;
    }

    void AddRow(in DesignRows rows, int r, double weight)
    {
        if (weight == 0) { return; }
        _row.Read(rows, r);
        _spectrum = null;
        if (_row.Count <= FewEntries)
        {
            AddEntries(weight);
            return;
        }
        if (_dense.Length == 0) { (_dense, _turned, _weights) = (new double[Dimension], new double[Dimension], new double[Math.Max(_weights.Length, Inputs + Outputs)]); }
        _dense.AsSpan().Clear();
        for (var e = 0; e < _row.Count; e++)
        {
            _dense[_row.Columns[e]] = _row.Values[e];
        }
        for (var j = 0; j < Inputs; j++) { for (var i = 0; i < Outputs; i++) { _turned[i * Inputs + j] = _dense[j * Outputs + i]; } }
        _weights.AsSpan(0, Inputs + Outputs).Fill(weight);
        Kernels.RankUpdate(_b, Outputs, _dense, Outputs, Inputs, Outputs, _weights);
        Kernels.RankUpdate(_a, Inputs, _turned, Inputs, Outputs, Inputs, _weights);
    }

    void AddEntries(double weight)
    {
        for (var e = 0; e < _row.Count; e++)
        {
            var (j, i) = Math.DivRem(_row.Columns[e], Outputs);
            for (var f = e; f < _row.Count; f++)
            {
                var (l, k) = Math.DivRem(_row.Columns[f], Outputs);
                var product = weight * _row.Values[e] * _row.Values[f];
                if (i == k) { _a[j * Inputs + l] += product; }
                if (j == l) { _b[i * Outputs + k] += product; }
            }
        }
    }

    (KroneckerBasis Basis, double[] Values) Spectrum()
    {
        if (_spectrum is { } known) { return known; }
        double[] left = (double[])_a.Clone(), right = (double[])_b.Clone(), a = new double[Inputs], b = new double[Outputs], values = new double[Dimension];
        Decompose(left, a);
        Decompose(right, b);
        var trace = Trace();
        for (var k = 0; k < Dimension; k++) { values[k] = trace == 0 ? 0 : a[k / Outputs] * (b[k % Outputs] / trace); }
        var spectrum = (new KroneckerBasis(left, Inputs, right, Outputs), values);
        _spectrum = spectrum;
        return spectrum;
    }

    static void Decompose(double[] matrix, double[] values)
    {
        var n = values.Length;
        if (!Kernels.SymmetricEigen(matrix, n, n, values, matrix, n)) { throw new InvalidOperationException("the sum of weighted rows has overflowed"); }
        foreach (ref var value in values.AsSpan()) { if (value <= Rounding * n * values[n - 1]) { value = 0; } }
    }
}
