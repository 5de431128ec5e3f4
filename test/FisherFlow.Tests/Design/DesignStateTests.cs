using FisherFlow.Data;
using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Design;

public sealed class DesignStateTests
{
    const string Formula1 = "m ~ g*h + x:g:C(k) + log(x) + I(t == \"on\") + hour(d)";
    const string Header = "m,g,h,x,k,t,d,c\n";
    const string First = "a,p,u,1,1,on,2001-01-01 05:00,c1\nb,q,u,2,1.0,off,2001-01-01 06:00,c2\n";
    const string Second = "c,r,v,3,2,on,2001-01-01 07:00,c3\na,p,v,4,3,off,2001-01-01 08:00,c1\n";

    static readonly DesignOptions _options = new() { Family = Family.Multinomial, ClusterColumn = "c", MaxLevels = 50 };

    [Fact]
    public void A_state_that_was_read_back_goes_on_as_if_nothing_had_happened()
    {
        using var whole = Encoding.Of(Formula1, Header + First + Second, _options);
        using var half = Encoding.Of(Formula1, Header + First, _options);
        var saved = Saved(half.Encoder);
        var loaded = DesignEncoder.Load(new(saved));
        Assert.Equal(saved, Saved(loaded));

        using var rest = Encoding.Open(Header + Second);
        loaded.Bind(rest.Columns);
        var block = loaded.CreateBlock(2);
        while (rest.Read()) { Assert.True(loaded.TryEncode(rest, block, whole.Model, out _)); }

        Assert.Equal(Saved(whole.Encoder), Saved(loaded));
        var slots = block.Slots;
        Assert.Equal(whole.Block.Indices[(2 * slots)..(4 * slots)], block.Indices);
        Assert.Equal(whole.Block.Values[(2 * slots)..(4 * slots)], block.Values);
        Assert.Equal(whole.Block.Response[2..4], block.Response);
        Assert.Equal(whole.Block.Cluster[2..4], block.Cluster);
        Assert.Equal(whole.Block.Columns, block.Columns);
    }

    [Theory]
    [InlineData("y ~ x + .", Family.Gaussian)]
    [InlineData("t ~ x + C(g, ref = \"b\")", Family.Binomial)]
    [InlineData("C(t, ref = \"on\") ~ x", Family.Binomial)]
    [InlineData("k ~ x", Family.Ordinal)]
    [InlineData("cbind(x, k) ~ g + offset(log(y))", Family.Binomial)]
    public void Every_kind_of_response_survives(string formula, Family family)
    {
        using var encoding = Encoding.Of(formula, "y,x,g,t,k\n1,2,b,on,3\n2,3,a,off,1\n", new() { Family = family });
        var saved = Saved(encoding.Encoder);
        var loaded = DesignEncoder.Load(new(saved));

        Assert.Equal(saved, Saved(loaded));
        Assert.Equal(encoding.Encoder.BinaryLevels, loaded.BinaryLevels);
        Assert.Equal(encoding.Encoder.Schema.References, loaded.Schema.References);
        Assert.Equal(encoding.Encoder.HasOffset, loaded.HasOffset);
    }

    [Fact]
    public void A_damaged_state_is_invalid_data_and_nothing_else()
    {
        using var encoding = Encoding.Of(Formula1, Header + First, _options);
        var saved = Saved(encoding.Encoder);

        for (var length = 0; length < saved.Length; length += 3)
        {
            Assert.Throws<InvalidDataException>(() => DesignEncoder.Load(new(saved.AsMemory(0, length))));
        }
        var renamed = (byte[])saved.Clone();
        renamed[4] = (byte)'(';   // the first character of the formula
        Assert.Throws<InvalidDataException>(() => DesignEncoder.Load(new(renamed)));
    }

    [Fact]
    public void Absorbing_matches_columns_outcomes_and_clusters_by_name()
    {
        using var left = Encoding.Of(Formula1, Header + First, _options);
        using var right = Encoding.Of(Formula1, Header + Second + First, _options);
        var before = Saved(right.Encoder);

        var union = left.Encoder.Absorb(right.Encoder);

        Assert.Equal(before, Saved(right.Encoder));
        var (here, there) = (left.Encoder.Schema, right.Encoder.Schema);
        Assert.Equal(Enumerable.Range(0, there.Columns.Count).Select(there.Name), union.Columns.Select(here.Name));
        Assert.Equal(there.Outcomes, union.Outcomes.Select(outcome => here.Outcomes[outcome]));
        Assert.Equal(right.Encoder.Clusters, union.Clusters.Select(cluster => left.Encoder.Clusters[cluster]));
        Assert.Equal(["a", "b", "c"], here.Outcomes);
        Assert.Equal(Saved(left.Encoder), Saved(DesignEncoder.Load(new(Saved(left.Encoder)))));
    }

