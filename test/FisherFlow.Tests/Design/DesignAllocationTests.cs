using System.Text;
using FisherFlow.Data.Design;
using FisherFlow.Data.Sources;

namespace FisherFlow.Tests.Design;

public sealed class DesignAllocationTests
{
    [Theory]
    [InlineData("y ~ x")]
    [InlineData("y ~ g")]
    [InlineData("y ~ g:h")]
    [InlineData("y ~ C(k)")]
    [InlineData("y ~ hash(g:h, 2^12)")]
    [InlineData("y ~ hour(date)")]
    [InlineData("y ~ I(x^2 / 3 > 100 & t == \"on\")")]
    [InlineData("y ~ g*h*x + C(k):x + hour(date) + C(weekday(date)) + log(x) + I(x^2 / 3 > 100 & t == \"on\") + offset(log(e))")]
    public void A_row_without_news_allocates_nothing(string formula)
    {
        var text = new StringBuilder("y,x,g,h,k,date,w,c,e,t\n");
        for (var i = 0; i < 400; i++) { text.Append(i % 2 == 0 ? "yes" : "no").Append($",{i + 0.5},g{i % 7},h\u00fc{i % 5},{i % 3}.0,2001-01-0{1 + (i % 9)} 10:{10 + (i % 50)},1.5,c{i % 11},2,{(i % 3 == 0 ? "on" : "off")}\n"); }
        using var encoding = new Encoding(
            formula, text.ToString(), new() { Family = FisherFlow.Models.Family.Binomial, WeightsColumn = "w", ClusterColumn = "c" }, capacity: 400);
        for (var i = 0; i < 320; i++)
        {
            encoding.Reader.Read();
            encoding.Next();
        }
        var (encoder, reader, block, model) = (encoding.Encoder, encoding.Reader, encoding.Block, encoding.Model);
        var allocated = 0L;
        while (reader.Read())
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(encoder.TryEncode(reader, block, model, out _));
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(400, block.Count);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Records_that_were_set_aside_are_split_parsed_and_encoded_without_allocating()
    {
        const int Records = 100;
        var text = new StringBuilder("y,x,g,h\n");
        for (var i = 0; i < 10 * Records; i++) { text.Append($"{i % 3},{i * 0.25},g{i % 7},\"h{i % 5}\"\n"); }
        using var encoding = new Encoding("y ~ x*g + h", text.ToString(), capacity: Records);
        var (encoder, block, batch, other) = (encoding.Encoder, encoding.Block, new RecordBatch(), new RecordReader(encoding.Reader));
        var replica = encoder.CreateReplica();
        replica.Bind(encoding.Reader.Columns);
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            encoding.Reader.SetAside(batch, Records);
            other.Take(batch);
            block.Count = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                other.MoveTo(i);
                Assert.True(encoder.TryEncode(other, block, encoding.Model, out _));
            }
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            replica.CatchUp(encoder);
            before = GC.GetAllocatedBytesForCurrentThread();
            block.Count = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                other.MoveTo(i);
                Assert.True(replica.EncodeKnown(other, block, encoding.Model, out _) == KnownRow.Encoded);
            }
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            if (round > 5) { Assert.Equal(0, bytes); }   // before, arrays and dictionaries grow
        }
    }
}
