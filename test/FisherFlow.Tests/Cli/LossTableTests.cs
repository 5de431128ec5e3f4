using FisherFlow.Cli.Terminal;
using FisherFlow.Data;

namespace FisherFlow.Tests.Cli;

public sealed class LossTableTests
{
    [Fact]
    public void A_line_is_written_for_every_report_that_has_a_loss()
    {
        var lines = new List<string>();
        var table = new LossTable(lines.Add);

        table.Report(new(1, 10, null, 1, 0.75, null));
        table.Report(new(1, 20, null, 1, null, null));
        table.Report(new(2, 30, null, 1, 0.5, 0.25));

        Assert.Equal(3, lines.Count);
        Assert.Matches(@"^ +rows +rows/s +loss +since last$", lines[0]);
        Assert.Matches(@"^ +1 +\d+ +0\.75 +$", lines[1]);
        Assert.Matches(@"^ +2 +\d+ +0\.5 +0\.25$", lines[2]);
    }
}
