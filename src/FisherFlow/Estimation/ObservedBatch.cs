using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>A batch's observed information where some rows weigh less than nothing: as a sum of squares if it is one, so that every structure can take it.</summary>
/// <remarks>The matrix over the parameters that the batch touches is factored, <c>H = RᵀR</c>, and the rows of R stand for the batch. Cost: <c>O(n·k² + m³)</c> for m touched parameters.</remarks>
sealed class ObservedBatch
{
    const int MostParameters = 512;
    const int Chunk = 1024;
    const double Rounding = 1e-12;

    readonly Workspace _workspace = new();
    readonly Dictionary<int, int> _places = [];
    double[] _matrix = [];
    double[] _squared = [];
    double[] _ones = [];
    int[] _parameters = [];
    int[] _indices = [];

    /// <summary>What was found.</summary>
    public enum Finding
    {
        /// <summary>No row weighs less than nothing.</summary>
        Regular,
        /// <summary>Some do, and the batch's information is positive semi-definite.</summary>
        Corrected,
        /// <summary>It is not, or too many parameters are touched to tell.</summary>
        Indefinite,
    }

    /// <summary>Rows whose squares add up to the batch's information.</summary>
    public DesignRows Rows => new(_places.Count, 0, default, _places.Count, _indices, _matrix.AsSpan(0, _places.Count * _places.Count));

    /// <summary>Their weights <c>[m]</c>, all one.</summary>
    public ReadOnlySpan<double> Ones => _ones.AsSpan(0, _places.Count);

    /// <summary>The same for the second accumulator of a fading memory.</summary>
    public DesignRows SquaredRows => new(_places.Count, 0, default, _places.Count, _indices, _squared.AsSpan(0, _places.Count * _places.Count));

    /// <summary>Their weights <c>[m]</c>.</summary>
    public ReadOnlySpan<double> SquaredOnes => Ones;

    /// <summary>Looks at the first rows at θ <c>[d]</c>.</summary>
    /// <param name="informed">The model with observed information.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="shape">The sizes of θ.</param>
    /// <param name="theta">θ <c>[d]</c>.</param>
    /// <param name="auxiliary">The auxiliary parameter.</param>
    /// <param name="ages">The second accumulator's further factor of every row <c>[n]</c>, or empty where there is none.</param>
    /// <param name="map">The parameters' indices in the state, <c>[d]</c>, or empty for themselves.</param>
    public Finding Examine(IModel informed, Block rows, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary, ReadOnlySpan<double> ages, ReadOnlySpan<int> map)
    {
        if (!HasNegative(informed, rows, count, shape, theta, auxiliary)) { return Finding.Regular; }
        if (!Touch(informed, rows, count, shape, theta, auxiliary)) { return Finding.Indefinite; }
        var m = _places.Count;
        Reserve(m, map);
        for (var start = 0; start < count; start += Chunk)
        {
            var n = Math.Min(Chunk, count - start);
            var unused = default(FitSums);
            AddRows(informed.Work(rows, start, n, shape, theta, auxiliary, default, ref unused, _workspace), ages.IsEmpty ? ages : ages[start..]);
        }
        return Factor(_matrix, m) && (ages.IsEmpty || Factor(_squared, m)) ? Finding.Corrected : Finding.Indefinite;
    }

    bool HasNegative(IModel informed, Block rows, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary)
    {
        for (var start = 0; start < count; start += Chunk)
        {
            var n = Math.Min(Chunk, count - start);
            var unused = default(FitSums);
            foreach (var weight in informed.Work(rows, start, n, shape, theta, auxiliary, default, ref unused, _workspace).Weights)
            {
                if (weight < 0) { return true; }
            }
        }
        return false;
    }

    /// <summary>Gives every parameter of the working rows a place (a model with several predictors spreads a row's columns over them); false if they are too many.</summary>
    bool Touch(IModel informed, Block rows, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary)
    {
        _places.Clear();
        for (var start = 0; start < count; start += Chunk)
        {
            var n = Math.Min(Chunk, count - start);
            var unused = default(FitSums);
            var design = informed.Work(rows, start, n, shape, theta, auxiliary, default, ref unused, _workspace).Rows;
            for (var j = _places.Count; j < design.DenseColumns; j++) { _places.Add(j, j); }
            foreach (var index in design.Indices)
            {
                if (index >= 0) { _places.TryAdd(index, _places.Count); }
                if (_places.Count > MostParameters) { return false; }
            }
        }
        return _places.Count <= MostParameters;
    }

    void AddRows(in WorkingRows working, ReadOnlySpan<double> ages)
    {
        var m = _places.Count;
        var design = working.Rows;
        Span<int> at = stackalloc int[design.DenseColumns + design.Slots];
        Span<double> values = stackalloc double[at.Length];
        for (var i = 0; i < design.Count; i++)
        {
            var k = 0;
            for (var j = 0; j < design.DenseColumns; j++) { (at[k], values[k++]) = (j, design.Dense[i * design.DenseColumns + j]); }
            for (var s = i * design.Slots; s < (i + 1) * design.Slots; s++)
            {
                if (design.Indices[s] >= 0) { (at[k], values[k++]) = (_places[design.Indices[s]], design.Values.IsEmpty ? 1 : design.Values[s]); }
            }
            var age = ages.IsEmpty ? 0 : ages[i / working.PerObservation];
            for (var a = 0; a < k; a++)
            {
                for (var b = 0; b < k; b++)
                {
                    if (at[b] < at[a]) { continue; }
                    var product = working.Weights[i] * values[a] * values[b];
                    _matrix[at[a] * m + at[b]] += product;
                    _squared[at[a] * m + at[b]] += age * product;
                }
            }
        }
    }

    /// <summary>Cholesky in place, leaving R with zeros below its diagonal; false for an indefinite matrix.</summary>
    static bool Factor(double[] a, int m)
    {
        var largest = 0.0;
        for (var i = 0; i < m; i++) { largest = Math.Max(largest, Math.Abs(a[i * m + i])); }
        for (var j = 0; j < m; j++)
        {
            var row = a.AsSpan(j * m, m);
            row[..j].Clear();
            var pivot = row[j];
            if (pivot < -Rounding * largest) { return false; }
            if (pivot <= Rounding * largest)
            {
                foreach (var x in row[(j + 1)..])
                {
                    if (x * x > Rounding * largest * largest) { return false; }
                }
                row.Clear();
                continue;
            }
            var root = 1 / Math.Sqrt(pivot);
            for (var l = j; l < m; l++) { row[l] *= root; }
            for (var i = j + 1; i < m; i++)
            {
                for (var l = i; l < m; l++) { a[i * m + l] -= row[i] * row[l]; }
            }
        }
        return true;
    }

    void Reserve(int m, ReadOnlySpan<int> map)
    {
        if (_matrix.Length < m * m) { (_matrix, _squared, _indices) = (new double[m * m], new double[m * m], new int[m * m]); }
        if (_ones.Length < m) { (_ones, _parameters) = (new double[m], new int[m]); }
        Array.Clear(_matrix, 0, m * m);
        Array.Clear(_squared, 0, m * m);
        Array.Fill(_ones, 1.0);
        foreach (var (parameter, place) in _places) { _parameters[place] = map.IsEmpty ? parameter : map[parameter]; }
        for (var i = 0; i < m; i++) { Array.Copy(_parameters, 0, _indices, i * m, m); }
    }
}
