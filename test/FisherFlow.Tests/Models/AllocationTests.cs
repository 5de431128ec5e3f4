using FisherFlow.Models;

namespace FisherFlow.Tests.Models;

public sealed class AllocationTests
{
    public static TheoryData<Family, Link> Models
    {
        get
        {
            var data = new TheoryData<Family, Link>();
            foreach (var family in Enum.GetValues<Family>())
            {
                foreach (var link in ModelNames.Links(family)) { data.Add(family, link); }
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Work_allocates_nothing_once_its_workspace_has_grown(Family family, Link link)
    {
        var model = ModelFactory.Create(new() { Family = family, Link = link });
        var outcomes = family is Family.Multinomial or Family.Ordinal ? 3 : 1;
        var block = new Block(64, 2, 2, hasValues: true, hasTrials: false, hasClusters: false) { Count = 64, Columns = 5, Outcomes = outcomes };
        for (var i = 0; i < 64; i++)
        {
            (block.Dense[2 * i], block.Dense[2 * i + 1], block.Weight[i], block.Response[i]) = (1, 0.01 * i, 1, i % 2 + (family == Family.Gamma ? 1 : 0));
            (block.Indices[2 * i], block.Indices[2 * i + 1], block.Values[2 * i], block.Values[2 * i + 1]) = (2 + i % 3, -1, 0.5, 1);
        }
        var theta = Enumerable.Repeat(-0.2, model.Dimension(block.Shape)).ToArray();
        if (model.IsOrdinal) { theta[^1] = 1; }
        var workspace = new Workspace();
        var sums = default(FitSums);
        var leverages = new double[64];
        for (var i = 0; i < 3; i++) { model.Work(block, 0, 64, block.Shape, theta, 0, leverages, ref sums, workspace); }
        var before = GC.GetAllocatedBytesForCurrentThread();
        model.Work(block, 0, 64, block.Shape, theta, 0, leverages, ref sums, workspace);
        model.WorkAtStart(block, 0, 64, block.Shape, theta, ref sums, workspace);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
