using System.Runtime.InteropServices;

namespace FisherFlow.Numerics;

/// <summary>A native BLAS and LAPACK that the user asked for by the environment variable <c>FISHERFLOW_BLAS</c>.</summary>
/// <remarks>
/// The variable holds <c>openblas</c>, <c>mkl</c>, <c>accelerate</c> or a path. It is read once, at the first large kernel. Only kernels of size
/// <see cref="MinSize"/> and more are handed over: below that our own are faster. Results agree with ours to rounding, not bit for bit.
/// A row-major upper triangle is a column-major lower one, so nothing is transposed. The library keeps its own threads; its own variables set how many.
/// </remarks>
sealed unsafe class NativeBlas
{
    /// <summary>The environment variable's name.</summary>
    public const string Variable = "FISHERFLOW_BLAS";

    /// <summary>Smallest width that is handed over.</summary>
    public const int MinSize = 64;

    static readonly Lazy<NativeBlas?> _current = new(() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? Load(name) : null);

    readonly delegate* unmanaged<byte*, byte*, int*, int*, double*, double*, int*, double*, double*, int*, void> _dsyrk;
    readonly delegate* unmanaged<byte*, int*, double*, int*, int*, void> _dpotrf;
    readonly delegate* unmanaged<byte*, byte*, int*, int*, int*, double*, double*, int*, double*, int*, double*, double*, int*, void> _dgemm;
    readonly delegate* unmanaged<byte*, byte*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*, void> _sgemm;

    NativeBlas(nint library, string file)
    {
        File = file;
        _dsyrk = (delegate* unmanaged<byte*, byte*, int*, int*, double*, double*, int*, double*, double*, int*, void>)Find(library, file, "dsyrk");
        _dpotrf = (delegate* unmanaged<byte*, int*, double*, int*, int*, void>)Find(library, file, "dpotrf");
        _dgemm = (delegate* unmanaged<byte*, byte*, int*, int*, int*, double*, double*, int*, double*, int*, double*, double*, int*, void>)Find(library, file, "dgemm");
        _sgemm = (delegate* unmanaged<byte*, byte*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*, void>)Find(library, file, "sgemm");
    }

    /// <summary>The library asked for, or null when none was.</summary>
    /// <exception cref="DllNotFoundException">One was asked for and is not there; the message lists where it was looked for.</exception>
    /// <exception cref="EntryPointNotFoundException">It lacks a routine.</exception>
    public static NativeBlas? Current => _current.Value;

    /// <summary>The file that was loaded.</summary>
    public string File { get; }

    /// <summary>Loads a library by its short name or path.</summary>
    /// <exception cref="DllNotFoundException">It is not there; the message lists where it was looked for.</exception>
    /// <exception cref="EntryPointNotFoundException">It lacks a routine.</exception>
    public static NativeBlas Load(string name)
    {
        var candidates = Candidates(name);
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var library)) { return new NativeBlas(library, candidate); }
        }
        throw new DllNotFoundException(
            $"{Variable} asks for '{name}', but no such library could be loaded. Looked for: {string.Join(", ", candidates)}. "
            + "Legal values are openblas, mkl, accelerate or the path of a library; without the variable the built-in kernels are used.");
    }

    static string[] Candidates(string name) => name.ToLowerInvariant() switch
    {
        "openblas" => ["libopenblas.so.0", "libopenblas.so", "libopenblas.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib", "libopenblas.dll", "openblas.dll"],
        "mkl" => ["libmkl_rt.so.2", "libmkl_rt.so.1", "libmkl_rt.so", "/opt/intel/oneapi/mkl/latest/lib/libmkl_rt.so.2", "libmkl_rt.dylib", "mkl_rt.2.dll", "mkl_rt.1.dll", "mkl_rt.dll"],
        "accelerate" => ["/System/Library/Frameworks/Accelerate.framework/Accelerate"],
        _ => [name],
    };

    static nint Find(nint library, string file, string routine)
    {
        if (NativeLibrary.TryGetExport(library, routine + "_", out var address) || NativeLibrary.TryGetExport(library, routine, out address)) { return address; }
        throw new EntryPointNotFoundException($"{Variable}: the library {file} has neither {routine}_ nor {routine}; a BLAS with LAPACK and 32-bit integers is needed.");
    }

    /// <summary>Upper triangle of <c>C ← C + Xᵀ diag(w) X</c> by dsyrk on blocks of <c>√w·X</c>; false, and nothing done, when a weight is negative.</summary>
    public bool TryRankUpdate(double* c, int cStride, double* x, int xStride, int n, int p, double* weights)
    {
        for (var i = 0; i < n; i++) { if (!(weights[i] >= 0)) { return false; } }
        const int Block = 256;
        var block = Scratch.Get<double>(ScratchUse.Panel, Math.Min(n, Block) * p);
        byte lower = (byte)'L', plain = (byte)'N';
        var one = 1.0;
        for (var first = 0; first < n; first += Block)
        {
            var count = Math.Min(Block, n - first);
            for (var i = 0; i < count; i++)
            {
                var root = Math.Sqrt(weights[first + i]);
                var row = x + (nint)(first + i) * xStride;
                for (var j = 0; j < p; j++) { block[i * p + j] = root * row[j]; }
            }
            _dsyrk(&lower, &plain, &p, &count, &one, block, &p, &one, c, &cStride);
        }
        return true;
    }

    /// <summary>Factors as <see cref="Kernels.Cholesky"/> does.</summary>
    public int Cholesky(double* a, int stride, int n)
    {
        var lower = (byte)'L';
        int info;
        _dpotrf(&lower, &n, a, &stride, &info);
        return info - 1;   // LAPACK counts pivots from one and says zero for success
    }

    /// <summary><c>C ← A·B</c> row-major, that is <c>Cᵀ ← BᵀAᵀ</c> column-major.</summary>
    public void Multiply(double* c, int cStride, double* a, int aStride, double* b, int bStride, int m, int n, int k)
    {
        var plain = (byte)'N';
        double one = 1, zero = 0;
        _dgemm(&plain, &plain, &n, &m, &k, &one, b, &bStride, a, &aStride, &zero, c, &cStride);
    }

    /// <summary><c>C ← A·B</c> in single precision.</summary>
    public void Multiply(float* c, int cStride, float* a, int aStride, float* b, int bStride, int m, int n, int k)
    {
        var plain = (byte)'N';
        float one = 1, zero = 0;
        _sgemm(&plain, &plain, &n, &m, &k, &one, b, &bStride, a, &aStride, &zero, c, &cStride);
    }
}
