using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace FisherFlow.Tests.Laws;

/// <summary>Runs a theory once for each seed 0 … count − 1; the failing seed is the test's name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SeedsAttribute(int count) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enumerable.Range(0, count).Select(seed => new TheoryDataRow(seed))]);

    public override bool SupportsDiscoveryEnumeration() => false;
}
