using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

/// <summary>Plain loops that the kernels are compared with, and matrices with guarded surroundings.</summary>
static class Oracle
{
    /// <summary>Unit roundoff of double.</summary>
    public const double U = 1.1102230246251565e-16;

    /// <summary>What fills the memory that no kernel may touch or use.</summary>
    public const double Poison = -7.25e77;

    /// <summary>The paths this processor can run.</summary>
    public static TheoryData<string> Paths => [.. Enum.GetValues<CpuPath>().Where(CpuPaths.IsSupported).Select(path => path.ToString())];

    /// <summary>Keeps the test's thread on the named path.</summary>
    public static CpuPaths.Held Hold(string path) => CpuPaths.Hold(Enum.Parse<CpuPath>(path));

    /// <summary>Numbers in (−1, 1) at a stride, with poison between and after the rows.</summary>
    public static double[] Matrix(Random random, int rows, int columns, int stride, int guard = 0)
    {
        var a = new double[Math.Max(0, (rows - 1) * stride + columns) + guard];
        Array.Fill(a, Poison);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++) { a[i * stride + j] = 2 * random.NextDouble() - 1; }
        }
        return a;
    }

    /// <summary>A well-conditioned symmetric matrix whose lower triangle is poison.</summary>
    public static double[] Definite(Random random, int n, int stride, int guard)
    {
        var x = Matrix(random, 2 * n + 3, n, n);
        var a = Matrix(random, n, n, stride, guard);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = i == j ? 0.5 : 0;
                for (var k = 0; k < 2 * n + 3; k++) { sum += x[k * n + i] * x[k * n + j]; }
                a[i * stride + j] = j >= i ? sum : Poison;
            }
        }
        return a;
    }

    /// <summary>Asserts that everything outside the upper triangle is what it was.</summary>
    public static void OutsideUpperIsUntouched(double[] before, double[] after, int n, int stride)
    {
        for (var index = 0; index < before.Length; index++)
        {
            int i = index / stride, j = index % stride;
            if (i < n && j < n && j >= i) { continue; }
            Assert.True(BitConverter.DoubleToInt64Bits(before[index]) == BitConverter.DoubleToInt64Bits(after[index]), $"element {index} (row {i}, column {j}) was written");
        }
    }
}
