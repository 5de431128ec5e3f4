namespace FisherFlow.Likelihoods;

/// <summary>What a step of a row program does with the steps before it.</summary>
public enum RowOperation
{
    /// <summary>A number.</summary>
    Constant,
    /// <summary>A number of the row.</summary>
    Column,
    /// <summary>A component of θ.</summary>
    Parameter,

    /// <summary><c>a + b</c>.</summary>
    Add,
    /// <summary><c>a − b</c>.</summary>
    Subtract,
    /// <summary><c>a · b</c>.</summary>
    Multiply,
    /// <summary><c>a / b</c>.</summary>
    Divide,
    /// <summary><c>aᵇ</c>; where b depends on θ, a is positive, or 0 with b &gt; 0: then the derivative in b is its limit 0.</summary>
    Power,
    /// <summary>The smaller.</summary>
    Minimum,
    /// <summary>The larger.</summary>
    Maximum,
    /// <summary>1 where <c>a &lt; b</c>, else 0; this and the other truths have no derivative.</summary>
    Less,
    /// <summary><c>a ≤ b</c>.</summary>
    LessOrEqual,
    /// <summary><c>a = b</c>.</summary>
    Equal,
    /// <summary>Whether both are true, that is not 0.</summary>
    And,
    /// <summary>Whether one is true.</summary>
    Or,
    /// <summary>b where a is true, else c.</summary>
    Select,

    /// <summary><c>−a</c>; the first operation of one number.</summary>
    Negate,
    /// <summary>1 where a is 0, else 0.</summary>
    Not,
    /// <summary><c>|a|</c>.</summary>
    Abs,
    /// <summary><c>a²</c>.</summary>
    Square,
    /// <summary><c>eᵃ</c>.</summary>
    Exp,
    /// <summary><c>eᵃ − 1</c>.</summary>
    ExpM1,
    /// <summary><c>log a</c>.</summary>
    Log,
    /// <summary><c>log(1 + a)</c>.</summary>
    Log1P,
    /// <summary><c>√a</c>.</summary>
    Sqrt,
    /// <summary><c>sin a</c>.</summary>
    Sin,
    /// <summary><c>cos a</c>.</summary>
    Cos,
    /// <summary><c>tan a</c>.</summary>
    Tan,
    /// <summary><c>arcsin a</c>.</summary>
    Asin,
    /// <summary><c>arccos a</c>.</summary>
    Acos,
    /// <summary><c>arctan a</c>.</summary>
    Atan,
    /// <summary><c>sinh a</c>.</summary>
    Sinh,
    /// <summary><c>cosh a</c>.</summary>
    Cosh,
    /// <summary><c>tanh a</c>.</summary>
    Tanh,
    /// <summary><c>1/(1 + e⁻ᵃ)</c>.</summary>
    Logistic,
    /// <summary><c>log(1 + eᵃ)</c>.</summary>
    SoftPlus,
    /// <summary><c>log Γ(a)</c>.</summary>
    LogGamma,
    /// <summary><c>ψ(a)</c>.</summary>
    Digamma,
    /// <summary>The error function.</summary>
    Erf,
    /// <summary>One less the error function.</summary>
    Erfc,
    /// <summary><c>Φ(a)</c>.</summary>
    NormalCdf,
    /// <summary><c>log Φ(a)</c>.</summary>
    LogNormalCdf,
    /// <summary><c>log I₀(a)</c> of the modified Bessel function.</summary>
    LogBesselI0,
    /// <summary><c>log(1 − eᵃ)</c>, a &lt; 0.</summary>
    LogOneMinusExp,
    /// <summary><c>ψ′(a)</c>.</summary>
    Trigamma,
}
