using System.Globalization;
using FisherFlow.Models;

namespace FisherFlow.Tests.Design;

public sealed class ModelMatrixTests
{
    public static TheoryData<string, string, string> Expected()
    {
        var data = new TheoryData<string, string, string>();
        var lines = ModelMatrixFixture.FromR.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        for (var i = 0; i < lines.Count;)
        {
            var rows = lines.Skip(i + 2).TakeWhile(line => !line.StartsWith('y')).ToList();
            data.Add(lines[i], lines[i + 1], string.Join('\n', rows));
            i += 2 + rows.Count;
        }
        return data;
    }

    [Theory, MemberData(nameof(Expected))]
    public void Free_columns_are_those_of_R_in_its_order_with_its_values(string formula, string names, string rows)
    {
        using var encoding = Encoding.Of(formula, ModelMatrixFixture.Data);
        var columns = new Identification(encoding.Encoder.Schema, encoding.Model).Free.Select(free => free.Column).ToList();

        Assert.Empty(encoding.Rejections);
        Assert.Equal(names.Split('|').Select(AsSet), columns.Select(c => AsSet(encoding.Encoder.Schema.Name(c))));
        Assert.Equal(
            rows.Split('\n').Select(row => row.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))),
            Enumerable.Range(0, encoding.Block.Count).Select(row => columns.Select(c => encoding.Value(row, c))));
    }

    /// <summary>R writes <c>gb</c> for our <c>g[b]</c>, puts a reference into the name and <c>TRUE</c> after a comparison, and keeps the order of variables in <c>g:x</c>.</summary>
    static string AsSet(string name)
    {
        var ours = name.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        var plain = ours.Replace(", ref = \"b\"", "", StringComparison.Ordinal).Replace(", ref = 10", "", StringComparison.Ordinal).Replace(")TRUE", ")", StringComparison.Ordinal);
        return string.Join(':', plain.Split(':').Order(StringComparer.Ordinal));
    }
}
