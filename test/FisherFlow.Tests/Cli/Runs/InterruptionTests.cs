using System.Runtime.InteropServices;

namespace FisherFlow.Tests.Cli.Runs;

/// <summary>A run is stopped while its input is still open, so that it is certainly in the middle, whatever the machine's speed.</summary>
public sealed partial class InterruptionTests : IDisposable
{
    const int Rows = 20_000;
    const int RowsBeforeTheEnd = 15_000;
    const int Interrupt = 2;    // SIGINT
    const int Terminate = 15;   // SIGTERM

    static readonly string[] _options = ["--family", "binomial", "--robust", "hc1", "--checkpoint", "2000", "--threads", "1", "--format", "json"];
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);   // for a checkpoint that takes milliseconds

    readonly DataFolder _folder = new();
    readonly string _text = Simulated.Text(Rows);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_run_that_is_resumed_answers_as_if_nothing_had_happened()
    {
        var whole = FisherFlowProcess.RunWithInput(_folder.Path, _text, Fit("whole.ff"));
        Assert.True(whole.ExitCode == 0, whole.Error);

        using (var killed = FisherFlowProcess.Start(_folder.Path, Fit("killed.ff")))
        {
            await FeedUntilCheckpoint(killed, "killed.ff");
            killed.Kill();
        }
        var resumed = FisherFlowProcess.RunWithInput(_folder.Path, _text, [.. Fit("killed.ff"), "--resume"]);

        Assert.Equal((0, ""), (resumed.ExitCode, resumed.Error));
        Assert.Equal(whole.Output, resumed.Output);
    }

    /// <summary>Every number of the report to its last digit: the sums of EM, the quadratics and the sample of folded rows all come back.</summary>
    [Fact]
    public async Task A_killed_mixture_goes_on_to_the_same_bits()
    {
        string[] fit = ["fit", "-", "y ~ x", "--components", "2", "--buffer", "500", "--checkpoint", "2000", "--threads", "1", "--format", "json", "--state"];
        var whole = FisherFlowProcess.RunWithInput(_folder.Path, _text, [.. fit, "whole.ff"]);
        Assert.True(whole.ExitCode == 0, whole.Error);

        using (var killed = FisherFlowProcess.Start(_folder.Path, [.. fit, "killed.ff"]))
        {
            await FeedUntilCheckpoint(killed, "killed.ff");
            killed.Kill();
        }
        var resumed = FisherFlowProcess.RunWithInput(_folder.Path, _text, [.. fit, "killed.ff", "--resume"]);

        Assert.Equal((0, ""), (resumed.ExitCode, resumed.Error));
        Assert.Equal(whole.Output, resumed.Output);
    }

    /// <summary>A window keeps its rows, a detector its scores, and outcomes are drawn by row number: all of it is in the checkpoint.</summary>
    [Fact]
    public async Task A_killed_run_of_an_expression_that_forgets_is_watched_and_draws_goes_on_to_the_bit()
    {
        var whole = FisherFlowProcess.RunWithInput(_folder.Path, _text, Watched("whole.ff"));
        Assert.True(whole.ExitCode == 0, whole.Error);

        using (var killed = FisherFlowProcess.Start(_folder.Path, Watched("killed.ff")))
        {
            await FeedUntilCheckpoint(killed, "killed.ff");
            killed.Kill();
        }
        var resumed = FisherFlowProcess.RunWithInput(_folder.Path, _text, [.. Watched("killed.ff"), "--resume"]);

        Assert.Equal((0, ""), (resumed.ExitCode, resumed.Error));
        Assert.Equal(whole.Output, resumed.Output);
        Assert.Equal(File.ReadAllBytes(_folder["whole.ff"]).Length, File.ReadAllBytes(_folder["killed.ff"]).Length);

        static string[] Watched(string state) =>
        [
            "fit", "-", "--log-density", "-(y - m - b*x)/s - log(s) - 2*log1pexp(-(y - m - b*x)/s)", "--parameters", "m, b, s > 0", "--start", "m=0,b=0,s=1", "--memory", "window:3000", "--detect", "cusum",
            "--estimate", "monte-carlo:3", "--sample", "y = m + b*x + s*log(u/(1 - u))", "--checkpoint", "2000", "--format", "json", "--state", state,
        ];
    }

    [Fact]
    public async Task A_killed_run_over_a_file_resumes_from_the_file()
    {
        _folder.Write("all.csv", _text);
        var whole = _folder.Do([.. Fit("whole.ff", "all.csv")]);

        using (var killed = FisherFlowProcess.Start(_folder.Path, Fit("killed.ff", "all.csv")))
        {
            await WaitFor("killed.ff", killed);   // it may have ended by itself on a quick machine: then resuming finds nothing to do
            killed.Kill();
        }

        Assert.Equal(whole, _folder.Do([.. Fit("killed.ff", "all.csv"), "--resume"]));
    }

    [Fact]
    public void Resuming_where_nothing_was_saved_starts_anew()
    {
        _folder.Write("all.csv", _text);

        Assert.Equal(_folder.Do(Fit("one.ff", "all.csv")), _folder.Do([.. Fit("two.ff", "all.csv"), "--resume"]));
    }

    [Fact]
    public async Task Resuming_with_another_formula_is_refused()
    {
        using (var killed = FisherFlowProcess.Start(_folder.Path, Fit("killed.ff")))
        {
            await FeedUntilCheckpoint(killed, "killed.ff");
            killed.Kill();
        }
        var before = File.ReadAllBytes(_folder["killed.ff"]);

        var outcome = FisherFlowProcess.RunWithInput(_folder.Path, _text, ["fit", "-", "won ~ z", .. _options, "--state", "killed.ff", "--resume"]);

        Assert.InRange(outcome.ExitCode, 1, 2);
        Assert.Equal(before, File.ReadAllBytes(_folder["killed.ff"]));
    }

    [Fact]
    public async Task Interrupting_ends_the_run_and_keeps_the_last_checkpoint()
    {
        if (OperatingSystem.IsWindows()) { return; }   // Ctrl-C cannot be sent to a single process there
        using var running = FisherFlowProcess.Start(_folder.Path, Fit("s.ff"));
        await FeedUntilCheckpoint(running, "s.ff");

        Assert.Equal(0, Send(running.Id, HeardSignal()));
        var outcome = running.Wait();

        Assert.Equal(130, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        Assert.Contains("interrupted", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("\"observations\"", _folder.Do("show", "s.ff", "--format", "json"), StringComparison.Ordinal);
    }

    static string[] Fit(string state, string data = "-") => ["fit", data, "won ~ x + g", .. _options, "--state", state];

    async Task FeedUntilCheckpoint(FisherFlowProcess process, string state)
    {
        var lines = _text.Split('\n');
        await process.Input.WriteAsync(string.Join('\n', lines[..RowsBeforeTheEnd]));
        await process.Input.FlushAsync();
        await WaitFor(state, process);
    }

    async Task WaitFor(string state, FisherFlowProcess process)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!File.Exists(_folder[state]) && !process.HasEnded) { await Task.Delay(5, patience.Token); }
    }

    /// <summary>SIGINT, unless this process was started with it ignored, as shells start what runs in their background; SIGTERM is heard alike.</summary>
    static int HeardSignal()
    {
        const string Status = "/proc/self/status";
        var ignored = File.Exists(Status) ? Convert.ToUInt64(File.ReadLines(Status).Single(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16) : 0;
        return (ignored & (1UL << (Interrupt - 1))) == 0 ? Interrupt : Terminate;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
