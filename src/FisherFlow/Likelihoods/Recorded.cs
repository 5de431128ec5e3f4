using FisherFlow.Differentiation;

namespace FisherFlow.Likelihoods;

/// <summary>A number that has no value yet: what is done with it is written down by a <see cref="Recorder"/>, to be done later for many rows at once.</summary>
/// <remarks>Constants are plain numbers until they meet one that depends on the parameters. Asking such a one for its value, as a branch does, ends the recording.</remarks>
readonly struct Recorded : IScalar<Recorded>
{
    readonly Recorder? _recorder;
    readonly double _number;   // of a constant its value, else the step in its bits

    Recorded(Recorder? recorder, double number) => (_recorder, _number) = (recorder, number);

    /// <summary>A parameter, which is the step of its own number.</summary>
    public static Recorded Parameter(Recorder recorder, int index) => Step(recorder, index);

    public double Value => _recorder is null ? _number : throw new NotRecordableException();

    /// <summary>The step that gives the number.</summary>
    public int IndexIn(Recorder recorder) => _recorder is null ? recorder.Constant(_number) : (int)BitConverter.DoubleToInt64Bits(_number);

    public static implicit operator Recorded(double value) => new(null, value);

    public static Recorded operator +(Recorded left, Recorded right) => Apply(RowOperation.Add, left, right);

    public static Recorded operator -(Recorded left, Recorded right) => Apply(RowOperation.Subtract, left, right);

    public static Recorded operator *(Recorded left, Recorded right) => Apply(RowOperation.Multiply, left, right);

    public static Recorded operator /(Recorded left, Recorded right) => Apply(RowOperation.Divide, left, right);

    public static Recorded operator -(Recorded left, double right) => Apply(RowOperation.Subtract, left, right);

    public static Recorded operator -(double left, Recorded right) => Apply(RowOperation.Subtract, left, right);

    public static Recorded operator -(Recorded value) => Apply(RowOperation.Negate, value);

    /// <summary>Of constants only: others have no value to expand a function at.</summary>
    public static Recorded Chain(Recorded x, double value, double first, double second) => x._recorder is null ? value : throw new NotRecordableException();

    public static Recorded Max(Recorded x, Recorded y) => Apply(RowOperation.Maximum, x, y);

    public static Recorded Min(Recorded x, Recorded y) => Apply(RowOperation.Minimum, x, y);

    public static Recorded Abs(Recorded x) => Apply(RowOperation.Abs, x);

    public static Recorded Exp(Recorded x) => Apply(RowOperation.Exp, x);

    public static Recorded ExpM1(Recorded x) => Apply(RowOperation.ExpM1, x);

    public static Recorded Log(Recorded x) => Apply(RowOperation.Log, x);

    public static Recorded Log1P(Recorded x) => Apply(RowOperation.Log1P, x);

    public static Recorded Sqrt(Recorded x) => Apply(RowOperation.Sqrt, x);

    public static Recorded Square(Recorded x) => Apply(RowOperation.Square, x);

    public static Recorded Pow(Recorded x, double exponent) => Apply(RowOperation.Power, x, exponent);

    public static Recorded Pow(Recorded x, Recorded exponent) => Apply(RowOperation.Power, x, exponent);

    public static Recorded Sin(Recorded x) => Apply(RowOperation.Sin, x);

    public static Recorded Cos(Recorded x) => Apply(RowOperation.Cos, x);

    public static Recorded Tan(Recorded x) => Apply(RowOperation.Tan, x);

    public static Recorded Asin(Recorded x) => Apply(RowOperation.Asin, x);

    public static Recorded Acos(Recorded x) => Apply(RowOperation.Acos, x);

    public static Recorded Atan(Recorded x) => Apply(RowOperation.Atan, x);

    public static Recorded Sinh(Recorded x) => Apply(RowOperation.Sinh, x);

    public static Recorded Cosh(Recorded x) => Apply(RowOperation.Cosh, x);

    public static Recorded Tanh(Recorded x) => Apply(RowOperation.Tanh, x);

    public static Recorded Logistic(Recorded x) => Apply(RowOperation.Logistic, x);

    public static Recorded SoftPlus(Recorded x) => Apply(RowOperation.SoftPlus, x);

    public static Recorded LogOneMinusExp(Recorded x) => Apply(RowOperation.LogOneMinusExp, x);

    /// <summary>The larger and <c>log(1 + e^−distance)</c>, but the other one where one is −∞: without a branch, as values are not known.</summary>
    public static Recorded LogSumExp(Recorded x, Recorded y)
    {
        if (x._recorder is null && double.IsNegativeInfinity(x._number)) { return y; }
        if (y._recorder is null && double.IsNegativeInfinity(y._number)) { return x; }
        var sum = Max(x, y) + SoftPlus(-Abs(x - y));
        var either = Select(Apply(RowOperation.Equal, y, double.NegativeInfinity), x, sum);
        return Select(Apply(RowOperation.Equal, x, double.NegativeInfinity), y, either);
    }

    public static Recorded LogGamma(Recorded x) => Apply(RowOperation.LogGamma, x);

    public static Recorded Digamma(Recorded x) => Apply(RowOperation.Digamma, x);

    public static Recorded Trigamma(Recorded x) => Apply(RowOperation.Trigamma, x);

    public static Recorded Erf(Recorded x) => Apply(RowOperation.Erf, x);

    public static Recorded Erfc(Recorded x) => Apply(RowOperation.Erfc, x);

    public static Recorded NormalCdf(Recorded x) => Apply(RowOperation.NormalCdf, x);

    public static Recorded LogNormalCdf(Recorded x) => Apply(RowOperation.LogNormalCdf, x);

    public static Recorded LogBesselI0(Recorded x) => Apply(RowOperation.LogBesselI0, x);

    static Recorded Step(Recorder recorder, int index) => new(recorder, BitConverter.Int64BitsToDouble(index));

    static Recorded Apply(RowOperation operation, Recorded x) =>
        x._recorder is { } recorder ? Step(recorder, recorder.Push(operation, x.IndexIn(recorder))) : RowArithmetic.Value(operation, x._number);

    static Recorded Apply(RowOperation operation, Recorded x, Recorded y)
    {
        if ((x._recorder ?? y._recorder) is not { } recorder) { return RowArithmetic.Apply(operation, x._number, y._number); }
        var (a, b) = (x.IndexIn(recorder), y.IndexIn(recorder));
        return Step(recorder, recorder.Push(operation, a, b));
    }

    static Recorded Select(Recorded condition, Recorded x, Recorded y)
    {
        if ((condition._recorder ?? x._recorder ?? y._recorder) is not { } recorder) { return RowArithmetic.Apply(RowOperation.Select, condition._number, x._number, y._number); }
        var (a, b, c) = (condition.IndexIn(recorder), x.IndexIn(recorder), y.IndexIn(recorder));
        return Step(recorder, recorder.Push(RowOperation.Select, a, b, c));
    }
}
