using FisherFlow.Differentiation;

namespace FisherFlow.Likelihoods;

/// <summary>A function of θ and a row as a list of steps, each over steps before it; equal steps are one, and what is constant is computed once.</summary>
public sealed class LikelihoodProgram
{
    readonly List<Step> _steps = [];
    readonly Dictionary<Step, int> _known = [];
    readonly List<bool> _active = [];
    readonly List<bool> _varying = [];
    readonly HashSet<int> _powers = [];   // choices between a power at zero and elsewhere: their conditions are no jumps

    internal IReadOnlyList<Step> Steps => _steps;

    /// <summary>A number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The step.</returns>
    public int Constant(double value) => Push(new(RowOperation.Constant, -1, -1, -1, value));

    /// <summary>A number of the row.</summary>
    /// <param name="index">Its place in the row.</param>
    /// <returns>The step.</returns>
    public int Column(int index) => Push(new(RowOperation.Column, index, -1, -1, 0));

    /// <summary>A random number of the row's outcome: uniform on (0, 1), or standard normal; of each kind a row has one.</summary>
    /// <remarks>Only for steps that draw outcomes.</remarks>
    /// <param name="isNormal">Whether it is the normal one.</param>
    /// <returns>The step.</returns>
    public int Noise(bool isNormal) => Column(isNormal ? NormalNoise : UniformNoise);

    /// <summary>A component of θ.</summary>
    /// <param name="index">Its place in θ.</param>
    /// <returns>The step.</returns>
    public int Parameter(int index) => Push(new(RowOperation.Parameter, index, -1, -1, 0));

    /// <summary>An operation.</summary>
    /// <param name="operation">What to do.</param>
    /// <param name="a">The first step, or only one.</param>
    /// <param name="b">The second step, where there is one.</param>
    /// <param name="c">The third step, where there is one.</param>
    /// <returns>The step.</returns>
    public int Apply(RowOperation operation, int a, int b = -1, int c = -1)
    {
        if (operation is RowOperation.Power && DependsOnParameters(b)) { return Power(a, b); }
        if (operation is RowOperation.Power && _steps[b] is { Operation: RowOperation.Constant, Number: 2 }) { return Apply(RowOperation.Square, a); }
        var step = new Step(operation, a, b, c, 0);
        if (IsConstant(a) && (b < 0 || IsConstant(b)) && (c < 0 || IsConstant(c)))
        {
            return Constant(RowArithmetic.IsUnary(operation) ? RowArithmetic.Expand(operation, _steps[a].Number).Value : RowArithmetic.Apply(operation, _steps[a].Number, _steps[b].Number, c < 0 ? 0 : _steps[c].Number));
        }
        return Push(step);
    }

    /// <summary>The model whose value is a step.</summary>
    /// <param name="root">The step.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="columns">The names of a row's numbers, the response last for least squares.</param>
    /// <param name="isLeastSquares">Whether the value is a mean.</param>
    /// <param name="name">What tells the model from others.</param>
    /// <param name="outcomes">Of a density that can draw outcomes, the step that draws each column of the row that is one; else null.</param>
    public LikelihoodModel ToModel(int root, ParameterSet parameters, IReadOnlyList<string> columns, bool isLeastSquares, string name, IReadOnlyDictionary<int, int>? outcomes = null) =>
        new ProgramModel(this, root, parameters, columns, isLeastSquares, name) { Sampler = outcomes is null ? null : new ProgramSampler(this, outcomes, parameters, columns) };

    /// <summary>A step over any number: the program one row at a time.</summary>
    /// <typeparam name="T">The number.</typeparam>
    /// <param name="root">The step.</param>
    /// <param name="parameters">θ <c>[m]</c>.</param>
    /// <param name="row">The row <c>[columns]</c>.</param>
    public T Evaluate<T>(int root, ReadOnlySpan<T> parameters, ReadOnlySpan<double> row) where T : struct, IScalar<T>
    {
        var values = new T[root + 1];
        for (var i = 0; i < values.Length; i++)
        {
            var step = _steps[i];
            values[i] = step.Operation switch
            {
                RowOperation.Constant => step.Number,
                RowOperation.Column => row[step.A],
                RowOperation.Parameter => parameters[step.A],
                RowOperation.Add => values[step.A] + values[step.B],
                RowOperation.Subtract => values[step.A] - values[step.B],
                RowOperation.Multiply => values[step.A] * values[step.B],
                RowOperation.Divide => values[step.A] / values[step.B],
                RowOperation.Power => T.Pow(values[step.A], values[step.B].Value),
                RowOperation.Minimum => values[step.B].Value < values[step.A].Value ? values[step.B] : values[step.A],
                RowOperation.Maximum => values[step.B].Value > values[step.A].Value ? values[step.B] : values[step.A],
                RowOperation.Select => double.IsNaN(values[step.A].Value) ? double.NaN : values[step.A].Value != 0 ? values[step.B] : values[step.C],
                var unary when RowArithmetic.IsUnary(unary) => Chain(values[step.A], RowArithmetic.Expand(unary, values[step.A].Value)),
                var truth => RowArithmetic.Apply(truth, values[step.A].Value, values[step.B].Value),
            };
        }
        return values[root];
    }

