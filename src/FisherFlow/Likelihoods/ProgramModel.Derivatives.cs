using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FisherFlow.Likelihoods;

/// <summary>The program read backwards, for gradients; and its tangents along each parameter, for second derivatives.</summary>
sealed partial class ProgramModel
{
    /// <summary>Adjoints of all steps, from one (or a weight) at the root.</summary>
    void Reverse(int count, ReadOnlySpan<double> weights)
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            if (_active[i]) { At(_adjoints, i, count).Clear(); }
        }
        if (!_active[_root]) { return; }
        if (weights.IsEmpty) { At(_adjoints, _root, count).Fill(1); } else { weights.CopyTo(At(_adjoints, _root, count)); }
        for (var i = _root; i >= 0; i--)
        {
            if (_active[i] && _isNeeded[i]) { Pass(i, count, _adjoints); }
        }
    }

    /// <summary>Passes a step's adjoint to the steps that it reads.</summary>
    void Pass(int i, int count, double[] adjoints)
    {
        var step = _steps[i];
        if (step.Operation <= RowOperation.Parameter) { return; }
        var adjoint = At(adjoints, i, count);
        var (isA, isB) = (_active[step.A], step.B >= 0 && _active[step.B]);
        switch (step.Operation)
        {
            case RowOperation.Add:
                if (isA) { Add(At(adjoints, step.A, count), adjoint); }
                if (isB) { Add(At(adjoints, step.B, count), adjoint); }
                break;
            case RowOperation.Subtract:
                if (isA) { Add(At(adjoints, step.A, count), adjoint); }
                if (isB) { Subtract(At(adjoints, step.B, count), adjoint); }
                break;
            case RowOperation.Multiply:
                if (isA) { AddProduct(At(adjoints, step.A, count), adjoint, At(_values, step.B, count)); }
                if (isB) { AddProduct(At(adjoints, step.B, count), adjoint, At(_values, step.A, count)); }
                break;
            case RowOperation.Divide:
                if (isA) { AddProduct(At(adjoints, step.A, count), adjoint, Reciprocal(step.B, count)); }
                if (isB)
                {
                    var part = _scratch.AsSpan(0, count);
                    TensorPrimitives.Negate(At(_values, i, count), part);
                    TensorPrimitives.Divide(part, At(_values, step.B, count), part);
                    AddProduct(At(adjoints, step.B, count), adjoint, part);
                }
                break;
            case RowOperation.Minimum or RowOperation.Maximum or RowOperation.Select:
                PassChoice(step, count, adjoints, adjoint);
                break;
            default:
                AddProduct(At(adjoints, step.A, count), adjoint, At(_first, i, count));
                break;
        }
    }

    ReadOnlySpan<double> Reciprocal(int step, int count)
    {
        var result = _scratch.AsSpan(0, count);
        TensorPrimitives.Reciprocal(At(_values, step, count), result);
        return result;
    }

    void PassChoice(LikelihoodProgram.Step step, int count, double[] adjoints, ReadOnlySpan<double> adjoint)
    {
        var a = At(_values, step.A, count);
        var b = At(_values, step.B, count);
        for (var r = 0; r < count; r++)
        {
            var taken = step.Operation switch
            {
                RowOperation.Select => a[r] != 0 ? step.B : step.C,
                RowOperation.Minimum => b[r] < a[r] ? step.B : step.A,
                _ => b[r] > a[r] ? step.B : step.A,
            };
            if (_active[taken]) { adjoints[taken * Block + r] += adjoint[r]; }
        }
    }

    /// <summary>Adds a row of the weighted Hessian: the tangents along a parameter forwards, then those of the adjoints backwards.</summary>
    void AddHessianRow(int parameter, int count, Span<double> row)
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            if (!_active[i] || !_isNeeded[i]) { continue; }
            At(_turns, i, count).Clear();
            Tangent(i, parameter, count);
        }
        for (var i = _root; i >= 0; i--)
        {
            if (!_active[i] || !_isNeeded[i]) { continue; }
            Pass(i, count, _turns);
            PassTurn(i, count);
            if (_steps[i].Operation == RowOperation.Parameter) { row[_steps[i].A] += TensorPrimitives.Sum<double>(At(_turns, i, count)); }
        }
    }

    /// <summary>The derivative of an active step along a parameter.</summary>
    void Tangent(int i, int parameter, int count)
    {
        var step = _steps[i];
        var tangent = At(_tangents, i, count);
        tangent.Clear();
        if (step.Operation == RowOperation.Parameter)
        {
            if (step.A == parameter) { tangent.Fill(1); }
            return;
        }
        var (isA, isB) = (_active[step.A], step.B >= 0 && _active[step.B]);
        switch (step.Operation)
        {
            case RowOperation.Add:
                if (isA) { Add(tangent, At(_tangents, step.A, count)); }
                if (isB) { Add(tangent, At(_tangents, step.B, count)); }
                break;
            case RowOperation.Subtract:
                if (isA) { Add(tangent, At(_tangents, step.A, count)); }
                if (isB) { Subtract(tangent, At(_tangents, step.B, count)); }
                break;
            case RowOperation.Multiply:
                if (isA) { AddProduct(tangent, At(_tangents, step.A, count), At(_values, step.B, count)); }
                if (isB) { AddProduct(tangent, At(_tangents, step.B, count), At(_values, step.A, count)); }
                break;
            case RowOperation.Divide:
                if (isA) { Add(tangent, At(_tangents, step.A, count)); }
                if (isB)
                {
                    var part = _scratch.AsSpan(0, count);
                    TensorPrimitives.Negate(At(_values, i, count), part);
                    AddProduct(tangent, At(_tangents, step.B, count), part);
                }
                Scale(tangent, Reciprocal(step.B, count));
                break;
            case RowOperation.Minimum or RowOperation.Maximum or RowOperation.Select:
                var a = At(_values, step.A, count);
                var b = At(_values, step.B, count);
                for (var r = 0; r < count; r++)
                {
                    var taken = step.Operation switch
                    {
                        RowOperation.Select => a[r] != 0 ? step.B : step.C,
                        RowOperation.Minimum => b[r] < a[r] ? step.B : step.A,
                        _ => b[r] > a[r] ? step.B : step.A,
                    };
                    tangent[r] = _active[taken] ? _tangents[taken * Block + r] : 0;
                }
                break;
            default:
                AddProduct(tangent, At(_tangents, step.A, count), At(_first, i, count));
                break;
        }
    }

    /// <summary>What the adjoints gain because the partial derivatives themselves turn along the tangent.</summary>
    void PassTurn(int i, int count)
    {
        var step = _steps[i];
        var adjoint = At(_adjoints, i, count);
        var part = _other.AsSpan(0, count);
        switch (step.Operation)
        {
            case RowOperation.Multiply when _active[step.A] && _active[step.B]:
                AddProduct(At(_turns, step.A, count), adjoint, At(_tangents, step.B, count));
                AddProduct(At(_turns, step.B, count), adjoint, At(_tangents, step.A, count));
                break;
            case RowOperation.Divide when _active[step.B]:
                // ∂q/∂a = 1/b turns by −b′/b², ∂q/∂b = −q/b by (q b′/b − q′)/b
                var reciprocal = Reciprocal(step.B, count);
                if (_active[step.A])
                {
                    TensorPrimitives.Multiply(At(_tangents, step.B, count), reciprocal, part);
                    TensorPrimitives.Multiply(part, reciprocal, part);
                    TensorPrimitives.Negate(part, part);
                    AddProduct(At(_turns, step.A, count), adjoint, part);
                }
                TensorPrimitives.Multiply(At(_values, i, count), At(_tangents, step.B, count), part);
                TensorPrimitives.Multiply(part, reciprocal, part);
                TensorPrimitives.Subtract(part, At(_tangents, i, count), part);
                TensorPrimitives.Multiply(part, reciprocal, part);
                AddProduct(At(_turns, step.B, count), adjoint, part);
                break;
            case >= RowOperation.Negate or RowOperation.Power:
                TensorPrimitives.Multiply(At(_second, i, count), At(_tangents, step.A, count), part);
                AddProduct(At(_turns, step.A, count), adjoint, part);
                break;
            default:
                break;
        }
    }

    static void Add(Span<double> sum, ReadOnlySpan<double> x) => TensorPrimitives.Add(sum, x, sum);

    static void Subtract(Span<double> sum, ReadOnlySpan<double> x) => TensorPrimitives.Subtract(sum, x, sum);

    static void Scale(Span<double> sum, ReadOnlySpan<double> x)
    {
        for (var r = 0; r < sum.Length; r++) { sum[r] = sum[r] == 0 ? 0 : sum[r] * x[r]; }
    }

    /// <summary><c>sum ← sum + x·y</c>, where x = 0 takes nothing even if y is not finite: a branch that was not taken has no say.</summary>
    static void AddProduct(Span<double> sum, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sums = MemoryMarshal.Cast<double, Vector256<double>>(sum);
        var xs = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var ys = MemoryMarshal.Cast<double, Vector256<double>>(y);
        for (var v = 0; v < sums.Length; v++)
        {
            var product = Vector256.AndNot(xs[v] * ys[v], Vector256.Equals(xs[v], Vector256<double>.Zero));
            sums[v] += product;
        }
        for (var r = 4 * sums.Length; r < sum.Length; r++) { sum[r] += x[r] == 0 ? 0 : x[r] * y[r]; }
    }
}
