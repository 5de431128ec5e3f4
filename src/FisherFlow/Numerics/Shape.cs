using System.Runtime.CompilerServices;

namespace FisherFlow.Numerics;

/// <summary>Checks at the door of the kernels: behind it they trust their pointers.</summary>
static class Shape
{
    /// <summary>Demands that <paramref name="length"/> numbers hold <paramref name="rows"/> rows of <paramref name="columns"/> at <paramref name="stride"/>.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require(int length, int stride, int rows, int columns, string name)
    {
        if (rows < 0 || columns < 0 || (rows > 1 && stride < columns) || (rows > 0 && length < (long)(rows - 1) * stride + columns)) { Throw(length, stride, rows, columns, name); }
    }

    /// <summary>Demands at least <paramref name="count"/> numbers.</summary>
    /// <exception cref="ArgumentException">There are fewer.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require(int length, int count, string name)
    {
        if (count < 0 || length < count) { Throw(length, count, 1, count, name); }
    }

    static void Throw(int length, int stride, int rows, int columns, string name) =>
        throw new ArgumentException($"{name} has {length} numbers with stride {stride}; [{rows}, {columns}] needs a stride of at least {columns} and {Math.Max(0, (long)(rows - 1) * Math.Max(stride, columns) + columns)} numbers.", name);
}
