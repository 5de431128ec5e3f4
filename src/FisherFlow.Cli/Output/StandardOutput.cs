using System.Text;

namespace FisherFlow.Cli.Output;

/// <summary>Standard output with a large buffer: an answer is written in few pieces, and all of it is out before the program ends.</summary>
static class StandardOutput
{
    const int BufferCharacters = 1 << 15;

    public static StreamWriter Open() => new(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferCharacters) { NewLine = "\n" };
}
