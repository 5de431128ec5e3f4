using System.Diagnostics.CodeAnalysis;
using FisherFlow.Data.Design;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Data;

/// <summary>The same stream again and again, for exact fits.</summary>
sealed class RereadSource(DataSource source, DesignEncoder encoder, IModel model, long rows, int threads, Action<int, EncodedBlock>? progress, CancellationToken cancel) : IBlockSource, IDisposable
{
    EncodedBlocks? _blocks;
    long _seen;
    int _pass = 1;

    /// <inheritdoc/>
    public bool CanRewind => source.CanReread;

    /// <inheritdoc/>
    public bool TryRead([NotNullWhen(true)] out Block? block)
    {
        var next = (_blocks ??= Open()).Next(cancel);
        if (next is not null)
        {
            block = next.Rows;
            _seen += next.Rows.Count;
            progress?.Invoke(_pass, next);
            return true;
        }
        block = null;
        if (_seen != rows) { throw new DataException($"{source.Name} changed while it was read: {rows} rows in the first pass, {_seen} in pass {_pass}"); }
        return false;
    }

    /// <inheritdoc/>
    public void Rewind()
    {
        _blocks?.Dispose();
        _blocks = Open();
    }

    /// <inheritdoc/>
    public void Dispose() => _blocks?.Dispose();

    EncodedBlocks Open()
    {
        _seen = 0;
        _pass++;
        return new(source, encoder, model, 0, 0, threads);
    }
}
