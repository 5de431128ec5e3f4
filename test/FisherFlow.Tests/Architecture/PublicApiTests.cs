namespace FisherFlow.Tests.Architecture;

/// <summary>The public API is a file under review: what is not in it is not promised, what leaves it breaks somebody.</summary>
public sealed class PublicApiTests
{
    const string Golden = "test/FisherFlow.Tests/Architecture/PublicApi.txt";

    [Fact]
    public void The_public_API_is_the_one_that_was_reviewed()
    {
        var actual = PublicApi.Describe(typeof(FisherFlow.Models.Block).Assembly, typeof(FisherFlow.Data.Regression).Assembly);
        var received = Path.Combine(Repository.Root, "artifacts", "PublicApi.txt");
        File.WriteAllText(received, actual);

        Assert.True(Repository.Read(Golden) == actual, $"""
            The public API changed. Look at the difference and, if it is meant, accept it:
              diff {Golden} artifacts/PublicApi.txt
              cp artifacts/PublicApi.txt {Golden}
            """);
    }
}
