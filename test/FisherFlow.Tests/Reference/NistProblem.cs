using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FisherFlow.Tests.Reference;

/// <summary>A linear least squares problem of NIST's Statistical Reference Datasets: the data and 15 certified digits.</summary>
/// <param name="Csv">The data with the header y,x or y,x1,x2,….</param>
/// <param name="Estimates">Certified coefficients.</param>
/// <param name="StandardErrors">Their certified standard deviations.</param>
sealed partial record NistProblem(string Csv, double[] Estimates, double[] StandardErrors)
{
    /// <summary>Reads a .dat file: lines of certified values and of data are named in its header.</summary>
    public static NistProblem Read(string name)
    {
        var lines = File.ReadAllLines(ReferenceCase.PathOf($"nist/{name}.dat"));
        var certified = Section(lines, "Certified Values").Select(line => Parameter().Match(line)).Where(match => match.Success).ToList();
        var data = Section(lines, "Data").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length > 0).ToList();
        var predictors = data[0].Length - 1;
        var csv = new StringBuilder("y,").AppendJoin(',', predictors == 1 ? ["x"] : Enumerable.Range(1, predictors).Select(i => $"x{i}")).Append('\n');
        foreach (var row in data) { csv.AppendJoin(',', row).Append('\n'); }
        return new(csv.ToString(), [.. certified.Select(m => Number(m, "estimate"))], [.. certified.Select(m => Number(m, "error"))]);
    }

    /// <summary>Digits that agree, <c>−log₁₀ |b − c|/|c|</c>, of the worst of several numbers; at most 15, as many as are certified.</summary>
    public static double Digits(IEnumerable<double> actual, IEnumerable<double> certified) =>
        actual.Zip(certified, (b, c) => b == c ? 15 : Math.Min(15, -Math.Log10(Math.Abs(b - c) / Math.Abs(c)))).Min();

    static IEnumerable<string> Section(string[] lines, string name)
    {
        var range = Regex.Match(string.Join('\n', lines.Take(10)), $@"{name}\s+\(lines (?<first>\d+) to (?<last>\d+)\)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        var (first, last) = ((int)Number(range, "first"), (int)Number(range, "last"));
        return lines.Skip(first - 1).Take(last - first + 1);
    }

    static double Number(Match match, string group) => double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s+B\d+\s+(?<estimate>[-+.\dE]+)\s+(?<error>[-+.\dE]+)\s*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
