using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FisherFlow.Numerics;

/// <summary>A width of vector as a type with no instances, so that one text of a kernel compiles for every width.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="T">The number in a lane.</typeparam>
unsafe interface ILanes<TVector, T> where TVector : struct where T : unmanaged
{
    /// <summary>Lanes in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a register tile: 8 where there are 32 vector registers, else 4.</summary>
    static abstract int TileRows { get; }

    /// <summary>Reads a vector from <c>[Count]</c> numbers.</summary>
    static abstract TVector Load(T* source);

    /// <summary>Writes a vector to <c>[Count]</c> numbers.</summary>
    static abstract void Store(TVector value, T* target);

    /// <summary>One number in every lane.</summary>
    static abstract TVector Broadcast(T value);

    /// <summary><c>x·y + sum</c>, fused where the processor fuses.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector sum);

    /// <summary><c>x + y</c>.</summary>
    static abstract TVector Add(TVector x, TVector y);

    /// <summary><c>x − y</c>.</summary>
    static abstract TVector Subtract(TVector x, TVector y);

    /// <summary><c>x·y</c>.</summary>
    static abstract TVector Multiply(TVector x, TVector y);
}

/// <summary>Lanes that can also be summed across, for kernels whose vectors run along the sum.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
unsafe interface IDoubleLanes<TVector> : ILanes<TVector, double> where TVector : struct
{
    /// <summary>The sums over the lanes of four vectors, to <c>[4]</c> numbers.</summary>
    static abstract void Sums(TVector x, TVector y, TVector z, TVector w, double* target);
}

/// <summary>8 lanes of <c>double</c> in 512 bits.</summary>
readonly unsafe struct Double512 : IDoubleLanes<Vector512<double>>
{
    public static int Count => 8;
    public static int TileRows => 8;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Load(double* source) => Vector512.Load(source);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(Vector512<double> value, double* target) => value.Store(target);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Broadcast(double value) => Vector512.Create(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> MultiplyAdd(Vector512<double> x, Vector512<double> y, Vector512<double> sum) => Vector512.FusedMultiplyAdd(x, y, sum);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Add(Vector512<double> x, Vector512<double> y) => x + y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Subtract(Vector512<double> x, Vector512<double> y) => x - y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Multiply(Vector512<double> x, Vector512<double> y) => x * y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sums(Vector512<double> x, Vector512<double> y, Vector512<double> z, Vector512<double> w, double* target) =>
        Double256.Sums(x.GetLower() + x.GetUpper(), y.GetLower() + y.GetUpper(), z.GetLower() + z.GetUpper(), w.GetLower() + w.GetUpper(), target);
}

/// <summary>16 lanes of <c>float</c> in 512 bits.</summary>
readonly unsafe struct Single512 : ILanes<Vector512<float>, float>
{
    public static int Count => 16;
    public static int TileRows => 8;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Load(float* source) => Vector512.Load(source);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(Vector512<float> value, float* target) => value.Store(target);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Broadcast(float value) => Vector512.Create(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> MultiplyAdd(Vector512<float> x, Vector512<float> y, Vector512<float> sum) => Vector512.FusedMultiplyAdd(x, y, sum);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Add(Vector512<float> x, Vector512<float> y) => x + y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Subtract(Vector512<float> x, Vector512<float> y) => x - y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Multiply(Vector512<float> x, Vector512<float> y) => x * y;
}

/// <summary>4 lanes of <c>double</c> in 256 bits.</summary>
readonly unsafe struct Double256 : IDoubleLanes<Vector256<double>>
{
    public static int Count => 4;
    public static int TileRows => 4;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Load(double* source) => Vector256.Load(source);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(Vector256<double> value, double* target) => value.Store(target);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Broadcast(double value) => Vector256.Create(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> MultiplyAdd(Vector256<double> x, Vector256<double> y, Vector256<double> sum) => Vector256.FusedMultiplyAdd(x, y, sum);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Add(Vector256<double> x, Vector256<double> y) => x + y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Subtract(Vector256<double> x, Vector256<double> y) => x - y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Multiply(Vector256<double> x, Vector256<double> y) => x * y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sums(Vector256<double> x, Vector256<double> y, Vector256<double> z, Vector256<double> w, double* target)
    {
        Vector256<double> first = Avx.HorizontalAdd(x, y), second = Avx.HorizontalAdd(z, w);
        (Avx.Permute2x128(first, second, 0x20) + Avx.Permute2x128(first, second, 0x31)).Store(target);
    }
}

/// <summary>8 lanes of <c>float</c> in 256 bits.</summary>
readonly unsafe struct Single256 : ILanes<Vector256<float>, float>
{
    public static int Count => 8;
    public static int TileRows => 4;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Load(float* source) => Vector256.Load(source);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(Vector256<float> value, float* target) => value.Store(target);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Broadcast(float value) => Vector256.Create(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> MultiplyAdd(Vector256<float> x, Vector256<float> y, Vector256<float> sum) => Vector256.FusedMultiplyAdd(x, y, sum);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Add(Vector256<float> x, Vector256<float> y) => x + y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Subtract(Vector256<float> x, Vector256<float> y) => x - y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Multiply(Vector256<float> x, Vector256<float> y) => x * y;
}

/// <summary>2 lanes of <c>double</c> in 128 bits.</summary>
readonly unsafe struct Double128 : IDoubleLanes<Vector128<double>>
{
    public static int Count => 2;
    public static int TileRows => 4;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Load(double* source) => Vector128.Load(source);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(Vector128<double> value, double* target) => value.Store(target);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Broadcast(double value) => Vector128.Create(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> MultiplyAdd(Vector128<double> x, Vector128<double> y, Vector128<double> sum) => Vector128.MultiplyAddEstimate(x, y, sum);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Add(Vector128<double> x, Vector128<double> y) => x + y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Subtract(Vector128<double> x, Vector128<double> y) => x - y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Multiply(Vector128<double> x, Vector128<double> y) => x * y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sums(Vector128<double> x, Vector128<double> y, Vector128<double> z, Vector128<double> w, double* target)
    {
        target[0] = Vector128.Sum(x);
        target[1] = Vector128.Sum(y);
        target[2] = Vector128.Sum(z);
        target[3] = Vector128.Sum(w);
    }
}

/// <summary>4 lanes of <c>float</c> in 128 bits.</summary>
readonly unsafe struct Single128 : ILanes<Vector128<float>, float>
{
    public static int Count => 4;
    public static int TileRows => 4;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Load(float* source) => Vector128.Load(source);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(Vector128<float> value, float* target) => value.Store(target);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Broadcast(float value) => Vector128.Create(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> MultiplyAdd(Vector128<float> x, Vector128<float> y, Vector128<float> sum) => Vector128.MultiplyAddEstimate(x, y, sum);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Add(Vector128<float> x, Vector128<float> y) => x + y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Subtract(Vector128<float> x, Vector128<float> y) => x - y;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Multiply(Vector128<float> x, Vector128<float> y) => x * y;
}
