using System.Runtime.CompilerServices;

namespace FisherFlow.Numerics;

/// <summary>The purposes for which a thread keeps a buffer; kernels that call one another use different ones.</summary>
enum ScratchUse
{
    /// <summary>Packed left operand.</summary>
    Left,

    /// <summary>Packed right operand.</summary>
    Right,

    /// <summary>A diagonal block being factored or inverted.</summary>
    Diagonal,

    /// <summary>A panel being solved or reflected.</summary>
    Panel,

    /// <summary>Sums of a narrow rank update.</summary>
    Sums,
}

/// <summary>Buffers of a thread that grow and are then reused: kernels allocate nothing once warm.</summary>
/// <remarks>Pinned, so that pointers into them outlive any collection; aligned to 64 bytes. Contents are whatever the last use left.</remarks>
static unsafe class Scratch
{
    const int Alignment = 64;

    [ThreadStatic] static byte[]?[]? _buffers;

    /// <summary>A buffer of at least <paramref name="length"/> numbers, valid until the next call for the same use on this thread.</summary>
    public static T* Get<T>(ScratchUse use, int length) where T : unmanaged
    {
        var buffers = _buffers ??= new byte[]?[Enum.GetValues<ScratchUse>().Length];
        var bytes = checked(length * sizeof(T) + Alignment);
        var buffer = buffers[(int)use];
        if (buffer is null || buffer.Length < bytes)
        {
            buffer = GC.AllocateUninitializedArray<byte>(bytes + bytes / 4, pinned: true);   // a quarter more, so that slow growth does not reallocate each time
            buffers[(int)use] = buffer;
        }
        var start = (nint)Unsafe.AsPointer(ref buffer[0]);
        return (T*)((start + Alignment - 1) & ~(nint)(Alignment - 1));
    }
}
