using System.Reflection;
using System.Runtime.InteropServices;
using FisherFlow.Numerics;

namespace FisherFlow.Cli.Output;

/// <summary>What the program is and where it runs, for reports of defects.</summary>
static class ProgramInfo
{
    public static string Version { get; } =
        typeof(ProgramInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string Describe() => $"""
        fisherflow  {Version}
        runtime     {RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})
        processor   {Acceleration.Vectors}
        threads     {Environment.ProcessorCount}, unless --threads says otherwise
        algebra     {Acceleration.LinearAlgebra}
        """;
}
