using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Design;

public sealed class DesignEncoderTests
{
    [Fact]
    public void Every_level_has_a_column_in_the_order_of_the_stream()
    {
        using var encoding = Encoding.Of("y ~ g + x:g + x", "y,g,x\n1,b,2\n2,a,3\n3,b,4\n");

        Assert.Equal(["(Intercept)", "x", "g[b]", "x:g[b]", "g[a]", "x:g[a]"], encoding.ColumnNames);
        Assert.Equal(["(Intercept)=1 x=2 g[b]=1 x:g[b]=2", "(Intercept)=1 x=3 g[a]=1 x:g[a]=3", "(Intercept)=1 x=4 g[b]=1 x:g[b]=4"], Enumerable.Range(0, 3).Select(encoding.Row));
        Assert.Equal([1, 2, 3], encoding.Block.Response[..3]);
        Assert.Equal(6, encoding.Block.Columns);
    }

    [Fact]
    public void Slots_carry_values_only_where_a_number_takes_part()
    {
        using var plain = Encoding.Of("y ~ g + g:h + x:z", "y,g,h,x,z\n1,a,u,2,3\n");
        using var mixed = Encoding.Of("y ~ g + z:g:x", "y,g,h,x,z\n1,a,u,2,3\n");

        Assert.Empty(plain.Block.Values);
        Assert.Equal("(Intercept)=1 x:z=6 g[a]=1 g[a]:h[u]=1", plain.Row(0));
        Assert.Equal("(Intercept)=1 g[a]=1 z:x:g[a]=6", mixed.Row(0));
    }

    [Fact]
    public void A_number_is_one_level_however_it_is_written()
    {
        using var encoding = Encoding.Of("y ~ C(k)", "y,k\n1,1\n2,1.0\n3,1e0\n4, 10 \n5,0\n6,-0.0\n7,0.10\n");

        Assert.Equal(["(Intercept)", "C(k)[1]", "C(k)[10]", "C(k)[0]", "C(k)[0.1]"], encoding.ColumnNames);
    }

    [Fact]
    public void Truth_values_are_levels_by_their_text_and_numbers_inside_I()
    {
        using var encoding = Encoding.Of("y ~ flag + I(flag)", "y,flag\n1,TRUE\n2,FALSE\n");

        Assert.Equal(["(Intercept)=1 I(flag)=1 flag[TRUE]=1", "(Intercept)=1 flag[FALSE]=1"], Enumerable.Range(0, 2).Select(encoding.Row));
    }

