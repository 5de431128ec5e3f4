namespace FisherFlow.Likelihoods;

/// <summary>Contiguous parts of rows for threads to take. How many there are depends on the rows alone, so that sums over parts, added in their order, have the same bits whatever the number of threads.</summary>
static class Lanes
{
    /// <summary>The most parts, and so the most threads that have work.</summary>
    public const int Most = 16;

    /// <summary>Rows below which a part is not worth a thread.</summary>
    public const int Rows = 8192;

    /// <summary>Into how many parts rows are cut.</summary>
    public static int Of(int rows) => Math.Clamp(rows / Rows, 1, Most);

    /// <summary>Does something for every part: its number, its first row and its rows.</summary>
    public static void For(int rows, int threads, Action<int, int, int> part)
    {
        var lanes = Of(rows);
        var each = (rows + lanes - 1) / lanes;
        if (lanes > 1 && threads > 1)
        {
            Parallel.For(0, lanes, new() { MaxDegreeOfParallelism = threads }, Do);
            return;
        }
        for (var lane = 0; lane < lanes; lane++) { Do(lane); }

        void Do(int lane) => part(lane, lane * each, Math.Min(each, rows - lane * each));
    }
}
