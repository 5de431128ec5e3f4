using System.Runtime.InteropServices;

namespace FisherFlow.Benchmarks;

/// <summary>OpenBLAS's Fortran entry points, as the baseline; column-major, so a row-major upper triangle is its lower one.</summary>
static unsafe class OpenBlas
{
    static readonly nint _library = NativeLibrary.TryLoad("libopenblas.so.0", out var handle) ? handle : 0;

    public static bool IsAvailable => _library != 0;

    public static string Describe()
    {
        if (!IsAvailable) { return "not found"; }
        var config = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(_library, "openblas_get_config");
        return Marshal.PtrToStringUTF8((nint)config())!.Trim();
    }

    public static void SetThreads(int count)
    {
        if (IsAvailable) { ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(_library, "openblas_set_num_threads"))(count); }
    }

    static readonly delegate* unmanaged<byte*, byte*, int*, int*, double*, double*, int*, double*, double*, int*, void> _dsyrk =
        (delegate* unmanaged<byte*, byte*, int*, int*, double*, double*, int*, double*, double*, int*, void>)Find("dsyrk_");

    static readonly delegate* unmanaged<byte*, int*, double*, int*, int*, void> _dpotrf = (delegate* unmanaged<byte*, int*, double*, int*, int*, void>)Find("dpotrf_");

    static readonly delegate* unmanaged<byte*, byte*, int*, int*, int*, double*, double*, int*, double*, int*, double*, double*, int*, void> _dgemm =
        (delegate* unmanaged<byte*, byte*, int*, int*, int*, double*, double*, int*, double*, int*, double*, double*, int*, void>)Find("dgemm_");

    static readonly delegate* unmanaged<byte*, byte*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*, void> _sgemm =
        (delegate* unmanaged<byte*, byte*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*, void>)Find("sgemm_");

    static readonly delegate* unmanaged<byte*, byte*, int*, double*, int*, int*, void> _dtrtri = (delegate* unmanaged<byte*, byte*, int*, double*, int*, int*, void>)Find("dtrtri_");

    static readonly delegate* unmanaged<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, void> _dsyev =
        (delegate* unmanaged<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, void>)Find("dsyev_");

    static nint Find(string name) => _library != 0 && NativeLibrary.TryGetExport(_library, name, out var address) ? address : 0;

    /// <summary>Upper triangle of C += XᵀX, row-major.</summary>
    public static void RankUpdate(double[] c, double[] x, int n, int p)
    {
        byte lower = (byte)'L', plain = (byte)'N';
        var one = 1.0;
        fixed (double* pc = c, px = x) { _dsyrk(&lower, &plain, &p, &n, &one, px, &p, &one, pc, &p); }
    }

    /// <summary>A = RᵀR, row-major upper.</summary>
    public static int Cholesky(double[] a, int n)
    {
        var lower = (byte)'L';
        var info = 0;
        fixed (double* pa = a) { _dpotrf(&lower, &n, pa, &n, &info); }
        return info;
    }

    /// <summary>R ← R⁻¹, row-major upper.</summary>
    public static int InvertUpper(double[] a, int n)
    {
        byte lower = (byte)'L', plain = (byte)'N';
        var info = 0;
        fixed (double* pa = a) { _dtrtri(&lower, &plain, &n, pa, &n, &info); }
        return info;
    }

    /// <summary>C = AB, row-major square: Cᵀ = BᵀAᵀ column-major.</summary>
    public static void Multiply(double[] a, double[] b, double[] c, int n)
    {
        var plain = (byte)'N';
        double one = 1, zero = 0;
        fixed (double* pa = a, pb = b, pc = c) { _dgemm(&plain, &plain, &n, &n, &n, &one, pb, &n, pa, &n, &zero, pc, &n); }
    }

    /// <summary>C = AB in single precision, row-major square.</summary>
    public static void Multiply(float[] a, float[] b, float[] c, int n)
    {
        var plain = (byte)'N';
        float one = 1, zero = 0;
        fixed (float* pa = a, pb = b, pc = c) { _sgemm(&plain, &plain, &n, &n, &n, &one, pb, &n, pa, &n, &zero, pc, &n); }
    }

    /// <summary>Eigenvectors over A, eigenvalues ascending.</summary>
    public static void SymmetricEigen(double[] a, double[] values, int n)
    {
        byte vectors = (byte)'V', lower = (byte)'L';
        int info = 0, length = 34 * n;   // (block + 2)·n for blocks of 32, as dsyev's manual advises
        var work = new double[length];
        fixed (double* pa = a, pv = values, pw = work) { _dsyev(&vectors, &lower, &n, pa, &n, pv, pw, &length, &info); }
    }
}
