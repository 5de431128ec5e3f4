using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FisherFlow.Cli.Output;

/// <summary>What the program is and where it runs, for reports of defects.</summary>
static class ProgramInfo
{
    public static string Version { get; } =
        typeof(ProgramInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string Describe() => $"""
        fisherflow  {Version}
        runtime     {RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})
        processor   {Environment.ProcessorCount} cores, vectors of {VectorBits()} bits
        """;

    static int VectorBits() =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;
}
