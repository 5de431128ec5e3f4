namespace FisherFlow.Reports;

/// <summary>P-values as R prints them: three digits, below machine precision as a bound, and stars.</summary>
static class PValueFormat
{
    const double Epsilon = 2.220446049250313e-16;
    const double PlainFrom = 1e-4;   // smaller ones are written with exponents
    const int Digits = 3;

    /// <summary>What the stars mean.</summary>
    public const string Legend = "Signif. codes:  0 '***' 0.001 '**' 0.01 '*' 0.05 '.' 0.1 ' ' 1";

    /// <summary>Formats a column; null stays null.</summary>
    public static string?[] Column(IReadOnlyList<double?> values)
    {
        var texts = new string?[values.Count];
        double[] ordinary = [.. values.Where(p => p >= PlainFrom).Select(p => p!.Value)];
        double[] small = [.. values.Where(p => p is >= Epsilon and < PlainFrom).Select(p => p!.Value)];
        var (plain, fine) = (SignificantFormat.For(ordinary, Digits), SignificantFormat.For(small, Digits));
        var widest = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            if (values[i] is not { } p || p < Epsilon) { continue; }
            texts[i] = (p >= PlainFrom ? plain : fine).Write(p);
            widest = Math.Max(widest, texts[i]!.Length);
        }
        for (var i = 0; i < texts.Length; i++)
        {
            if (values[i] < Epsilon) { texts[i] = widest <= 6 ? "<2e-16" : "< 2e-16"; }
        }
        return texts;
    }

    /// <summary>The stars of a p-value.</summary>
    public static string Stars(double? p) => p switch
    {
        null => "",
        <= 0.001 => "***",
        <= 0.01 => "**",
        <= 0.05 => "*",
        <= 0.1 => ".",
        _ => "",
    };
}
