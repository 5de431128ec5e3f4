using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FisherFlow.Cli.Output;

/// <summary>Standard output with a large buffer: an answer is written in few pieces, and all of it is out before the program ends.</summary>
static class StandardOutput
{
    const int BufferCharacters = 1 << 15;

    public static StreamWriter Open() => new(OpenStream(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferCharacters) { NewLine = "\n" };

    /// <summary>The console's stream goes on without a word when a pipe breaks, and so would the work; a file stream over the pipe says so.</summary>
    /// <remarks>A file keeps the console's stream, which appends where the shell left off.</remarks>
    static Stream OpenStream()
    {
        if (!OperatingSystem.IsWindows())
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!pipe.CanSeek) { return pipe; }
        }
        return Console.OpenStandardOutput();
    }
}