    static T Chain<T>(T x, Expansion at) where T : struct, IScalar<T> => T.Chain(x, at.Value, at.First, at.Second);

    /// <summary>Whether a step's derivative by θ may be other than zero.</summary>
    internal bool DependsOnParameters(int step) => _active[step];

    /// <summary>Whether a step differs from row to row.</summary>
    internal bool DependsOnRow(int step) => _varying[step];

    /// <summary>The steps that a step reads.</summary>
    internal static IEnumerable<int> Operands(Step step)
    {
        if (step.Operation <= RowOperation.Parameter) { yield break; }
        yield return step.A;
        if (step.B >= 0) { yield return step.B; }
        if (step.C >= 0) { yield return step.C; }
    }

    /// <summary>The same steps with the random numbers as columns behind a row's own.</summary>
    internal LikelihoodProgram WithNoiseBehind(int columns, out bool isUniform, out bool isNormal)
    {
        (isUniform, isNormal) = (_steps.Exists(IsUniform), _steps.Exists(IsNormal));
        var placed = new LikelihoodProgram();
        foreach (var step in _steps) { placed.Push(IsUniform(step) ? step with { A = columns } : IsNormal(step) ? step with { A = columns + 1 } : step); }
        placed._powers.UnionWith(_powers);
        return placed;   // steps that differed differ still, so that each keeps its place
    }

    /// <summary>Whether a step's value jumps while a random number moves: a truth about it was asked for.</summary>
    internal bool JumpsWithNoise(int step)
    {
        var (moves, jumps) = (new bool[step + 1], new bool[step + 1]);
        for (var i = 0; i <= step; i++)
        {
            var at = _steps[i];
            moves[i] = IsUniform(at) || IsNormal(at) || Operands(at).Any(operand => moves[operand]);
            jumps[i] = _powers.Contains(i) ? jumps[at.C] : Operands(at).Any(operand => jumps[operand]) || (!RowArithmetic.IsSmooth(at.Operation) && moves[i]);
        }
        return jumps[step];
    }

    const int UniformNoise = -1;
    const int NormalNoise = -2;

    static bool IsUniform(Step step) => step is { Operation: RowOperation.Column, A: UniformNoise };

    static bool IsNormal(Step step) => step is { Operation: RowOperation.Column, A: NormalNoise };

    /// <summary>Both derivatives of <c>aᵇ = e^(b log a)</c>; at a = 0 with b &gt; 0, where the logarithm has no value, that in b is 0.</summary>
    int Power(int a, int b)
    {
        var power = Apply(RowOperation.Exp, Apply(RowOperation.Multiply, b, Apply(RowOperation.Log, a)));
        if (_steps[a] is { Operation: RowOperation.Constant, Number: not 0 }) { return power; }
        var isZero = Apply(RowOperation.And, Apply(RowOperation.Equal, a, Constant(0)), Apply(RowOperation.Less, Constant(0), b));
        var selected = Push(new(RowOperation.Select, isZero, DependsOnParameters(a) ? Push(new(RowOperation.Power, a, b, -1, 0)) : Constant(0), power, 0));
        _powers.Add(selected);
        return selected;
    }

    bool IsConstant(int step) => _steps[step].Operation == RowOperation.Constant;

    int Push(Step step)
    {
        if (!_known.TryGetValue(step, out var index))
        {
            index = _steps.Count;
            _steps.Add(step);
            _known.Add(step, index);
            _active.Add(step.Operation == RowOperation.Parameter || (RowArithmetic.IsSmooth(step.Operation) && Operands(step).Any(operand => _active[operand])));
            _varying.Add(step.Operation == RowOperation.Column || Operands(step).Any(operand => _varying[operand]));
        }
        return index;
    }

    /// <summary>One step; a leaf's A is its place.</summary>
    internal readonly record struct Step(RowOperation Operation, int A, int B, int C, double Number);
}
