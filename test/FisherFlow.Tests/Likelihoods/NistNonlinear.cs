using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FisherFlow.Tests.Reference;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>A nonlinear least squares problem of NIST's Statistical Reference Datasets: the data, two starts and 11 certified digits.</summary>
/// <param name="Csv">The data with the header y,x or y,x1,x2.</param>
/// <param name="Starts">Both starts, by parameter.</param>
/// <param name="Estimates">Certified parameters.</param>
/// <param name="StandardErrors">Their certified standard deviations.</param>
sealed partial record NistNonlinear(string Csv, Dictionary<string, double>[] Starts, double[] Estimates, double[] StandardErrors)
{
    public static NistNonlinear Read(string name)
    {
        var lines = File.ReadAllLines(ReferenceCase.PathOf($"nist/{name}.dat"));
        var parameters = lines.Select(line => Parameter().Match(line)).Where(match => match.Success).ToList();
        var first = Array.FindLastIndex(lines, line => line.StartsWith("Data:", StringComparison.Ordinal)) + 1;
        var rows = lines[first..].Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length > 1).ToList();
        var csv = new StringBuilder(rows[0].Length == 2 ? "y,x\n" : "y,x1,x2\n");
        foreach (var row in rows) { csv.AppendJoin(',', row).Append('\n'); }
        return new(csv.ToString(), [Start(parameters, "one"), Start(parameters, "two")], [.. parameters.Select(m => Number(m, "estimate"))], [.. parameters.Select(m => Number(m, "error"))]);
    }

    static Dictionary<string, double> Start(List<Match> parameters, string group) => parameters.ToDictionary(m => m.Groups["name"].Value, m => Number(m, group));

    static double Number(Match match, string group) => double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?<name>b\d+)\s*=\s*(?<one>[-+.\dE]+)\s+(?<two>[-+.\dE]+)\s+(?<estimate>[-+.\dE]+)\s+(?<error>[-+.\dE]+)\s*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
