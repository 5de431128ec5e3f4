namespace FisherFlow.Information;

/// <summary>A running sum that carries its rounding error along.</summary>
/// <remarks>Source: Neumaier (1974), the improved Kahan–Babuška algorithm: error <c>O(ε)</c> whatever the number of terms.</remarks>
struct CompensatedSum(double start, double compensation)
{
    double _sum = start;
    double _compensation = compensation;

    /// <summary>The sum so far, without its compensation.</summary>
    public readonly double Sum => _sum;

    /// <summary>What rounding took away so far.</summary>
    public readonly double Compensation => _compensation;

    /// <summary>The sum with its compensation.</summary>
    public readonly double Value => _sum + _compensation;

    /// <summary>Adds a term.</summary>
    public void Add(double term)
    {
        var next = _sum + term;
        _compensation += Math.Abs(_sum) >= Math.Abs(term) ? _sum - next + term : term - next + _sum;
        _sum = next;
    }

    /// <summary>Adds another sum.</summary>
    public void Add(CompensatedSum other)
    {
        Add(other._sum);
        _compensation += other._compensation;
    }

    /// <summary>Scales the sum.</summary>
    public void Scale(double factor)
    {
        _sum *= factor;
        _compensation *= factor;
    }
}
