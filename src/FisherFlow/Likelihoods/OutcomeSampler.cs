namespace FisherFlow.Likelihoods;

/// <summary>Draws outcomes of a model at θ into rows.</summary>
abstract class OutcomeSampler
{
    /// <summary>Why outcomes cannot be integrated over instead of being drawn, as far as is known; or null.</summary>
    public abstract string? Obstacle { get; }

    /// <summary>Puts outcomes in the place of those in the rows.</summary>
    /// <param name="theta">θ <c>[m]</c>.</param>
    /// <param name="rows">Rows <c>[n, columns]</c>.</param>
    /// <param name="width">Numbers of a row.</param>
    /// <param name="draw">Which random numbers.</param>
    public abstract void Sample(ReadOnlySpan<double> theta, Span<double> rows, int width, OutcomeDraw draw);

    /// <summary>The same with scratch of its own.</summary>
    public abstract OutcomeSampler Fork();
}

/// <summary>Which random numbers a block of rows takes: those of a sample, or one that is given.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="FirstRow">The number of the block's first row in the stream, from 0.</param>
/// <param name="Sample">Which of several outcomes of a row.</param>
/// <param name="Given">The uniform number that all rows take, or 0.</param>
readonly record struct OutcomeDraw(ulong Seed, long FirstRow, int Sample, double Given = 0)
{
    /// <summary>The random numbers of a row of the block.</summary>
    public OutcomeNoise At(int row) => Given == 0 ? new(Seed, FirstRow + row, Sample) : new(Given);
}

/// <summary>Outcomes drawn by C#.</summary>
sealed class CompiledSampler<TLikelihood> : OutcomeSampler where TLikelihood : ISampledLikelihood
{
    public override string? Obstacle => null;

    public override void Sample(ReadOnlySpan<double> theta, Span<double> rows, int width, OutcomeDraw draw)
    {
        for (var i = 0; i < rows.Length / width; i++)
        {
            var noise = draw.At(i);
            TLikelihood.Sample(theta, rows.Slice(i * width, width), ref noise);
        }
    }

    public override OutcomeSampler Fork() => this;
}
