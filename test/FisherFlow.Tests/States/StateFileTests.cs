using System.IO.Hashing;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.States;
using FisherFlow.Snapshots;
using FisherFlow.Tests.Sources;

namespace FisherFlow.Tests.States;

public sealed class StateFileTests : IDisposable
{
    const string Producer = "FisherFlow 0.1.0";

    readonly TemporaryFolder _folder = new();

    string StatePath => _folder.At("flights.ff");

    public void Dispose() => _folder.Dispose();

    static byte[] Payload(int number, string text = "a text")
    {
        var writer = new StateWriter();
        writer.Write(number);
        writer.Write(text);
        return writer.Written.ToArray();
    }

    static int Number(string path) => StateFile.Read(path).Payload.ReadInt32();

    string Refusal(byte[] bytes)
    {
        File.WriteAllBytes(StatePath, bytes);
        return Assert.Throws<DataException>(() => StateFile.Read(StatePath)).Message;
    }

    byte[] Written(int number)
    {
        StateFile.Write(StatePath, Producer, Payload(number));
        return File.ReadAllBytes(StatePath);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        StateFile.Write(StatePath, Producer, Payload(7));
        var state = StateFile.Read(StatePath);
        Assert.Equal((1, Producer), (state.FormatVersion, state.Producer));
        Assert.Equal(7, state.Payload.ReadInt32());
        Assert.Equal("a text", state.Payload.ReadText());
        Assert.Equal(0, state.Payload.Remaining);
        Assert.Equal([StatePath], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void The_format_is_what_its_description_says()
    {
        var bytes = Written(7);
        var content = Payload(7);
        byte[] body = [.. "FISHFLOW"u8, 1, 0, 0, 0, 16, 0, 0, 0, .. Encoding.UTF8.GetBytes(Producer), (byte)content.Length, 0, 0, 0, 0, 0, 0, 0, .. content];
        Assert.Equal([.. body, .. XxHash128.Hash(body)], bytes);
    }

    [Fact]
    public void A_state_takes_the_place_of_the_one_before()
    {
        Written(1);
        Written(2);
        Assert.Equal(2, Number(StatePath));
    }

    [Theory]
    [InlineData((int)StateWriteStep.Created)]
    [InlineData((int)StateWriteStep.Written)]
    [InlineData((int)StateWriteStep.Flushed)]
    public void A_failure_before_the_last_step_leaves_the_old_state_and_nothing_else(int step)
    {
        Written(1);
        var message = Assert.Throws<DataException>(() => StateFile.Write(StatePath, Producer, Payload(2), done =>
        {
            if ((int)done == step) { throw new IOException("No space left on device."); }
        })).Message;
        Assert.Contains("No space left on device", message, StringComparison.Ordinal);
        Assert.Equal(1, Number(StatePath));
        Assert.Equal([StatePath], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(1000)]
    public void What_a_killed_program_left_behind_neither_harms_the_state_nor_the_next_write(int length)
    {
        Written(1);
        File.WriteAllBytes(StatePath + ".partial", new byte[length]);
        Assert.Equal(1, Number(StatePath));
        Written(2);
        Assert.Equal(2, Number(StatePath));
        Assert.Equal([StatePath], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Two_writers_at_once_do_not_mix()
    {
        StateFile.Write(StatePath, Producer, Payload(1), done =>
        {
            if (done == StateWriteStep.Written) { Assert.Throws<DataException>(() => StateFile.Write(StatePath, Producer, Payload(2))); }
        });
        Assert.Equal(1, Number(StatePath));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        Assert.Contains("none", Assert.Throws<DataException>(() => StateFile.Write(_folder.At(Path.Combine("none", "a.ff")), Producer, Payload(1))).Message, StringComparison.Ordinal);
        Assert.Contains("is a directory", Assert.Throws<DataException>(() => StateFile.Write(_folder.Path, Producer, Payload(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_are_not_replaced_by_a_state_and_an_empty_file_is()
    {
        File.WriteAllText(StatePath, "x,y\n1,2\n");
        Assert.Contains("is no state of FisherFlow", Assert.Throws<DataException>(() => StateFile.RequireWritable(StatePath)).Message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => Written(1));
        Assert.Equal("x,y\n1,2\n", File.ReadAllText(StatePath));
        File.WriteAllText(StatePath, "");
        Written(2);
        Assert.Equal(2, Number(StatePath));
    }

    /// <summary>Renaming a file over a device would take it away from the whole machine, where one may.</summary>
    [Fact]
    public void A_device_is_no_place_for_a_state()
    {
        if (OperatingSystem.IsWindows()) { return; }
        Assert.Contains("which is a device", Assert.Throws<DataException>(() => StateFile.RequireWritable("/dev/null")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_symbolic_link_stays_one()
    {
        Written(1);
        var link = _folder.At("link.ff");
        File.CreateSymbolicLink(link, StatePath);
        StateFile.Write(link, Producer, Payload(2));
        Assert.Equal(2, Number(StatePath));
        Assert.NotNull(File.ResolveLinkTarget(link, returnFinalTarget: true));
    }

    [Fact]
    public void A_file_that_is_not_a_state_is_refused_with_the_reason()
    {
        Assert.Contains("no such state file", Assert.Throws<DataException>(() => StateFile.Read(StatePath)).Message, StringComparison.Ordinal);
        Assert.Contains("is a directory", Assert.Throws<DataException>(() => StateFile.Read(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("is not a state file", Refusal("a,b\n1,2\n"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("is not a state file", Refusal([]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_cut_short_anywhere_is_refused()
    {
        var bytes = Written(7);
        for (var length = 0; length < bytes.Length; length++) { Assert.Contains("flights.ff", Refusal(bytes[..length]), StringComparison.Ordinal); }
        Assert.Contains("damaged", Refusal([.. bytes, 0]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_refused()
    {
        var bytes = Written(7);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Contains("flights.ff", Refusal(bytes), StringComparison.Ordinal);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_newer_format_names_both_versions_and_what_wrote_it()
    {
        var bytes = Written(7);
        bytes[8] = 2;
        var message = Refusal(bytes);
        Assert.Contains("in format 2, written by FisherFlow 0.1.0; this program reads formats up to 1", message, StringComparison.Ordinal);
    }
}
