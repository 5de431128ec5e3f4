namespace FisherFlow.Data.Formulas;

/// <summary>The functions of formulas: what each computes, and why some that R has are refused.</summary>
static class Functions
{
    public const string Legal = "log, log2, log10, log1p, exp, expm1, sqrt, abs, sin, cos, hour, weekday, month, I, C, pair, hash, offset and, on the left, cbind and Surv";

    /// <summary>Functions of one number.</summary>
    public static Operation? Numeric(string name) => name switch
    {
        "log" => Operation.Log,
        "log2" => Operation.Log2,
        "log10" => Operation.Log10,
        "log1p" => Operation.Log1p,
        "exp" => Operation.Exp,
        "expm1" => Operation.Expm1,
        "sqrt" => Operation.Sqrt,
        "abs" => Operation.Abs,
        "sin" => Operation.Sin,
        "cos" => Operation.Cos,
        _ => null,
    };

    /// <summary>Functions of a date column.</summary>
    public static DatePart? Date(string name) => name switch
    {
        "hour" => DatePart.Hour,
        "weekday" => DatePart.Weekday,
        "month" => DatePart.Month,
        _ => null,
    };

    public static bool IsFactor(string name) => name is "C" or "factor";

    /// <summary>What to say of a function that is not one of ours.</summary>
    public static string Refuse(string name)
    {
        var instead = name switch
        {
            "poly" => "write powers: x + I(x^2) + I(x^3)",
            "scale" or "center" or "standardize" => "write the numbers you know: I((x - 10) / 2)",
            "bs" or "ns" or "rcs" or "s" or "te" or "ti" or "lo" or "spline" or "mSpline" or "iSpline" => "write a spline with knots that you choose: x + I((x > 3) * (x - 3))",
            "cut" or "ntile" or "quantcut" => "write limits that you choose: I(x > 3) + I(x > 7)",
            "mean" or "median" or "sd" or "var" or "min" or "max" or "sum" or "quantile" or "range" or "length" => "write its value as a number",
            "rank" or "order" or "cumsum" or "lag" or "diff" or "ave" or "relevel" or "reorder" => "add such a column to the data",
            _ => null,
        };
        return instead is null
            ? $"there is no function '{name}'; legal are {Legal}"
            : $"{name}() needs the whole data set before the first row can be encoded, so it cannot be fitted as a stream; {instead}";
    }
}

/// <summary>What a formula may ask of a date.</summary>
enum DatePart
{
    /// <summary>0 … 23.</summary>
    Hour,
    /// <summary>1 = Monday … 7 = Sunday.</summary>
    Weekday,
    /// <summary>1 … 12.</summary>
    Month,
}
