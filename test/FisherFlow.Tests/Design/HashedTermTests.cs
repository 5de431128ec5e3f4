using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Design;

public sealed class HashedTermTests
{
    const string Text = "y,x,id,k\n1,2,a,7\n2,3,b,7.0\n3,4,a,7\n4,5,\"a\",7\n5,6,,7\n";

    [Fact]
    public void The_same_text_is_the_same_slot_and_a_missing_one_rejects_its_row()
    {
        using var encoding = Encoding.Of("y ~ x + hash(id, 2^10)", Text);
        var slots = encoding.Block.Indices.AsSpan(0, 4).ToArray();
        Assert.Equal(4, encoding.Block.Count);
        Assert.Equal((slots[0], slots[0]), (slots[2], slots[3]));
        Assert.NotEqual(slots[0], slots[1]);
        Assert.All(slots, slot => Assert.InRange(slot, 2, 1025));
        Assert.Equal(1026, encoding.Encoder.Schema.Columns.Count);
        Assert.Single(encoding.Rejections);
    }

    /// <summary>Pinned: states of all versions and machines must agree on where a text goes.</summary>
    [Fact]
    public void A_texts_slot_never_changes()
    {
        using var encoding = Encoding.Of("y ~ hash(id, 2^10)", Text);
        var expected = (int)(System.IO.Hashing.XxHash3.HashToUInt64("a"u8, 0) % 1024);
        Assert.Equal(1 + expected, encoding.Block.Indices[0]);
        Assert.Equal(543, expected);
    }

    [Fact]
    public void Columns_are_hashed_together_and_numbers_by_their_text()
    {
        using var encoding = Encoding.Of("y ~ hash(id:k, 4096) + hash(k, 4096)", Text);
        var indices = encoding.Block.Indices;
        Assert.Equal(["hash(id:k)", "hash(k)"], encoding.Encoder.Schema.Terms.Skip(1).Select(term => term.Name));
        Assert.Equal(indices[0], indices[4]);
        Assert.NotEqual(indices[1], indices[3]);   // 7 and 7.0 are two texts
        Assert.InRange(indices[1], 1 + 4096, 8192);
    }

    [Fact]
    public void Predicting_and_a_state_know_every_text()
    {
        using var encoding = Encoding.Of("y ~ hash(id, 2^10)", Text);
        var writer = new StateWriter();
        encoding.Encoder.Save(writer);
        var again = DesignEncoder.Load(new(writer.Written.ToArray()));
        using var reader = Encoding.Open("id\nnever\na\n");
        again.Bind(reader.Columns, needsResponse: false);
        var block = again.CreateBlock(2);
        while (reader.Read()) { Assert.True(again.TryEncodePredictors(reader, block, out _)); }
        Assert.Equal(encoding.Block.Indices[0], block.Indices[1]);
        var writerAgain = new StateWriter();
        again.Save(writerAgain);
        Assert.True(writer.Written.SequenceEqual(writerAgain.Written));
    }

    [Theory]
    [InlineData("y ~ hash(id)", "number of slots")]
    [InlineData("y ~ hash(id, 1)", "from 2 to")]
    [InlineData("y ~ hash(id, 2^40)", "from 2 to")]
    [InlineData("y ~ hash(log(x), 8)", "columns by their names")]
    [InlineData("y ~ x:hash(id, 8)", "inside")]
    [InlineData("y ~ x * hash(id, 8)", "inside")]
    [InlineData("y ~ hash(id, 8) + hash(id, 16)", "8 slots elsewhere")]
    [InlineData("y ~ log(hash(id, 8))", "no place in arithmetic")]
    public void What_cannot_be_hashed_is_refused_with_what_can(string formula, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormulaException>(() => Formula.Parse(formula)).Message, StringComparison.Ordinal);
}
