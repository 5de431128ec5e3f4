namespace FisherFlow.Tests.Sources;

/// <summary>A folder of its own for a test, gone afterwards.</summary>
sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("fisherflow-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    internal string At(string name) => System.IO.Path.Combine(Path, name);

    internal string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    internal string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }
}
