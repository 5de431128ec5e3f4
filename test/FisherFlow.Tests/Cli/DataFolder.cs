using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace FisherFlow.Tests.Cli;

/// <summary>A folder of its own for a test, with data in it; it is gone afterwards.</summary>
sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fisherflow-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public Outcome Run(params string[] arguments) => FisherFlowProcess.Run(Path, arguments);

    /// <summary>Runs what must succeed and returns its standard output.</summary>
    public string Do(params string[] arguments)
    {
        var outcome = Run(arguments);
        Assert.True(outcome.ExitCode == 0, $"fisherflow {string.Join(' ', arguments)}\n{outcome.Error}");
        return outcome.Output;
    }

    public void Write(string name, string text) => File.WriteAllText(this[name], text);

    public void WriteCompressed(string name, string text)
    {
        using var stream = new GZipStream(File.Create(this[name]), CompressionLevel.Fastest);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Simulated observations, the same for the same seed: the header and rows of <c>x,z,g,w,y,n,won,grade</c>.</summary>
static class Simulated
{
    public const string Header = "x,z,g,w,y,n,won,grade";

    static readonly string[] _groups = ["a", "b", "c"];
    static readonly string[] _grades = ["low", "medium", "high"];

    public static string Text(int rows, int seed = 1) => $"{Header}\n{string.Concat(Rows(rows, seed))}";

    public static IEnumerable<string> Rows(int rows, int seed = 1)
    {
        var random = new Random(seed);
        for (var i = 0; i < rows; i++)
        {
            double x = Normal(random), z = random.NextDouble();
            var g = random.Next(3);
            var y = 1 + (0.5 * x) - z + (0.3 * g) + (0.5 * Normal(random));
            var n = Count(random, Math.Exp(0.3 + (0.4 * x)));
            var won = random.NextDouble() < 1 / (1 + Math.Exp(0.2 - x)) ? 1 : 0;
            var latent = x + Math.Log(1 / ((1 / random.NextDouble()) - 1));
            var grade = _grades[latent < -0.5 ? 0 : latent < 1 ? 1 : 2];
            yield return string.Create(CultureInfo.InvariantCulture, $"{x:F6},{z:F6},{_groups[g]},{1 + random.Next(3)},{y:F6},{n},{won},{grade}\n");
        }
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    static int Count(Random random, double mean)
    {
        var (count, product) = (0, random.NextDouble());
        for (var limit = Math.Exp(-mean); product > limit; product *= random.NextDouble()) { count++; }
        return count;
    }
}
