using System.Text;

namespace FisherFlow.Tests.Design;

public sealed class DesignAllocationTests
{
    [Theory]
    [InlineData("y ~ x")]
    [InlineData("y ~ g")]
    [InlineData("y ~ g:h")]
    [InlineData("y ~ C(k)")]
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
}
