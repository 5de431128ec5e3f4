using FisherFlow.Likelihoods;

namespace FisherFlow.Data.Expressions;

/// <summary>The functions of expressions with parameters: what each computes and how many arguments it takes.</summary>
static class ExpressionFunctions
{
    /// <summary>All names, for messages.</summary>
    public const string Legal = "exp, log, log2, log10, log1p, expm1, sqrt, abs, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, plogis, log1pexp, lgamma, digamma, lbeta, lfactorial, lchoose, erf, erfc, pnorm, log_pnorm, log_besselI0, logaddexp, pow, min, max, ifelse and, of dates, hour, weekday, month";

    /// <summary>A function that is one operation.</summary>
    public static RowOperation? Unary(string name) => name switch
    {
        "exp" => RowOperation.Exp,
        "expm1" => RowOperation.ExpM1,
        "log" => RowOperation.Log,
        "log1p" => RowOperation.Log1P,
        "sqrt" => RowOperation.Sqrt,
        "abs" => RowOperation.Abs,
        "sin" => RowOperation.Sin,
        "cos" => RowOperation.Cos,
        "tan" => RowOperation.Tan,
        "asin" => RowOperation.Asin,
        "acos" => RowOperation.Acos,
        "atan" => RowOperation.Atan,
        "sinh" => RowOperation.Sinh,
        "cosh" => RowOperation.Cosh,
        "tanh" => RowOperation.Tanh,
        "plogis" => RowOperation.Logistic,
        "log1pexp" => RowOperation.SoftPlus,
        "lgamma" => RowOperation.LogGamma,
        "digamma" => RowOperation.Digamma,
        "erf" => RowOperation.Erf,
        "erfc" => RowOperation.Erfc,
        "pnorm" => RowOperation.NormalCdf,
        "log_pnorm" => RowOperation.LogNormalCdf,
        "log_besselI0" => RowOperation.LogBesselI0,
        _ => null,
    };

    /// <summary>Arguments that a function takes, fewest and most; null for one that does not exist.</summary>
    public static (int Fewest, int Most)? Arity(string name) => name switch
    {
        _ when Unary(name) is not null => (1, 1),
        "log2" or "log10" or "lfactorial" or "I" => (1, 1),
        "pow" or "lbeta" or "lchoose" or "logaddexp" => (2, 2),
        "min" or "max" => (2, 16),
        "ifelse" or "if" => (3, 3),
        _ => null,
    };

    /// <summary>Builds a function of several operations from its arguments' steps.</summary>
    public static int Build(LikelihoodProgram program, string name, int[] arguments)
    {
        if (Unary(name) is { } operation) { return program.Apply(operation, arguments[0]); }
        var (a, b) = (arguments[0], arguments.Length > 1 ? arguments[1] : -1);
        return name switch
        {
            "I" => a,
            "log2" => program.Apply(RowOperation.Divide, program.Apply(RowOperation.Log, a), program.Constant(Math.Log(2))),
            "log10" => program.Apply(RowOperation.Divide, program.Apply(RowOperation.Log, a), program.Constant(Math.Log(10))),
            "lfactorial" => LogFactorial(program, a),
            "lbeta" => program.Apply(RowOperation.Subtract, program.Apply(RowOperation.Add, program.Apply(RowOperation.LogGamma, a), program.Apply(RowOperation.LogGamma, b)),
                program.Apply(RowOperation.LogGamma, program.Apply(RowOperation.Add, a, b))),
            "lchoose" => program.Apply(RowOperation.Subtract, LogFactorial(program, a), program.Apply(RowOperation.Add, LogFactorial(program, b), LogFactorial(program, program.Apply(RowOperation.Subtract, a, b)))),
            "pow" => program.Apply(RowOperation.Power, a, b),
            "logaddexp" => LogAddExp(program, a, b),
            "ifelse" or "if" => program.Apply(RowOperation.Select, a, b, arguments[2]),
            "min" => arguments.Aggregate((x, y) => program.Apply(RowOperation.Minimum, x, y)),
            "max" => arguments.Aggregate((x, y) => program.Apply(RowOperation.Maximum, x, y)),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "there is no such function"),
        };
    }

    static int LogFactorial(LikelihoodProgram program, int n) => program.Apply(RowOperation.LogGamma, program.Apply(RowOperation.Add, n, program.Constant(1)));

    /// <summary>The larger, and <c>log(1 + e^−distance)</c>.</summary>
    static int LogAddExp(LikelihoodProgram program, int a, int b)
    {
        var distance = program.Apply(RowOperation.Abs, program.Apply(RowOperation.Subtract, a, b));
        return program.Apply(RowOperation.Add, program.Apply(RowOperation.Maximum, a, b), program.Apply(RowOperation.SoftPlus, program.Apply(RowOperation.Negate, distance)));
    }
}
