using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Tests.Design;

namespace FisherFlow.Tests.Formulas;

public sealed class RowProgramTests
{
    /// <summary>Every expression with its value in C#; the operations are the same, so the bits are.</summary>
    public static TheoryData<string, double> Expected()
    {
        const double X = 2.75, Z = -1.5;
        return new()
        {
            { "I(x + z)", X + Z },
            { "I(x - z - 1)", X - Z - 1 },
            { "I(x - (z - 1))", X - (Z - 1) },
            { "I(x * z / 3)", X * Z / 3 },
            { "I(x / -z * 3)", X / -Z * 3 },
            { "I(-x^2)", -(X * X) },
            { "I((-x)^2)", X * X },
            { "I(2^x^2)", Math.Pow(2, X * X) },
            { "I(x^-1)", Math.Pow(X, -1) },
            { "I(x^3 + 2 * z^2)", Math.Pow(X, 3) + (2 * (Z * Z)) },
            { "I(1 + 2 * x - z / 4 + 1e-3)", 1 + (2 * X) - (Z / 4) + 1e-3 },
            { "log(x)", Math.Log(X) },
            { "log(x + abs(z))", Math.Log(X + Math.Abs(Z)) },
            { "log2(x)", Math.Log2(X) },
            { "log10(x)", Math.Log10(X) },
            { "exp(z)", Math.Exp(Z) },
            { "sqrt(x)", Math.Sqrt(X) },
            { "sin(x)", Math.Sin(X) },
            { "cos(x * 2)", Math.Cos(X * 2) },
            { "I(log(I(x)))", Math.Log(X) },
            { "(x > 2)", 1 },
            { "(x <= 2)", 0 },
            { "(x >= 2.75)", 1 },
            { "(x < z)", 0 },
            { "(x == 2.75)", 1 },
            { "(x != 2.75)", 0 },
            { "I(x > 2 & z > 0)", 0 },
            { "I(x > 2 | z > 0)", 1 },
            { "I(!x > 2)", 0 },
            { "I(!(x > 2) | z < 0 & x > 1)", 1 },
            { "I(x * (z < 0))", X },
            { "I(flag + 1)", 2 },
            { "I(!flag)", 0 },
            { "I(origin == \"ATL\")", 1 },
            { "I(\"ATL\" != origin)", 0 },
            { "I(origin == 'JFK' | origin == 'LAX')", 0 },
            { "hour(date)", 23 },
            { "weekday(date)", 7 },
            { "month(date)", 4 },
            { "I(hour(date) >= 6 & weekday(date) > 5)", 1 },
        };
    }

    [Theory, MemberData(nameof(Expected))]
    public void Arithmetic_is_that_of_C_sharp(string expression, double value)
    {
        using var encoding = Encoding.Of($"y ~ {expression} - 1", "y,x,z,flag,origin,date\n1,2.75,-1.5,true,ATL,2001-04-01 23:05\n2,1,1,false,JFK,2001-04-02\n");

        Assert.Equal(value, encoding.Value(0, 0));
        Assert.Equal(2, encoding.Block.Count);
    }

    [Theory]
    [InlineData("log1p(x)", 1e-15, 9.999999999999995e-16)]   // x − x²/2
    [InlineData("expm1(x)", 1e-15, 1.0000000000000005e-15)]  // x + x²/2
    [InlineData("log1p(x)", 1e15, 34.538776394910684)]       // log(1e15) + 1e-15
    public void Small_arguments_lose_no_digits(string expression, double x, double value)
    {
        using var encoding = Encoding.Of($"y ~ {expression} - 1", $"y,x\n1,{x:R}\n");

        // two roundings of relative size 2⁻⁵³ each
        Assert.InRange(encoding.Value(0, 0), value * (1 - 4e-16), value * (1 + 4e-16));
    }

    [Theory]
    [InlineData("log(x)")]
    [InlineData("sqrt(x)")]
    [InlineData("I(1 / (x + 1))")]
    [InlineData("I(sqrt(x) > 1)")]
    [InlineData("I(sqrt(x) > 1 & z > 0)")]
    [InlineData("I(!sqrt(x))")]
    [InlineData("C(log(x))")]
    [InlineData("z + offset(log(x))")]
    [InlineData("z:log(x)")]
    public void What_is_undefined_rejects_the_row(string expression)
    {
        using var encoding = Encoding.Of($"y ~ {expression}", "y,z,x\n1,1,4\n2,1,-1\n");

        Assert.Equal(1, encoding.Block.Count);
        Assert.Equal((FisherFlow.Data.Sources.RejectionReason.NotFinite, 2, "-1"), (encoding.Rejections[0].Reason, encoding.Rejections[0].Column, encoding.Rejections[0].Text));
    }

    [Fact]
    public void What_does_not_matter_may_be_undefined()
    {
        using var encoding = Encoding.Of("y ~ I(z > 5 & sqrt(x) > 1) + I(z < 5 | sqrt(x) > 1)", "y,z,x\n1,1,-4\n");

        Assert.Equal("(Intercept)=1 I(z < 5 | sqrt(x) > 1)=1", encoding.Row(0));
    }

    [Fact]
    public void A_program_allocates_nothing()
    {
        var inputs = new RowInputs();
        var program = new RowProgram([new(Operation.Input, inputs.Number("x")), new(Operation.Constant, Constant: 2), new(Operation.Power), new(Operation.Log)]);
        double[] values = [3];
        var sum = program.Evaluate(values);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) { sum += program.Evaluate(values); }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(Math.Log(9), program.Evaluate(values));
    }
}
