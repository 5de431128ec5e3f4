using FisherFlow.Data.Sources;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Sources;

public sealed class RejectionLogTests
{
    static RejectionLog Log(params (RejectionReason Reason, string Text)[] rows)
    {
        var log = new RejectionLog();
        foreach (var (reason, text) in rows) { log.Add(new(reason, 1, text), "flights.csv", 17 + log.Count, "delay"); }
        return log;
    }

    [Fact]
    public void A_log_without_rows_says_nothing() => Assert.Empty(new RejectionLog().Describe());

    [Fact]
    public void Rows_are_counted_by_reason_and_the_first_are_told()
    {
        var log = Log([.. Enumerable.Repeat((RejectionReason.NotNumeric, "abc"), 3), .. Enumerable.Repeat((RejectionReason.Missing, "NA"), 9)]);
        Assert.Equal(12, log.Count);
        Assert.Equal(9, log.CountBy(RejectionReason.Missing));
        Assert.Equal(0, log.CountBy(RejectionReason.UnknownLevel));
        var lines = log.Describe();
        Assert.Equal("12 rows rejected: 9 missing, 3 not numeric", lines[0]);
        Assert.Equal("  flights.csv line 17, column delay: \"abc\" is not a number", lines[1]);
        Assert.Equal("  flights.csv line 20, column delay: \"NA\" stands for a missing value", lines[4]);
        Assert.Equal(1 + RejectionLog.MaximumExamples, lines.Count);
    }

    [Theory]
    [InlineData(RejectionReason.Missing, "", "column delay: the field is empty")]
    [InlineData(RejectionReason.NotFinite, "inf", "column delay: \"inf\" does not give a finite number of at most 1e50 in size")]
    [InlineData(RejectionReason.NotADate, "x", "column delay: \"x\" is not a date (2001-01-31 or 2001-01-31 13:05)")]
    [InlineData(RejectionReason.UnknownLevel, "XYZ", "column delay: \"XYZ\" is a level that the fit has not seen")]
    [InlineData(RejectionReason.OutsideSupport, "-1", "column delay: \"-1\" is not a response that the family can produce")]
    public void Every_reason_has_its_words(RejectionReason reason, string text, string words) =>
        Assert.EndsWith(words, Log((reason, text)).Describe()[1], StringComparison.Ordinal);

    [Fact]
    public void A_record_of_the_wrong_length_is_told_without_a_column()
    {
        var log = new RejectionLog();
        log.Add(Rejection.OfFieldCount(1, 5), "a.csv", 3, "");
        Assert.Equal(["1 row rejected: 1 wrong number of fields", "  a.csv line 3: 1 field, not 5"], log.Describe());
    }

    [Fact]
    public void Long_texts_are_shortened_and_kept_on_one_line()
    {
        var text = Log((RejectionReason.NotNumeric, "a\nb\t" + new string('x', 100))).Examples[0].Text;
        Assert.Equal("a b " + new string('x', 35) + "…", text);
        Assert.Equal(RejectionLog.MaximumTextLength, text.Length);
        Assert.Equal(new string('x', 38) + "…", Log((RejectionReason.NotNumeric, new string('x', 38) + "😀😀")).Examples[0].Text);
    }

    [Fact]
    public void Logs_add_up_and_keep_the_first_examples()
    {
        var log = Log((RejectionReason.Missing, "NA"), (RejectionReason.NotNumeric, "a"));
        var other = Log((RejectionReason.Missing, "1"), (RejectionReason.Missing, "2"), (RejectionReason.Missing, "3"), (RejectionReason.Missing, "4"));
        log.Merge(other);
        Assert.Equal((6, 5), (log.Count, log.CountBy(RejectionReason.Missing)));
        Assert.Equal(["NA", "a", "1", "2", "3"], log.Examples.Select(example => example.Text));
        Assert.Equal(4, other.Count);
    }

    [Fact]
    public void A_log_survives_a_state()
    {
        var log = Log((RejectionReason.Missing, ""), (RejectionReason.NotADate, "ä"));
        var writer = new StateWriter();
        log.Save(writer);
        var copy = RejectionLog.Load(new StateReader(writer.Written.ToArray()));
        Assert.Equal(log.Describe(), copy.Describe());
        Assert.Equal(log.Examples, copy.Examples);
    }
}
