namespace FisherFlow.Differentiation;

/// <summary>Reverse differentiation: the history of a computation, read backwards for the gradient in all variables at once.</summary>
/// <remarks>
/// Every step keeps its partial derivatives and how they change along the direction of the variables, so that one reading gives <c>∇f</c> and <c>∇²f·v</c>
/// (forward over reverse); d readings give the Hessian. Cost: a small multiple of the function's, whatever d. Memory: 48 bytes a step, kept and reused:
/// nothing is allocated once the longest history has been seen. Threads: one at a time. Source: Griewank &amp; Walther (2008), §3.2 and §5.
/// </remarks>
public sealed class Tape
{
    Step[] _steps = new Step[64];
    double[] _adjoints = [];
    double[] _tangents = [];
    Traced[] _variables = [];
    double[] _direction = [];
    int _count;

    /// <summary>Steps recorded, variables included.</summary>
    public int Count => _count;

    /// <summary>Forgets the history and keeps the room for the next.</summary>
    public void Reset() => _count = 0;

    /// <summary>A variable; it comes before everything that is computed, and its number is its place among the variables.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="tangent">Its part of the direction v.</param>
    public Traced Variable(double value, double tangent = 0) => Push(new(-1, -1, default, default), value, tangent);

    /// <summary>The gradient and, along the direction of the variables, the Hessian's product.</summary>
    /// <param name="output">The result of the computation.</param>
    /// <param name="gradient"><c>∇f [d]</c>, d being the number of variables recorded first.</param>
    /// <param name="product"><c>∇²f·v [d]</c>; empty when it is not wanted.</param>
    public void Reverse(Traced output, Span<double> gradient, Span<double> product)
    {
        gradient.Clear();
        product.Clear();
        if (output.Tape is null) { return; }   // a constant
        if (output.Tape != this || output.Index >= _count) { throw new ArgumentException("the number is not of this tape's present history", nameof(output)); }
        if (_adjoints.Length < _count) { (_adjoints, _tangents) = (new double[_steps.Length], new double[_steps.Length]); }
        Array.Clear(_adjoints, 0, output.Index + 1);
        Array.Clear(_tangents, 0, output.Index + 1);
        _adjoints[output.Index] = 1;
        for (var i = output.Index; i >= 0; i--)
        {
            var (adjoint, tangent) = (_adjoints[i], _tangents[i]);
            if (adjoint == 0 && tangent == 0) { continue; }
            ref readonly var step = ref _steps[i];
            Pass(step.Left, step.ByLeft, adjoint, tangent);
            Pass(step.Right, step.ByRight, adjoint, tangent);
        }
        var d = Math.Min(gradient.Length, output.Index + 1);
        _adjoints.AsSpan(0, d).CopyTo(gradient);
        if (!product.IsEmpty) { _tangents.AsSpan(0, d).CopyTo(product); }
    }

    /// <summary>Value, gradient and Hessian of a function.</summary>
    /// <param name="function">The function, written over any scalar.</param>
    /// <param name="point">Where, <c>[d]</c>.</param>
    /// <param name="gradient"><c>∇f [d]</c>.</param>
    /// <param name="hessian"><c>∇²f [d, d]</c>, row by row; empty when it is not wanted.</param>
    public double Differentiate<TFunction>(TFunction function, ReadOnlySpan<double> point, Span<double> gradient, Span<double> hessian) where TFunction : IScalarFunction
    {
        var d = point.Length;
        Reserve(d);
        if (hessian.IsEmpty)
        {
            Array.Clear(_direction, 0, d);
            return Differentiate(function, point, _direction.AsSpan(0, d), gradient, default);
        }
        var value = 0.0;
        for (var j = 0; j < d; j++)
        {
            Array.Clear(_direction, 0, d);
            _direction[j] = 1;
            value = Differentiate(function, point, _direction.AsSpan(0, d), gradient, hessian.Slice(j * d, d));
        }
        return value;
    }

    /// <summary>Value, gradient and one product with the Hessian.</summary>
    /// <param name="function">The function, written over any scalar.</param>
    /// <param name="point">Where, <c>[d]</c>.</param>
    /// <param name="direction">v <c>[d]</c>.</param>
    /// <param name="gradient"><c>∇f [d]</c>.</param>
    /// <param name="product"><c>∇²f·v [d]</c>; empty when it is not wanted.</param>
    public double Differentiate<TFunction>(TFunction function, ReadOnlySpan<double> point, ReadOnlySpan<double> direction, Span<double> gradient, Span<double> product)
        where TFunction : IScalarFunction
    {
        Reserve(point.Length);
        Reset();
        for (var i = 0; i < point.Length; i++) { _variables[i] = Variable(point[i], direction[i]); }
        var output = function.At<Traced>(_variables.AsSpan(0, point.Length));
        Reverse(output, gradient, product);
        return output.Value;
    }

    internal static Traced Record(Traced left, Traced right, double value, double tangent, Partial byLeft, Partial byRight)
    {
        var tape = left.Tape ?? right.Tape;
        return tape is null ? value : tape.Push(new(left.Index, right.Index, byLeft, byRight), value, tangent);
    }

    Traced Push(Step step, double value, double tangent)
    {
        if (_count == _steps.Length) { Array.Resize(ref _steps, 2 * _count); }
        _steps[_count] = step;
        return new(this, _count++, value, tangent);
    }

    void Pass(int to, Partial by, double adjoint, double tangent)
    {
        if (to < 0) { return; }
        _adjoints[to] += adjoint * by.Value;
        _tangents[to] += tangent * by.Value + adjoint * by.Tangent;
    }

    void Reserve(int variables)
    {
        if (_variables.Length >= variables) { return; }
        (_variables, _direction) = (new Traced[variables], new double[variables]);
    }

    /// <summary>A partial derivative and its own derivative along the direction.</summary>
    internal readonly record struct Partial(double Value, double Tangent);

    readonly record struct Step(int Left, int Right, Partial ByLeft, Partial ByRight);
}
