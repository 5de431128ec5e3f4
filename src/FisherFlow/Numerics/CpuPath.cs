using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FisherFlow.Numerics;

/// <summary>Which set of vector instructions the kernels use.</summary>
enum CpuPath
{
    /// <summary>128-bit vectors, or plain numbers where the processor has none.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add (AVX2).</summary>
    Vector256,

    /// <summary>512-bit vectors with fused multiply-add (AVX-512).</summary>
    Vector512,
}

/// <summary>Chooses the kernels' path once, from what the processor offers.</summary>
/// <remarks>Threads: a test may hold another path for its own thread by <see cref="Hold"/>; all else only reads.</remarks>
static class CpuPaths
{
    [ThreadStatic] static int _held;   // path + 1, so that 0 means none

    /// <summary>The widest path this processor runs at full speed.</summary>
    public static CpuPath Best { get; } = Choose();

    /// <summary>The path in use on this thread.</summary>
    public static CpuPath Current => _held == 0 ? Best : (CpuPath)(_held - 1);

    /// <summary>Whether this processor can run <paramref name="path"/>.</summary>
    public static bool IsSupported(CpuPath path) => path <= Best;

    /// <summary>The path in words, for a report on the machine.</summary>
    public static string Describe() => Best switch
    {
        CpuPath.Vector512 => "512-bit vectors (AVX-512, fused multiply-add)",
        CpuPath.Vector256 => "256-bit vectors (AVX2, fused multiply-add)",
        _ => Vector128.IsHardwareAccelerated ? "portable (128-bit vectors)" : "portable (no vectors)",
    };

    /// <summary>Keeps this thread on <paramref name="path"/> until the result is disposed.</summary>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the path.</exception>
    public static Held Hold(CpuPath path)
    {
        if (!IsSupported(path)) { throw new PlatformNotSupportedException($"This processor runs at most {Best}, not {path}."); }
        var before = _held;
        _held = (int)path + 1;
        return new Held(before);
    }

    static CpuPath Choose()
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512DQ.IsSupported) { return CpuPath.Vector512; }
        if (Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported) { return CpuPath.Vector256; }
        return CpuPath.Portable;
    }

    /// <summary>Gives the former path back when disposed.</summary>
    public readonly ref struct Held(int before)
    {
        /// <summary>Restores the path.</summary>
        public void Dispose() => _held = before;
    }
}
