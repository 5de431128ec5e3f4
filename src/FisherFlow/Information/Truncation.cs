namespace FisherFlow.Information;

/// <summary>Which directions a sketch keeps when it has to choose.</summary>
/// <param name="Rank">How many at most.</param>
/// <param name="Price">Nats that a direction must be worth.</param>
/// <param name="Floor">The precision λ₀ that a direction has without being kept.</param>
/// <param name="Shrinks">Whether the first eigenvalue not kept is taken off all those that are (Frequent Directions).</param>
readonly record struct Truncation(int Rank, double Price, double Floor, bool Shrinks)
{
    const double Rounding = 1e-15;   // eigenvalues below this multiple of n times the largest are rounding alone

    /// <summary>Decides from the spectrum.</summary>
    /// <param name="spectrum">Eigenvalues <c>[n]</c>, ascending.</param>
    /// <param name="kept">How many of the largest stay.</param>
    /// <param name="lowered">What is taken off each of them.</param>
    /// <returns>The largest eigenvalue dropped or taken off.</returns>
    public double Choose(ReadOnlySpan<double> spectrum, out int kept, out double lowered)
    {
        var n = spectrum.Length;
        kept = 0;
        while (kept < Math.Min(Rank, n) && Stays(spectrum[n - 1 - kept], spectrum[n - 1] * n * Rounding)) { kept++; }
        var lost = kept < n ? Math.Max(0, spectrum[n - 1 - kept]) : 0;
        lowered = Shrinks && lost > spectrum[n - 1] * n * Rounding ? lost : 0;
        return lost;
    }

    bool Stays(double value, double rounding) => value > rounding && (Price == 0 || LowRankInformation.DirectionPrice(value / Floor) > Price);
}
