using FisherFlow.Data.Design;

namespace FisherFlow.Tests.Design;

public sealed class LevelDictionaryTests
{
    [Fact]
    public void Thousands_of_texts_of_all_lengths_keep_their_numbers()
    {
        var levels = new LevelDictionary(isNumeric: false);
        var texts = Enumerable.Range(0, 20_000).Select(i => System.Text.Encoding.UTF8.GetBytes(new string((char)('a' + (i % 26)), i % 40) + i)).ToList();
        for (var i = 0; i < texts.Count; i++)
        {
            Assert.Equal(-1, levels.Find(texts[i]));
            Assert.Equal(i, levels.Add(texts[i]));
        }

        Assert.Equal(Enumerable.Range(0, texts.Count), texts.Select(text => levels.Find(text)));
        Assert.Equal(Enumerable.Range(0, texts.Count), levels.Names.Select(levels.Add));
        Assert.Equal(texts.Count, levels.Count);
    }

    [Fact]
    public void Texts_that_differ_in_a_zero_byte_or_their_order_are_different()
    {
        var levels = new LevelDictionary(isNumeric: false);
        byte[][] texts = [[0], [0, 0], [1], [1, 0], [0, 1], [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0]];
        foreach (var text in texts) { levels.Add(text); }

        Assert.Equal(Enumerable.Range(0, texts.Length), texts.Select(text => levels.Find(text)));
    }

    [Fact]
    public void Numbers_are_named_by_their_shortest_text()
    {
        var levels = new LevelDictionary(isNumeric: true);
        foreach (var value in (double[])[1, 0.1, 1e300, 1.0 / 3, -0.0]) { levels.Add(value); }

        Assert.Equal(["1", "0.1", "1E+300", "0.3333333333333333", "0"], levels.Names);
        Assert.Equal([0, 3, 4, 4, -1], new[] { 1, 1.0 / 3, 0.0, -0.0, 2 }.Select(levels.Find));
    }
}
