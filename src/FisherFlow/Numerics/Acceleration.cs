namespace FisherFlow.Numerics;

/// <summary>What the kernels run on, in words, for reports of speed and of defects.</summary>
public static class Acceleration
{
    /// <summary>The vector instructions in use.</summary>
    public static string Vectors => CpuPaths.Describe();

    /// <summary>Who multiplies and factors large matrices: the native library that the environment variable <c>FISHERFLOW_BLAS</c> asks for, or the built-in kernels.</summary>
    /// <exception cref="DllNotFoundException">A library was asked for and is not there; the message lists where it was looked for.</exception>
    /// <exception cref="EntryPointNotFoundException">It lacks a routine.</exception>
    public static string LinearAlgebra => NativeBlas.Current is { } native ? $"{native.File} ({NativeBlas.Variable})" : $"built in ({NativeBlas.Variable} names no library)";
}
