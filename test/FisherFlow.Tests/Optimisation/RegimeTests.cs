using System.Reflection;
using FisherFlow.Information;
using FisherFlow.Optimisation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FisherFlow.Tests.Optimisation;

/// <summary>The two regimes are two types: what the compiler has to say about asking the wrong one.</summary>
public sealed class RegimeTests
{
    static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    static IReadOnlyList<string> Compile(string statement)
    {
        var code = $$"""
            using System;
            using FisherFlow.Optimisation;
            static class Question
            {
                static void Ask()
                {
                    var errors = new double[3];
                    {{statement}}
                }
            }
            """;
        var compilation = CSharpCompilation.Create("question", [CSharpSyntaxTree.ParseText(code)], _references, new(OutputKind.DynamicallyLinkedLibrary));
        return [.. compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.Id)];
    }

    [Fact]
    public void A_filter_can_be_asked_for_standard_errors() =>
        Assert.Empty(Compile("Presets.RecursiveLeastSquares(1).Start(new double[3]).TryCopyStandardErrors(errors, out _);"));

    [Theory]
    [InlineData("Presets.Adam(0.1).Start(new double[3]).TryCopyStandardErrors(errors, out _);")]
    [InlineData("Presets.ExtendedKalmanFilter(1).Start(new double[3]).TryCopyStandardErrors(errors, out _);")]
    [InlineData("_ = Presets.NaturalGradient(0.1, default).Start(new double[3]).Covariance;")]
    [InlineData("Optimiser any = Presets.Sgd(0.1).Start(new double[3]); any.TryCopyStandardErrors(errors, out _);")]
    public void Asking_an_optimiser_for_them_does_not_compile(string statement) => Assert.Equal(["CS1061"], Compile(statement));   // no such member

    [Fact]
    public void A_trajectory_method_cannot_start_a_filter() =>
        Assert.Equal(["CS0029"], Compile("Filter<FisherFlow.Information.DiagonalInformation> filter = Presets.Adam(0.1).Start(new double[3]);"));

    [Fact]
    public void No_member_of_an_optimiser_speaks_of_inference() =>
        Assert.DoesNotContain(typeof(Optimiser<FullInformation>).GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static),
            member => new[] { "Covariance", "Error", "Interval", "Variance", "PValue", "Confidence" }.Any(word => member.Name.Contains(word, StringComparison.Ordinal)));
}
