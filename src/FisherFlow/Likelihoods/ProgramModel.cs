using System.Numerics.Tensors;

namespace FisherFlow.Likelihoods;

/// <summary>A row program run step by step over blocks of rows, so that reading a step costs nothing beside doing it; differentiated backwards, and forwards over backwards.</summary>
/// <remarks>
/// Steps that do not depend on the row are done once for all rows; gradients cost a small multiple of values, whatever the number of parameters. <b>Memory</b>: 40 bytes a step and row of a block.
/// <b>Source</b>: Griewank and Walther (2008), chapters 3 and 5.
/// </remarks>
sealed partial class ProgramModel : LikelihoodModel
{
    const int Block = 128;

    readonly LikelihoodProgram _program;
    readonly LikelihoodProgram.Step[] _steps;
    readonly bool[] _active;
    readonly bool[] _varying;
    readonly bool[] _isNeeded;
    readonly int _root;
    readonly string _name;
    readonly double[] _values;    // [steps, Block]
    double[] _first = [];         // [steps, Block], f′ of operations of one number
    double[] _second = [];        // [steps, Block], f″
    double[] _adjoints = [];      // [steps, Block]
    double[] _tangents = [];
    double[] _turns = [];         // tangents of the adjoints
    readonly double[] _scratch = new double[Block];
    readonly double[] _other = new double[Block];

    public ProgramModel(LikelihoodProgram program, int root, ParameterSet parameters, IReadOnlyList<string> columns, bool isLeastSquares, string name)
        : base(parameters, columns, isLeastSquares)
    {
        (_program, _root, _name) = (program, root, name);
        _steps = [.. program.Steps.Take(root + 1)];
        (_active, _varying, _isNeeded) = (new bool[_steps.Length], new bool[_steps.Length], new bool[_steps.Length]);
        _isNeeded[root] = true;
        for (var i = root; i >= 0; i--)
        {
            (_active[i], _varying[i]) = (program.DependsOnParameters(i), program.DependsOnRow(i));
            if (!_isNeeded[i]) { continue; }
            foreach (var operand in LikelihoodProgram.Operands(_steps[i])) { _isNeeded[operand] = true; }
        }
        _values = new double[_steps.Length * Block];
    }

    public override string Name => _name;

    public override LikelihoodModel Fork() => new ProgramModel(_program, _root, Space, Columns, IsLeastSquares, _name) { Sampler = Sampler?.Fork() };

    public override void Evaluate(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, Span<double> values, Span<double> gradients)
    {
        var width = Columns.Count;
        var order = gradients.IsEmpty ? 0 : 1;
        Prepare(theta, order);
        for (var start = 0; start < values.Length; start += Block)
        {
            var count = Math.Min(Block, values.Length - start);
            Forward(rows.Slice(start * width, count * width), count, order);
            At(_values, _root, count).CopyTo(values[start..]);
            if (order == 0) { continue; }
            Reverse(count, default);
            Scatter(gradients.Slice(start * theta.Length, count * theta.Length), theta.Length, count);
        }
    }

    public override void AddHessian(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> hessian)
    {
        var width = Columns.Count;
        Prepare(theta, 2);
        for (var start = 0; start < weights.Length; start += Block)
        {
            var count = Math.Min(Block, weights.Length - start);
            Forward(rows.Slice(start * width, count * width), count, 2);
            Reverse(count, weights.Slice(start, count));
            for (var j = 0; j < theta.Length; j++) { AddHessianRow(j, count, hessian.Slice(j * theta.Length, theta.Length)); }
        }
    }

    static Span<double> At(double[] of, int step, int count) => of.AsSpan(step * Block, count);

    /// <summary>Does the steps that are the same for all rows.</summary>
    void Prepare(ReadOnlySpan<double> theta, int order)
    {
        if (order > 0 && _first.Length == 0) { (_first, _adjoints) = (new double[_values.Length], new double[_values.Length]); }
        if (order > 1 && _second.Length == 0) { (_second, _tangents, _turns) = (new double[_values.Length], new double[_values.Length], new double[_values.Length]); }
        for (var i = 0; i < _steps.Length; i++)
        {
            if (_varying[i] || !_isNeeded[i]) { continue; }
            var step = _steps[i];
            switch (step.Operation)
            {
                case RowOperation.Constant: At(_values, i, Block).Fill(step.Number); break;
                case RowOperation.Parameter: At(_values, i, Block).Fill(theta[step.A]); break;
                case var operation when RowArithmetic.IsUnary(operation):
                    var at = RowArithmetic.Expand(operation, _values[step.A * Block]);
                    At(_values, i, Block).Fill(at.Value);
                    if (order > 0) { At(_first, i, Block).Fill(at.First); }
                    if (order > 1) { At(_second, i, Block).Fill(at.Second); }
                    break;
                default:
                    At(_values, i, Block).Fill(RowArithmetic.Apply(step.Operation, _values[step.A * Block], _values[step.B * Block], step.C < 0 ? 0 : _values[step.C * Block]));
                    if (step.Operation == RowOperation.Power && order > 0) { ExpandPower(i, Block, order); }
                    break;
            }
        }
    }

