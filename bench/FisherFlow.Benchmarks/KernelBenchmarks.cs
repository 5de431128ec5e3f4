using BenchmarkDotNet.Attributes;
using FisherFlow.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Benchmarks;

/// <summary>How fast is C += Xᵀ diag(w) X beside OpenBLAS's dsyrk on one thread (Math.NET where that is missing)?</summary>
[MemoryDiagnoser]
public class RankUpdateBenchmark
{
    double[] _x = [], _weights = [], _c = [];
    Matrix<double>? _matrix;

    [Params(8, 20, 64, 200, 512, 1000)]
    public int P { get; set; }

    int Rows => KernelData.Rows(P);

    [GlobalSetup]
    public void Setup()
    {
        OpenBlas.SetThreads(1);
        _x = KernelData.Numbers(Rows * P, 1);
        _weights = KernelData.Ones(Rows);
        _c = new double[P * P];
        _matrix = Matrix<double>.Build.Dense(P, Rows, _x);
    }

    [Benchmark]
    public void FisherFlow() => Kernels.RankUpdate(_c, P, _x, P, Rows, P, _weights);

    [Benchmark]
    public void TwoThreads() => Kernels.RankUpdate(_c, P, _x, P, Rows, P, _weights, threads: 2);

    [Benchmark(Baseline = true)]
    public object? Peer()
    {
        if (!OpenBlas.IsAvailable) { return _matrix!.TransposeAndMultiply(_matrix); }
        OpenBlas.RankUpdate(_c, _x, Rows, P);
        return null;
    }
}

/// <summary>How fast are rows folded into a triangle, beside the rank update that forms the Gram of the same rows?</summary>
[MemoryDiagnoser]
public class HouseholderFoldBenchmark
{
    double[] _x = [], _weights = [], _c = [], _r = [];

    [Params(8, 20, 64, 200, 512, 1000)]
    public int P { get; set; }

    int Rows => KernelData.Rows(P);

    [GlobalSetup]
    public void Setup()
    {
        _x = KernelData.Numbers(Rows * P, 1);
        _weights = KernelData.Ones(Rows);
        _c = new double[P * P];
        _r = new double[P * P];
    }

    [Benchmark]
    public void Fold() => Kernels.FoldRows(_r, P, P, _x, P, Rows);

    [Benchmark(Baseline = true)]
    public void Gram() => Kernels.RankUpdate(_c, P, _x, P, Rows, P, _weights);
}

/// <summary>How fast is A = RᵀR beside OpenBLAS's dpotrf on one thread?</summary>
[MemoryDiagnoser]
public class CholeskyBenchmark
{
    double[] _a = [], _r = [];
    Matrix<double>? _matrix;

    [Params(8, 20, 64, 200, 512, 1000)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        OpenBlas.SetThreads(1);
        _a = KernelData.Definite(N);
        _r = new double[N * N];
        var upper = Matrix<double>.Build.Dense(N, N, _a).LowerTriangle();   // column-major: our upper triangle
        _matrix = upper + upper.StrictlyLowerTriangle().Transpose();
    }

    [Benchmark]
    public int FisherFlow()
    {
        _a.CopyTo(_r, 0);
        return Kernels.Cholesky(_r, N, N);
    }

    [Benchmark(Baseline = true)]
    public object? Peer()
    {
        if (!OpenBlas.IsAvailable) { return _matrix!.Cholesky(); }
        _a.CopyTo(_r, 0);
        _ = OpenBlas.Cholesky(_r, N);
        return null;
    }
}

/// <summary>How fast is the product of two square matrices in double, beside OpenBLAS's dgemm on one thread?</summary>
[MemoryDiagnoser]
public class MatrixProductBenchmark
{
    double[] _a = [], _b = [], _c = [];
    Matrix<double>? _left, _right;

    [Params(8, 20, 64, 200, 512, 1000)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        OpenBlas.SetThreads(1);
        _a = KernelData.Numbers(N * N, 3);
        _b = KernelData.Numbers(N * N, 4);
        _c = new double[N * N];
        _left = Matrix<double>.Build.Dense(N, N, _a);
        _right = Matrix<double>.Build.Dense(N, N, _b);
    }

    [Benchmark]
    public void FisherFlow() => Kernels.Multiply(_c, N, _a, N, _b, N, N, N, N);

    [Benchmark(Baseline = true)]
    public object? Peer()
    {
        if (!OpenBlas.IsAvailable) { return _left!.Multiply(_right!); }
        OpenBlas.Multiply(_a, _b, _c, N);
        return null;
    }
}

/// <summary>How fast is the product of two square matrices in float, beside OpenBLAS's sgemm on one thread?</summary>
[MemoryDiagnoser]
public class SingleProductBenchmark
{
    float[] _a = [], _b = [], _c = [];
    Matrix<float>? _left, _right;

    [Params(8, 20, 64, 200, 512, 1000)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        OpenBlas.SetThreads(1);
        _a = KernelData.Singles(N * N, 3);
        _b = KernelData.Singles(N * N, 4);
        _c = new float[N * N];
        _left = Matrix<float>.Build.Dense(N, N, _a);
        _right = Matrix<float>.Build.Dense(N, N, _b);
    }

    [Benchmark]
    public void FisherFlow() => Kernels.Multiply(_c, N, _a, N, _b, N, N, N, N);

    [Benchmark(Baseline = true)]
    public object? Peer()
    {
        if (!OpenBlas.IsAvailable) { return _left!.Multiply(_right!); }
        OpenBlas.Multiply(_a, _b, _c, N);
        return null;
    }
}

/// <summary>How fast is the symmetric eigendecomposition beside OpenBLAS's dsyev on one thread?</summary>
[MemoryDiagnoser]
public class SymmetricEigenBenchmark
{
    double[] _a = [], _vectors = [], _values = [];
    Matrix<double>? _matrix;

    [Params(8, 20, 64, 200)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        OpenBlas.SetThreads(1);
        _a = KernelData.Definite(N);
        _vectors = new double[N * N];
        _values = new double[N];
        var upper = Matrix<double>.Build.Dense(N, N, _a).LowerTriangle();   // column-major: our upper triangle
        _matrix = upper + upper.StrictlyLowerTriangle().Transpose();
    }

    [Benchmark]
    public bool FisherFlow() => Kernels.SymmetricEigen(_a, N, N, _values, _vectors, N);

    [Benchmark(Baseline = true)]
    public object? Peer()
    {
        if (!OpenBlas.IsAvailable) { return _matrix!.Evd(Symmetricity.Symmetric); }
        _a.CopyTo(_vectors, 0);
        OpenBlas.SymmetricEigen(_vectors, _values, N);
        return null;
    }
}
