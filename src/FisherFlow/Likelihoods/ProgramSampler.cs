namespace FisherFlow.Likelihoods;

/// <summary>Outcomes drawn by expressions of θ, the row and random numbers, which stand behind the row while they are computed.</summary>
sealed class ProgramSampler : OutcomeSampler
{
    const int Block = 128;

    readonly LikelihoodProgram _program;
    readonly IReadOnlyDictionary<int, int> _outcomes;
    readonly ParameterSet _space;
    readonly IReadOnlyList<string> _columns;
    readonly (int Column, LikelihoodModel Value)[] _values;
    readonly bool _isUniform, _isNormal;
    readonly double[] _rows;
    readonly double[] _drawn;   // [outcomes, Block]

    /// <param name="program">Steps, of which some may be noise.</param>
    /// <param name="outcomes">The step of every column that is drawn.</param>
    /// <param name="space">θ.</param>
    /// <param name="columns">The numbers of a row.</param>
    public ProgramSampler(LikelihoodProgram program, IReadOnlyDictionary<int, int> outcomes, ParameterSet space, IReadOnlyList<string> columns)
    {
        (_program, _outcomes, _space, _columns) = (program, outcomes, space, columns);
        var placed = program.WithNoiseBehind(columns.Count, out _isUniform, out _isNormal);
        string[] extended = [.. columns, "u", "z"];
        _values = [.. outcomes.Select(pair => (pair.Key, placed.ToModel(pair.Value, space, extended, isLeastSquares: false, "outcome")))];
        (_rows, _drawn) = (new double[Block * extended.Length], new double[_values.Length * Block]);
        Obstacle = _isUniform && _isNormal ? "they take two random numbers a row" : outcomes.Values.Any(program.JumpsWithNoise) ? "they jump while their random number moves" : null;
    }

    public override string? Obstacle { get; }

    public override void Sample(ReadOnlySpan<double> theta, Span<double> rows, int width, OutcomeDraw draw)
    {
        var (n, wide) = (rows.Length / width, width + 2);
        for (var start = 0; start < n; start += Block)
        {
            var count = Math.Min(Block, n - start);
            for (var i = 0; i < count; i++)
            {
                var row = _rows.AsSpan(i * wide, wide);
                rows.Slice((start + i) * width, width).CopyTo(row);
                var noise = draw.At(start + i);
                row[width] = _isUniform ? noise.Uniform() : 0;
                row[width + 1] = _isNormal ? noise.Normal() : 0;
            }
            for (var k = 0; k < _values.Length; k++) { _values[k].Value.Evaluate(theta, _rows.AsSpan(0, count * wide), _drawn.AsSpan(k * Block, count), default); }
            for (var k = 0; k < _values.Length; k++)
            {
                for (var i = 0; i < count; i++) { rows[(start + i) * width + _values[k].Column] = _drawn[k * Block + i]; }
            }
        }
    }

    public override OutcomeSampler Fork() => new ProgramSampler(_program, _outcomes, _space, _columns);
}
