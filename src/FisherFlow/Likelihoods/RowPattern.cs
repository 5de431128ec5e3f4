namespace FisherFlow.Likelihoods;

/// <summary>What a function does for rows of one kind: the same steps, and only the numbers that are mixed in differ.</summary>
/// <remarks>
/// A number that was the same for all rows so far is taken for a constant, one that has always been a certain number of the row for that number: both are true of every row that was shown,
/// and a row of which they are not makes the program anew. Numbers that are neither, such as <c>Math.Log(row[0])</c>, are noted from every row.
/// </remarks>
sealed class RowPattern
{
    const int Same = -1;   // stands for: as in the first row

    readonly LikelihoodModel _owner;
    readonly ulong[] _steps;
    readonly int _root;
    readonly double[] _first;
    readonly List<int>[] _origins;   // of each number what it has been for all rows: the same, or a number of the row
    readonly double[] _constants;
    readonly int[] _rows;
    ProgramModel? _model;
    bool _isOfColumns;

    /// <summary>Starts with a row.</summary>
    /// <param name="owner">The model whose function it is.</param>
    /// <param name="recorder">What was done.</param>
    /// <param name="root">The step of the result.</param>
    /// <param name="columns">The row.</param>
    /// <param name="block">Most rows at a time.</param>
    public RowPattern(LikelihoodModel owner, Recorder recorder, int root, ReadOnlySpan<double> columns, int block)
    {
        (_owner, _steps, _root, _first) = (owner, recorder.Steps.ToArray(), root, recorder.Constants.ToArray());
        _origins = new List<int>[_first.Length];
        for (var k = 0; k < _first.Length; k++)
        {
            List<int> origins = [Same];
            for (var j = 0; j < columns.Length; j++)
            {
                if (IsSame(columns[j], _first[k])) { origins.Add(j); }
            }
            _origins[k] = origins;
        }
        (_constants, _rows) = (new double[block * _first.Length], new int[block]);
    }

    /// <summary>Whether every number is a constant or a number of the row, so that the program can run on rows as they are.</summary>
    public bool IsOfColumns => Array.TrueForAll(_origins, origins => origins.Count > 0);

    /// <summary>The rows of the present block that are of this kind.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>Their numbers, <c>[rows, numbers]</c>.</summary>
    public ReadOnlySpan<double> Constants => _constants.AsSpan(0, Count * _first.Length);

    public int Count { get; private set; }

    public bool Fits(Recorder recorder, int root) => root == _root && recorder.Steps.SequenceEqual(_steps);

    public void Clear() => Count = 0;

    /// <summary>Adds a row of this kind.</summary>
    /// <param name="index">Its place in the block.</param>
    /// <param name="row">The row.</param>
    /// <param name="constants">The numbers that were mixed in.</param>
    public void Add(int index, ReadOnlySpan<double> row, ReadOnlySpan<double> constants)
    {
        _rows[Count] = index;
        constants.CopyTo(_constants.AsSpan(Count++ * _first.Length));
        for (var k = 0; k < constants.Length; k++)
        {
            var origins = _origins[k];
            for (var o = origins.Count - 1; o >= 0; o--)
            {
                if (IsSame(constants[k], origins[o] == Same ? _first[k] : row[origins[o]])) { continue; }
                origins.RemoveAt(o);
                if (o == 0) { _model = null; }
            }
        }
    }

    /// <summary>The program of all rows shown so far: over rows as they are, or over the numbers noted from them.</summary>
    public ProgramModel Model(bool isOfColumns)
    {
        if (_model is null || _isOfColumns != isOfColumns) { (_model, _isOfColumns) = (Compile(isOfColumns), isOfColumns); }
        return _model;
    }

    ProgramModel Compile(bool isOfColumns)
    {
        var program = new LikelihoodProgram();
        var m = _owner.Space.Natural;
        var steps = new int[m + _steps.Length];
        for (var j = 0; j < m; j++) { steps[j] = program.Parameter(j); }
        for (var i = m; i < steps.Length; i++)
        {
            var (operation, a, b, c) = Recorder.Unpack(_steps[i - m]);
            steps[i] = operation switch
            {
                RowOperation.Constant => Number(program, a, isOfColumns),
                RowOperation.Select => program.Apply(operation, steps[a], steps[b], steps[c]),
                _ when RowArithmetic.IsUnary(operation) => program.Apply(operation, steps[a]),
                _ => program.Apply(operation, steps[a], steps[b]),
            };
        }
        return new(program, steps[_root], _owner.Space, isOfColumns ? _owner.Columns : new string[_first.Length], _owner.IsLeastSquares, _owner.Name);
    }

    int Number(LikelihoodProgram program, int k, bool isOfColumns) =>
        _origins[k] is [Same, ..] ? program.Constant(_first[k]) : program.Column(isOfColumns ? _origins[k][0] : k);

    /// <summary>To the bit, so that −0 and NaN are what they are.</summary>
    static bool IsSame(double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y);
}
