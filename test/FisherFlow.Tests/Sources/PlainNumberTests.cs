using System.Globalization;
using System.Text;
using FisherFlow.Data.Sources;

namespace FisherFlow.Tests.Sources;

/// <summary>The short way to a number and the runtime's own must meet, bit for bit, and the short way must leave to others what it does not know.</summary>
public sealed class PlainNumberTests
{
    const int Margin = 16;

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("+7")]
    [InlineData("5.")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("0.1")]
    [InlineData("-0.536953")]
    [InlineData("00012.50")]
    [InlineData("0.30000000000000")]
    [InlineData("123456789012345.")]
    [InlineData("999999999999999")]
    [InlineData("9007199254740992")]
    [InlineData("0000000000000001")]
    [InlineData("-0000000000000.01")]
    public void Plain_numbers_are_read_as_the_runtime_reads_them(string text)
    {
        Assert.True(TryRead(text, out var value), text);
        Assert.Equal(Bits(double.Parse(text, CultureInfo.InvariantCulture)), Bits(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("--1")]
    [InlineData("+-1")]
    [InlineData("1-")]
    [InlineData("1.2.3")]
    [InlineData("1,5")]
    [InlineData("1 5")]
    [InlineData(" 1")]
    [InlineData("1e5")]
    [InlineData("NA")]
    [InlineData("inf")]
    [InlineData("0x10")]
    [InlineData("1\0")]
    [InlineData("9007199254740993")]
    [InlineData("12345678901234567")]
    [InlineData("0.12345678901234567")]
    public void Everything_else_is_left_to_others(string text) => Assert.False(TryRead(text, out _), text);

    [Fact]
    public void Random_decimals_of_every_length_agree_to_the_bit_with_the_runtime_and_with_the_general_reader()
    {
        var random = new Random(41);
        for (var i = 0; i < 100_000; i++)
        {
            var digits = new char[random.Next(1, 17)];
            for (var d = 0; d < digits.Length; d++) { digits[d] = (char)('0' + random.Next(10)); }
            var text = new string(digits);
            if (text.Length < 16 && random.Next(4) > 0) { text = text.Insert(random.Next(text.Length + 1), "."); }
            text = random.Next(3) switch { 0 => "-", 1 => "+", _ => "" } + text;
            var expected = double.Parse(text, CultureInfo.InvariantCulture);

            Assert.True(FieldParser.TryNumber(Encoding.UTF8.GetBytes(text), out var general));
            Assert.Equal(Bits(expected), Bits(general));
            if (TryRead(text, out var value)) { Assert.Equal(Bits(expected), Bits(value)); }
            else { Assert.True(Math.Abs(expected) > 1L << 53, text); }
        }
    }

    [Fact]
    public void A_character_that_is_wrong_anywhere_is_seen()
    {
        const string Number = "123456.789012345";
        for (var at = 0; at < Number.Length; at++)
        {
            for (var character = 0; character < 256; character++)
            {
                if ((char)character is (>= '0' and <= '9') or '.' || (at == 0 && (char)character is '-' or '+')) { continue; }
                var bytes = Padded(Number);
                bytes[Margin + at] = (byte)character;
                Assert.False(PlainNumber.TryRead(bytes, Margin, Margin + Number.Length, out _));
            }
        }
    }

    static bool TryRead(string text, out double value)
    {
        var bytes = Padded(text);
        return PlainNumber.TryRead(bytes, Margin, bytes.Length - Margin, out value);
    }

    /// <summary>The text between digits, points and signs that must not count.</summary>
    static byte[] Padded(string text) => Encoding.Latin1.GetBytes("9.-8+7.654321.09" + text + "9.-8+7.654321.09");

    static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
