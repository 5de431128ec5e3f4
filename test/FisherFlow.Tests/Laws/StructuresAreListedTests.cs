using FisherFlow.Information;

namespace FisherFlow.Tests.Laws;

public sealed class StructuresAreListedTests
{
    [Fact]
    public void Every_structure_has_its_laws()
    {
        var structures = typeof(IInformation<>).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.GetInterfaces().Any(Is(typeof(IInformation<>))));
        foreach (var structure in structures)
        {
            var laws = structure.GetInterfaces().Any(Is(typeof(IEvidence<>))) ? typeof(EvidenceLaws<>) : typeof(InformationLaws<>);
            Assert.Contains(typeof(StructuresAreListedTests).Assembly.GetTypes(), test => test.IsSubclassOf(laws.MakeGenericType(structure)));
        }

        static Func<Type, bool> Is(Type definition) => type => type.IsGenericType && type.GetGenericTypeDefinition() == definition;
    }
}
