using System.Globalization;

namespace FisherFlow.Data.Formulas;

/// <summary>A step of a row program: pushes a value, or replaces the top one or two values by a result.</summary>
enum Operation
{
    Input,
    Constant,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    And,
    Or,
    Not,
    Negate,
    Log,
    Log2,
    Log10,
    Log1p,
    Exp,
    Expm1,
    Sqrt,
    Abs,
    Sin,
    Cos,
}

/// <summary>One step: an operation with the input it reads or the constant it pushes.</summary>
readonly record struct Instruction(Operation Operation, int Input = 0, double Constant = 0);

/// <summary>An expression of a formula, compiled to a flat postfix program over a row's numbers.</summary>
/// <remarks>Truth is 1 and 0; any number but 0 is true. Allocates nothing. Not to be shared between threads: the stack is its own.</remarks>
sealed class RowProgram
{
    readonly Instruction[] _instructions;
    readonly double[] _stack;
    readonly int _onlyInput;

    public RowProgram(IReadOnlyList<Instruction> instructions)
    {
        _instructions = [.. instructions];
        var (height, highest) = (0, 0);
        foreach (var instruction in _instructions)
        {
            height += instruction.Operation switch
            {
                Operation.Input or Operation.Constant => 1,
                >= Operation.Not => 0,
                _ => -1,
            };
            highest = Math.Max(highest, height);
        }
        _stack = new double[highest];
        _onlyInput = _instructions is [{ Operation: Operation.Input } only] ? only.Input : -1;
        FirstInput = _instructions.FirstOrDefault(instruction => instruction.Operation == Operation.Input, new(Operation.Input, -1)).Input;
    }

    /// <summary>The first input that the program reads, or −1; what a message about its value points at.</summary>
    public int FirstInput { get; }

    /// <summary>The input whose value is the program's, or −1 when it computes something.</summary>
    public int OnlyInput => _onlyInput;

    /// <summary>The program's value at <paramref name="inputs"/> <c>[inputs]</c>; may be NaN or infinite, as the arithmetic gives it.</summary>
    public double Evaluate(ReadOnlySpan<double> inputs)
    {
        if (_onlyInput >= 0) { return inputs[_onlyInput]; }
        var stack = _stack;
        var top = -1;
        foreach (ref readonly var step in _instructions.AsSpan())
        {
            switch (step.Operation)
            {
                case Operation.Input: stack[++top] = inputs[step.Input]; break;
                case Operation.Constant: stack[++top] = step.Constant; break;
                case >= Operation.Not: stack[top] = Apply(step.Operation, stack[top]); break;
                default:
                    top--;
                    stack[top] = Apply(step.Operation, stack[top], stack[top + 1]);
                    break;
            }
        }
        return stack[0];
    }

    static double Apply(Operation operation, double a, double b) => operation switch
    {
        Operation.Add => a + b,
        Operation.Subtract => a - b,
        Operation.Multiply => a * b,
        Operation.Divide => a / b,
        Operation.Power => b == 2 ? a * a : Math.Pow(a, b),   // as R: the square is one multiplication, exact to the last bit
        Operation.And => a == 0 || b == 0 ? 0 : Truth(a, b, true),
        Operation.Or => IsTrue(a) || IsTrue(b) ? 1 : Truth(a, b, false),
        Operation.Less => Truth(a, b, a < b),
        Operation.LessOrEqual => Truth(a, b, a <= b),
        Operation.Greater => Truth(a, b, a > b),
        Operation.GreaterOrEqual => Truth(a, b, a >= b),
        Operation.Equal => Truth(a, b, a == b),
        Operation.NotEqual => Truth(a, b, a != b),
        _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{operation} is no operation of two numbers")),
    };

    static double Apply(Operation operation, double a) => operation switch
    {
        Operation.Not => Truth(a, a, a == 0),
        Operation.Negate => -a,
        Operation.Log => Math.Log(a),
        Operation.Log2 => Math.Log2(a),
        Operation.Log10 => Math.Log10(a),
        Operation.Log1p => LogOnePlus(a),
        Operation.Exp => Math.Exp(a),
        Operation.Expm1 => ExpMinusOne(a),
        Operation.Sqrt => Math.Sqrt(a),
        Operation.Abs => Math.Abs(a),
        Operation.Sin => Math.Sin(a),
        Operation.Cos => Math.Cos(a),
        _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{operation} is no operation of one number")),
    };

    /// <summary>What is undefined stays undefined, so that <c>I(sqrt(x) > 1)</c> rejects a negative x and does not call it small; as R's NA.</summary>
    static double Truth(double a, double b, bool holds) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : holds ? 1 : 0;

    /// <summary>log(1 + x) without cancellation: the error of 1 + x is divided out (Kahan; Higham 2002, §1.14.1).</summary>
    static double LogOnePlus(double x)
    {
        var u = 1 + x;
        return u == 1 || double.IsInfinity(u) ? x : Math.Log(u) * x / (u - 1);
    }

    /// <summary>eˣ − 1 without cancellation, by the same device.</summary>
    static double ExpMinusOne(double x)
    {
        var u = Math.Exp(x);
        if (u == 1) { return x; }
        return u - 1 == -1 || double.IsInfinity(u) ? u - 1 : (u - 1) * x / Math.Log(u);
    }

    static bool IsTrue(double a) => a != 0 && !double.IsNaN(a);
}
