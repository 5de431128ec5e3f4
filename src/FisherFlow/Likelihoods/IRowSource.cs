namespace FisherFlow.Likelihoods;

/// <summary>Rows that can be read again and again, for exact fits.</summary>
public interface IRowSource
{
    /// <summary>Goes back to the first row.</summary>
    void Rewind();

    /// <summary>The next rows; false at the end.</summary>
    /// <param name="rows">Rows <c>[n, columns]</c>, valid until the next call.</param>
    /// <param name="weights">Weights <c>[n]</c>.</param>
    bool TryRead(out ReadOnlySpan<double> rows, out ReadOnlySpan<double> weights);
}
