using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using Spectre.Console;

namespace FisherFlow.Tests.Cli;

public sealed class ProgressBarTests
{
    [Fact]
    public void A_bar_is_shown_for_every_pass_where_somebody_is_looking()
    {
        using var screen = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(screen), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes });

        console.Progress().AutoRefresh(false).Start(display =>
        {
            var bar = new ProgressBar(display, new LossTable(line => console.WriteLine(line)));
            foreach (var pass in (int[])[1, 2])
            {
                bar.Report(new(10, 50, 100, pass, null, null));
                display.Refresh();
                bar.Report(new(20, 100, 100, pass, null, null));
            }
        });

        Assert.Contains("pass 1", screen.ToString(), StringComparison.Ordinal);
        Assert.Contains("pass 2", screen.ToString(), StringComparison.Ordinal);
    }
}