    [Fact]
    public void Levels_beyond_the_most_are_counted_together()
    {
        using var encoding = Encoding.Of("y ~ g:h - 1", "y,g,h\n1,a,u\n2,b,u\n3,c,u\n4,d,v\n5,a,w\n6,b,x\n", new() { MaxLevels = 2 });

        Assert.Equal(["g[a]:h[u]", "g[b]:h[u]", "g[(other)]:h[u]", "g[(other)]:h[v]", "g[a]:h[(other)]", "g[b]:h[(other)]"], Enumerable.Range(0, 6).Select(row => encoding.Row(row)[..^2]));
        Assert.Equal(2, encoding.Encoder.Warnings.Count);
        Assert.Contains("'g' has more than 2 levels", encoding.Encoder.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_offsets_and_clusters_come_from_their_columns()
    {
        using var encoding = Encoding.Of("y ~ . + offset(log(e))", "y,x,w,e,o,c\n1,2,0.5,1,10,k\n2,3,0,2.5,20,l\n3,4,1,1,30,k\n",
            new() { WeightsColumn = "w", OffsetColumn = "o", ClusterColumn = "c" });

        Assert.Equal(["(Intercept)", "x", "e"], encoding.ColumnNames);
        Assert.Equal([0.5, 0, 1], encoding.Block.Weight[..3]);
        Assert.Equal([10, Math.Log(2.5) + 20, 30], encoding.Block.Offset[..3]);
        Assert.Equal([0, 1, 0], encoding.Block.Cluster[..3]);
        Assert.Equal(["k", "l"], encoding.Encoder.Clusters);
        Assert.True(encoding.Encoder.HasOffset);
    }

    [Theory]
    [InlineData("NA,1,u,1,c9,2001-01-01,1", RejectionReason.Missing, 0, "NA")]
    [InlineData("1,,u,1,c9,2001-01-01,1", RejectionReason.Missing, 1, "")]
    [InlineData("1,abc,u,1,c9,2001-01-01,1", RejectionReason.NotNumeric, 1, "abc")]
    [InlineData("1,inf,u,1,c9,2001-01-01,1", RejectionReason.NotFinite, 1, "inf")]
    [InlineData("1,1e999,u,1,c9,2001-01-01,1", RejectionReason.NotFinite, 1, "1e999")]
    [InlineData("1,0,u,1,c9,2001-01-01,1", RejectionReason.NotFinite, 1, "0")]
    [InlineData("1,1,NA,1,c9,2001-01-01,1", RejectionReason.Missing, 2, "NA")]
    [InlineData("1,1,u,NaN,c9,2001-01-01,1", RejectionReason.Missing, 3, "NaN")]
    [InlineData("1,1,u,-1,c9,2001-01-01,1", RejectionReason.OutsideSupport, 3, "-1")]
    [InlineData("1,1,u,inf,c9,2001-01-01,1", RejectionReason.NotFinite, 3, "inf")]
    [InlineData("1,1,u,1,,2001-01-01,1", RejectionReason.Missing, 4, "")]
    [InlineData("1,1,u,1,c9,2001-13-01,1", RejectionReason.NotADate, 5, "2001-13-01")]
    [InlineData("1,1,u,1,c9,null,1", RejectionReason.Missing, 5, "null")]
    [InlineData("-5,1,u,1,c9,2001-01-01,1", RejectionReason.OutsideSupport, 0, "-5")]
    [InlineData("1,1,u,1,c9,2001-01-01,x", RejectionReason.NotNumeric, 6, "x")]
    [InlineData("1,1,u,1,c9,2001-01-01", RejectionReason.WrongFieldCount, -1, "6 fields, not 7")]
    [InlineData("1,1,u,1,c9,2001-01-01,1,1", RejectionReason.WrongFieldCount, -1, "8 fields, not 7")]
    public void A_rejected_row_leaves_no_trace(string row, RejectionReason reason, int column, string text)
    {
        using var encoding = new Encoding("y ~ g + log(x):g + C(k) + month(date)", $"y,x,g,w,c,date,k\n1,1,a,1,c1,2001-01-01,7\n{row}\n1,1,a,1,c1,2001-01-01,7\n",
            new() { Family = Family.Poisson, WeightsColumn = "w", ClusterColumn = "c", RejectInvalid = true }, profiled: 1);
        encoding.Reader.Read();
        Assert.True(encoding.Next());
        var before = Saved(encoding.Encoder);

        Assert.True(encoding.Reader.Read());
        Assert.False(encoding.Next());

        Assert.Equal(new Rejection(reason, column, text), encoding.Rejections[0]);
        Assert.Equal(1, encoding.Block.Count);
        Assert.Equal(before, Saved(encoding.Encoder));
        Assert.True(encoding.Reader.Read() && encoding.Next());
        Assert.Equal("(Intercept)=1 month(date)=1 g[a]=1 C(k)[7]=1", encoding.Row(1));
    }

    [Fact]
    public void A_header_in_another_order_means_the_same()
    {
        using var encoding = new Encoding("y ~ x + g", "y,x,g\n1,2,a\n");
        using var other = Encoding.Open("g,extra,y,x\nb,7,3,4\n");
        encoding.Encoder.Bind(other.Columns);
        other.Read();

        Assert.True(encoding.Encoder.TryEncode(other, encoding.Block, encoding.Model, out _));
        Assert.Equal("(Intercept)=1 x=4 g[b]=1", encoding.Row(0));
    }

    [Fact]
    public void A_header_that_lacks_a_column_or_repeats_one_is_an_error_that_names_it()
    {
        using var encoding = new Encoding("y ~ x + g", "y,x,g\n1,2,a\n");

        var missing = Assert.Throws<DataException>(() => encoding.Encoder.Bind(["y", "z", "h"]));
        var twice = Assert.Throws<DataException>(() => encoding.Encoder.Bind(["y", "x", "g", "x"]));
        encoding.Encoder.Bind(["x", "g"], needsResponse: false);

        Assert.Contains("x, g", missing.Message, StringComparison.Ordinal);
        Assert.Contains("y, z, h", missing.Message, StringComparison.Ordinal);
        Assert.Contains("'x' occurs twice", twice.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => encoding.Next());
    }

    [Fact]
    public void Prediction_grows_nothing_and_rejects_levels_that_it_does_not_know()
    {
        using var fitted = Encoding.Of("y ~ x + g:h", "y,x,g,h\n1,2,a,u\n2,3,b,v\n");
        var before = Saved(fitted.Encoder);
        using var asked = Encoding.Open("x,h,g\n5,u,a\n6,u,c\n7,v,a\n8,v,b\nNA,v,b\n");
        fitted.Encoder.Bind(asked.Columns, needsResponse: false);
        var block = fitted.Encoder.CreateBlock(10);
        var results = new List<Rejection?>();
        while (asked.Read()) { results.Add(fitted.Encoder.TryEncodePredictors(asked, block, out var rejection) ? null : rejection); }

        Assert.Equal([null, new(RejectionReason.UnknownLevel, 2, "c"), new(RejectionReason.UnknownLevel, 2, "a:v"), null, new(RejectionReason.Missing, 0, "NA")], results);
        Assert.Equal([5, 8], new[] { Encoding.ValueIn(block, 0, 1), Encoding.ValueIn(block, 1, 1) });
        Assert.Equal([1, 1], block.Weight[..2]);
        Assert.Equal(before, Saved(fitted.Encoder));
    }

    [Fact]
    public void Prediction_counts_an_unknown_level_as_other_where_that_level_was_grown()
    {
        using var fitted = Encoding.Of("y ~ g - 1", "y,g\n1,a\n2,b\n", new() { MaxLevels = 1 });
        using var asked = Encoding.Open("g\nzzz\na\n");
        fitted.Encoder.Bind(asked.Columns, needsResponse: false);
        var block = fitted.Encoder.CreateBlock(2);
        while (asked.Read()) { Assert.True(fitted.Encoder.TryEncodePredictors(asked, block, out _)); }

        Assert.Equal([1, 0], block.Indices);
        Assert.Equal("g[(other)]", fitted.Encoder.Schema.Name(1));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_read_as_Latin1()
    {
        var bytes = System.Text.Encoding.Latin1.GetBytes("y,g\n1,S\u00e3o\n2,K\u00f6ln\n3,S\u00e3o\n").Concat(System.Text.Encoding.UTF8.GetBytes("4,S\u00e3o\n")).ToArray();
        using var reader = DataSource.FromStandardInput(new MemoryStream(bytes)).Open();
        var encoder = DesignEncoder.Create(Formula.Parse("y ~ g - 1"), [new("y", ColumnKind.Numeric, []), new("g", ColumnKind.Text, [])], new());
        encoder.Bind(reader.Columns);
        var block = encoder.CreateBlock(4);
        while (reader.Read()) { Assert.True(encoder.TryEncode(reader, block, ModelFactory.Create(new()), out _)); }

        Assert.Equal([0, 1, 0, 0], block.Indices);
        Assert.Equal("g[S\u00e3o]", encoder.Schema.Name(0));
    }

    [Theory]
    [InlineData("y ~ x + delay", 8, "there is no column 'delay'; the data have: y, x, g, flag, date")]
    [InlineData("y ~ X", 4, "did you mean 'x'?")]
    [InlineData("y ~ log(g)", 8, "'g' holds text")]
    [InlineData("y ~ I(g == 3)", 6, "'g' holds text")]
    [InlineData("y ~ I(x == 'a')", 11, "'x' holds numbers")]
    [InlineData("y ~ hour(x)", 9, "'x' holds numbers; hour() takes dates")]
    [InlineData("y ~ x + date", 8, "legal are hour(date), weekday(date), month(date)")]
    [InlineData("y ~ .", 4, "date holds dates")]
    [InlineData("y ~ I(date > 3)", 6, "'date' holds dates")]
    [InlineData("y ~ x + y", 8, "y is the response")]
    [InlineData("y ~ 0", 5, "no terms")]
    [InlineData("y ~ offset(x) - 1", 17, "no terms")]
    [InlineData("y ~ x + offset(q)", 15, "there is no column 'q'")]
    [InlineData("cbind(x, y) ~ g", 0, "family binomial")]
    [InlineData("C(g) ~ x", 0, "needs a numeric response")]
    public void A_formula_that_does_not_fit_the_columns_points_at_the_character(string formula, int position, string problem)
    {
        using var reader = Encoding.Open("y,x,g,flag,date\n1,2,a,true,2001-01-01\n");

        var error = Assert.Throws<FormulaException>(() => DesignEncoder.Create(Formula.Parse(formula), reader.Profile(), new()));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(position, error.Position);
    }

    [Fact]
    public void An_option_that_names_no_column_or_no_numeric_one_is_an_error_that_says_so()
    {
        static string Message(DesignOptions options)
        {
            using var reader = Encoding.Open("y,x,g\n1,2,a\n");
            return Assert.Throws<DataException>(() => DesignEncoder.Create(Formula.Parse("y ~ x"), reader.Profile(), options)).Message;
        }

        Assert.Equal("there is no weights column 'w'; the data have: y, x, g", Message(new() { WeightsColumn = "w" }));
        Assert.Equal("the weights column 'g' holds text; it must be numeric", Message(new() { WeightsColumn = "g" }));
        Assert.Equal("the offset column 'g' holds text; it must be numeric", Message(new() { OffsetColumn = "g" }));
        Assert.Equal("there is no cluster column 'c'; the data have: y, x, g", Message(new() { ClusterColumn = "c" }));
    }

    [Fact]
    public void A_full_block_takes_no_row()
    {
        using var encoding = new Encoding("y ~ x", "y,x\n1,2\n", capacity: 0);
        encoding.Reader.Read();

        Assert.Throws<InvalidOperationException>(() => encoding.Next());
    }

    [Fact]
    public void Random_formulas_over_random_rows_end_in_rows_rejections_or_errors_that_say_why()
    {
        string[] operands = ["x", "z", "g", "h", "flag", "date", "(g + h)", "C(z)", "C(x > 2)", "log(x)", "I(x^2 / z)", "I(g == 'a')", "(x > 1)", "hour(date)", "C(month(date))", "factor(g, ref = 'b')", "nix", "."];
        string[] operators = [" + ", " + ", " - ", ":", " * ", " < "];
        string[] responses = ["x", "y", "log(y)", "flag", "g", "C(g, ref = \"a\")", "cbind(y, z)", "y > 2", "date", "I(g != 'a')"];
        string[] fields = ["1", "2.5", "-3", "0", "1e3", "a", "b", "true", "F", "2001-01-31 13:05", "", "NA", "inf", "\u00e9"];
        var random = new Random(711);
        T Any<T>(T[] from) => from[random.Next(from.Length)];
        var (rows, rejected, errors) = (0, 0, 0);
        for (var i = 0; i < 1500; i++)
        {
            var formula = $"{Any(responses)} ~ {Any(operands)}{string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Any(operators) + Any(operands)))}";
            var text = new StringBuilder("y,x,z,g,h,flag,date\n1,2,3,a,b,true,2001-01-31\n2,3,1,b,a,false,2001-02-28 05:00\n");
            for (var r = 0; r < 8; r++) { text.AppendJoin(',', Enumerable.Range(0, 7).Select(c => random.Next(4) == 0 ? Any(fields) : ((string[])["3", "2", "1", "c", "d", "T", "2002-01-01"])[c])).Append('\n'); }
            try
            {
                var options = new DesignOptions { Family = (Family)random.Next(9), MaxLevels = random.Next(1, 4), RejectInvalid = random.Next(2) == 0, ClusterColumn = random.Next(3) == 0 ? "h" : null };
                using var encoding = Encoding.Of(formula, text.ToString(), options, profiled: 2);
                rows += encoding.Block.Count;
                rejected += encoding.Rejections.Count;
                Assert.Equal(10, encoding.Block.Count + encoding.Rejections.Count);
                Assert.All(encoding.Block.Dense, value => Assert.True(double.IsFinite(value)));
                Assert.All(encoding.Block.Indices[..(encoding.Block.Count * encoding.Block.Slots)], index => Assert.InRange(index, encoding.Block.DenseColumns, encoding.Block.Columns - 1));
                Assert.Equal(Saved(encoding.Encoder), Saved(DesignEncoder.Load(new(Saved(encoding.Encoder)))));
            }
            catch (Exception error) when (error is FormulaException or DataException)
            {
                errors++;
            }
        }
        Assert.True(rows > 1000 && rejected > 1000 && errors > 100, $"{rows} rows, {rejected} rejected, {errors} errors");
    }

    [Fact]
    public void Columns_with_odd_names_go_by_back_quotes()
    {
        using var encoding = Encoding.Of("`the y` ~ `a:b` + a:b + log(`2nd`)", "the y,a:b,a,b,2nd\n1,2,3,4,1\n");

        Assert.Equal("(Intercept)=1 `a:b`=2 a:b=12", encoding.Row(0));
        Assert.Equal("log(`2nd`)", encoding.Encoder.Schema.Name(2));
    }

    static byte[] Saved(DesignEncoder encoder)
    {
        var writer = new StateWriter();
        encoder.Save(writer);
        return writer.Written.ToArray();
    }
}