    /// <summary>Does the other steps for a block of rows.</summary>
    void Forward(ReadOnlySpan<double> rows, int count, int order)
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            if (!_varying[i] || !_isNeeded[i]) { continue; }
            var step = _steps[i];
            var values = At(_values, i, count);
            if (step.Operation == RowOperation.Column)
            {
                var width = Columns.Count;
                for (var r = 0; r < count; r++) { values[r] = rows[r * width + step.A]; }
                continue;
            }
            var a = At(_values, step.A, count);
            if (RowArithmetic.IsUnary(step.Operation)) { Unary(i, a, values, _active[i] ? order : 0); }
            else { Binary(i, a, values, _active[i] ? order : 0); }
        }
    }

    void Binary(int i, ReadOnlySpan<double> a, Span<double> values, int order)
    {
        var step = _steps[i];
        var b = At(_values, step.B, values.Length);
        switch (step.Operation)
        {
            case RowOperation.Add: TensorPrimitives.Add(a, b, values); break;
            case RowOperation.Subtract: TensorPrimitives.Subtract(a, b, values); break;
            case RowOperation.Multiply: TensorPrimitives.Multiply(a, b, values); break;
            case RowOperation.Divide: TensorPrimitives.Divide(a, b, values); break;
            case RowOperation.Select:
                var c = At(_values, step.C, values.Length);
                for (var r = 0; r < values.Length; r++) { values[r] = double.IsNaN(a[r]) ? a[r] : a[r] != 0 ? b[r] : c[r]; }
                break;
            default:
                for (var r = 0; r < values.Length; r++) { values[r] = RowArithmetic.Apply(step.Operation, a[r], b[r]); }
                if (step.Operation == RowOperation.Power && order > 0) { ExpandPower(i, values.Length, order); }
                break;
        }
    }

    /// <summary>Derivatives of <c>aᵇ</c> by a; b does not depend on θ.</summary>
    void ExpandPower(int i, int count, int order)
    {
        var (a, b, first) = (_steps[i].A * Block, _steps[i].B * Block, i * Block);
        for (var r = 0; r < count; r++)
        {
            var at = Differentiation.Elementary.Pow(_values[a + r], _values[b + r]);
            _first[first + r] = at.First;
            if (order > 1) { _second[first + r] = at.Second; }
        }
    }

    void Unary(int i, ReadOnlySpan<double> a, Span<double> values, int order)
    {
        var operation = _steps[i].Operation;
        var first = order > 0 ? At(_first, i, values.Length) : default;
        var second = order > 1 ? At(_second, i, values.Length) : default;
        switch (operation)
        {
            case RowOperation.Negate:
                TensorPrimitives.Negate(a, values);
                if (order > 0) { first.Fill(-1); }
                if (order > 1) { second.Clear(); }
                break;
            case RowOperation.Square:
                TensorPrimitives.Multiply(a, a, values);
                if (order > 0) { TensorPrimitives.Add(a, a, first); }
                if (order > 1) { second.Fill(2); }
                break;
            case RowOperation.Exp:
                TensorPrimitives.Exp(a, values);
                if (order > 0) { values.CopyTo(first); }
                if (order > 1) { values.CopyTo(second); }
                break;
            case RowOperation.Log:
                TensorPrimitives.Log(a, values);
                if (order > 0) { TensorPrimitives.Reciprocal(a, first); }
                if (order > 1)
                {
                    TensorPrimitives.Multiply(first, first, second);
                    TensorPrimitives.Negate(second, second);
                }
                break;
            case RowOperation.Sqrt when order == 0: TensorPrimitives.Sqrt(a, values); break;
            case RowOperation.Sin when order == 0: TensorPrimitives.Sin(a, values); break;
            case RowOperation.Cos when order == 0: TensorPrimitives.Cos(a, values); break;
            default:
                for (var r = 0; r < values.Length; r++)
                {
                    var at = RowArithmetic.Expand(operation, a[r]);
                    values[r] = at.Value;
                    if (order > 0) { first[r] = at.First; }
                    if (order > 1) { second[r] = at.Second; }
                }
                break;
        }
    }

    /// <summary>Writes each row's gradient: the adjoints of the parameters.</summary>
    void Scatter(Span<double> gradients, int m, int count)
    {
        gradients.Clear();
        for (var i = 0; i < _steps.Length; i++)
        {
            if (_steps[i].Operation != RowOperation.Parameter || !_isNeeded[i]) { continue; }
            var adjoints = At(_adjoints, i, count);
            for (var r = 0; r < count; r++) { gradients[r * m + _steps[i].A] = adjoints[r]; }
        }
    }
}
