using System.Diagnostics;
using System.Text;

namespace FisherFlow.Tests.Cli;

/// <summary>What a run of the program left behind.</summary>
sealed record Outcome(int ExitCode, string Output, string Error)
{
    /// <summary>Lines of standard output.</summary>
    public string[] Lines => Output.TrimEnd('\n').Split('\n');
}

/// <summary>Starts the program that was built, as a user would.</summary>
sealed class FisherFlowProcess : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);   // far beyond any run here: a hang becomes a failure

    /// <summary>The program that was built, or the published one that FISHERFLOW_PROGRAM names.</summary>
    static readonly string _program = Environment.GetEnvironmentVariable("FISHERFLOW_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "FisherFlow.Cli.dll");

    readonly Process _process;
    readonly Task<string> _output;
    readonly Task<string> _error;

    FisherFlowProcess(string folder, string program, IEnumerable<string> arguments, bool closeOutput = false, (string Name, string Value)? variable = null)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var isManaged = program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isManaged ? dotnet : program, isManaged ? ["exec", program, .. arguments] : arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Remove("FISHERFLOW_BLAS");
        if (variable is { } set) { start.Environment[set.Name] = set.Value; }
        _process = Process.Start(start)!;
        if (closeOutput) { _process.StandardOutput.Close(); }
        _output = closeOutput ? Task.FromResult("") : _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;
    public bool HasEnded => _process.HasExited;
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Runs to the end, with empty standard input.</summary>
    public static Outcome Run(string folder, params string[] arguments) => RunWithInput(folder, "", arguments);

    /// <summary>Runs to the end, with this text as standard input.</summary>
    public static Outcome RunWithInput(string folder, string input, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        try
        {
            process.Input.Write(input);
            process.Input.Close();
        }
        catch (IOException)
        {
            // The program ended before it had read everything: what it said is the outcome.
        }
        return process.Wait();
    }

    /// <summary>Runs to the end with a variable in its environment.</summary>
    public static Outcome RunWith(string folder, (string Name, string Value) variable, params string[] arguments)
    {
        using var process = new FisherFlowProcess(folder, _program, arguments, variable: variable);
        process.Input.Close();
        return process.Wait();
    }

    /// <summary>Runs another program of this build, such as a sample.</summary>
    public static Outcome RunProgram(string folder, string program)
    {
        using var process = new FisherFlowProcess(folder, program, []);
        process.Input.Close();
        return process.Wait();
    }

    /// <summary>Starts without waiting; standard input stays open.</summary>
    public static FisherFlowProcess Start(string folder, params string[] arguments) => new(folder, _program, arguments);

    /// <summary>Starts a program whose standard output nobody reads any more.</summary>
    public static FisherFlowProcess StartWithClosedOutput(string folder, params string[] arguments) => new(folder, _program, arguments, closeOutput: true);

    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public Outcome Wait()
    {
        if (!_process.WaitForExit(_patience))
        {
            Kill();
            throw new TimeoutException($"the program did not end within {_patience}: {_error.Result}");
        }
        return new(_process.ExitCode, _output.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited) { Kill(); }
        _process.Dispose();
    }
}