    [Fact]
    public void An_encoder_that_absorbed_another_encodes_its_levels()
    {
        using var left = Encoding.Of("y ~ g:h", "y,g,h\n1,a,u\n");
        using var right = Encoding.Of("y ~ g:h", "y,g,h\n1,b,v\n2,c,u\n");
        left.Encoder.Absorb(right.Encoder);
        using var more = Encoding.Open("y,g,h\n1,c,u\n2,b,v\n3,a,v\n");
        var block = left.Encoder.CreateBlock(3);
        while (more.Read()) { Assert.True(left.Encoder.TryEncode(more, block, left.Model, out _)); }

        Assert.Equal(["g[c]:h[u]", "g[b]:h[v]", "g[a]:h[v]"], block.Indices.Select(left.Encoder.Schema.Name));
    }

    [Fact]
    public void A_full_factor_absorbs_without_lumping_columns_together()
    {
        using var left = Encoding.Of("y ~ g - 1", "y,g\n1,a\n1,b\n", new() { MaxLevels = 1 });
        using var right = Encoding.Of("y ~ g - 1", "y,g\n1,c\n1,d\n", new() { MaxLevels = 1 });
        var union = left.Encoder.Absorb(right.Encoder);

        Assert.Equal(["g[a]", "g[(other)]", "g[c]"], Enumerable.Range(0, 3).Select(left.Encoder.Schema.Name));
        Assert.Equal([2, 1], union.Columns);
    }

    [Theory]
    [InlineData("y ~ x", "y,x,g,t\n1,2,a,on\n", "their formulas differ: 'y ~ x + g' and 'y ~ x'")]
    [InlineData("y~x+g", "y,x,g,t\n1,2,3,on\n", "column 'g' holds text in one and numbers in the other")]
    public void Unlike_encoders_are_refused_by_name(string formula, string data, string problem)
    {
        using var left = Encoding.Of("y ~ x + g", "y,x,g,t\n1,2,a,on\n");
        using var right = Encoding.Of(formula, data);
        var before = Saved(left.Encoder);

        Assert.Contains(problem, Assert.Throws<MergeException>(() => left.Encoder.Absorb(right.Encoder)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Saved(left.Encoder));
    }

    [Fact]
    public void Responses_that_are_coded_differently_are_refused()
    {
        const string Data = "t,m,x\non,low,1\noff,high,2\n";
        static Encoding Binary(params string[] levels) => Encoding.Of("t ~ x", Data, new() { Family = Family.Binomial, OutcomeLevels = levels });
        static Encoding Ordered(params string[] levels) => Encoding.Of("m ~ x", Data, new() { Family = Family.Ordinal, OutcomeLevels = levels });
        using var plain = Binary();
        using var same = Binary("off", "on");
        using var swapped = Binary("on", "off");
        using var up = Ordered("low", "high");
        using var down = Ordered("high", "low");
        using var dots = Encoding.Of("t ~ .", Data, new() { Family = Family.Binomial });
        using var more = Encoding.Of("t ~ .", "t,m,x,z\non,low,1,1\noff,high,2,1\n", new() { Family = Family.Binomial });

        Assert.Equal([0, 1], plain.Encoder.Absorb(same.Encoder).Columns);
        Assert.Contains("levels of the response t are off, on in one and on, off in the other", Assert.Throws<MergeException>(() => plain.Encoder.Absorb(swapped.Encoder)).Message, StringComparison.Ordinal);
        Assert.Throws<MergeException>(() => up.Encoder.Absorb(down.Encoder));
        Assert.Contains("their terms differ", Assert.Throws<MergeException>(() => dots.Encoder.Absorb(more.Encoder)).Message, StringComparison.Ordinal);
    }

    static byte[] Saved(DesignEncoder encoder)
    {
        var writer = new StateWriter();
        encoder.Save(writer);
        return writer.Written.ToArray();
    }
}
