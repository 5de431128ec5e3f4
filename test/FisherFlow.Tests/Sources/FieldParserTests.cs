using System.Globalization;
using System.Text;
using FisherFlow.Data.Sources;

namespace FisherFlow.Tests.Sources;

public sealed class FieldParserTests
{
    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("12", 12)]
    [InlineData("-12", -12)]
    [InlineData("+1", 1)]
    [InlineData("  7\t", 7)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("-.25", -0.25)]
    [InlineData("1e5", 1e5)]
    [InlineData("1E+05", 1e5)]
    [InlineData("2.5e-3", 2.5e-3)]
    [InlineData("007", 7)]
    [InlineData("0.1", 0.1)]
    [InlineData("9007199254740993", 9007199254740993)]
    [InlineData("123456789012345678901234567890", 123456789012345678901234567890.0)]
    [InlineData("0.00000000000000000000000000000001", 1e-32)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("5e-324", double.Epsilon)]
    [InlineData("1e-999", 0)]
    [InlineData("1e-99999999999999999999", 0)]
    [InlineData("0e99999999999999999999", 0)]
    [InlineData("0000000000000000000000001.5", 1.5)]
    [InlineData("-0.0000000000012345678901234567", -0.0000000000012345678901234567)]
    [InlineData("2.2250738585072011e-308", 2.2250738585072011e-308)]
    [InlineData("2.4703282292062328e-324", 5e-324)]
    [InlineData("2.4703282292062327e-324", 0)]
    public void Decimal_numbers_are_read(string text, double expected)
    {
        Assert.True(FieldParser.TryNumber(Utf8(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e5x")]
    [InlineData("1e5.0")]
    [InlineData("0x10")]
    [InlineData("1,000")]
    [InlineData("1 000")]
    [InlineData("1_000")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("+-1")]
    [InlineData("1-")]
    [InlineData("(1)")]
    [InlineData("$1")]
    [InlineData("1%")]
    [InlineData("abc")]
    [InlineData("1\0")]
    [InlineData("١")]
    [InlineData("infinite")]
    [InlineData("12345678901234567890x")]
    public void What_is_not_a_number_gives_no_and_zero(string text)
    {
        Assert.False(FieldParser.TryNumber(Utf8(text), out var value));
        Assert.Equal(0, value);
    }

    [Theory]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-Inf", double.NegativeInfinity)]
    [InlineData("+INFINITY", double.PositiveInfinity)]
    [InlineData("NAN", double.NaN)]
    [InlineData("1e999", double.PositiveInfinity)]
    [InlineData("-1e999", double.NegativeInfinity)]
    [InlineData("1.7976931348623159e308", double.PositiveInfinity)]
    [InlineData("1e99999999999999999999", double.PositiveInfinity)]
    public void What_is_not_finite_gives_no_and_says_so(string text, double expected)
    {
        Assert.False(FieldParser.TryNumber(Utf8(text), out var value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void Numbers_are_rounded_as_the_runtime_rounds_them_to_the_bit()
    {
        var random = new Random(20);
        for (var i = 0; i < 100_000; i++)
        {
            var digits = random.Next(1, 22);
            var text = new StringBuilder(random.Next(2) == 0 ? "-" : "");
            var point = random.Next(-1, digits);
            for (var d = 0; d < digits; d++)
            {
                text.Append((char)('0' + random.Next(10)));
                if (d == point) { text.Append('.'); }
            }
            if (random.Next(4) == 0) { text.Append(CultureInfo.InvariantCulture, $"e{random.Next(-330, 300)}"); }
            var expected = double.Parse(text.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
            var finite = FieldParser.TryNumber(Utf8(text.ToString()), out var value);
            Assert.Equal(double.IsFinite(expected), finite);
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
        }
    }

    [Fact]
    public void Every_power_of_ten_and_the_numbers_around_ties_are_rounded_as_the_runtime_rounds_them()
    {
        var random = new Random(21);
        for (var exponent = -350; exponent <= 310; exponent++)
        {
            Compare($"1e{exponent}");
            for (var i = 0; i < 40; i++) { Compare($"{(ulong)random.NextInt64(1, long.MaxValue)}e{exponent}"); }
        }

        // Halfway between two doubles: whole numbers between 2⁵³ and 2⁶³, odd multiples of half a unit in the last place, and one more and less.
        for (var i = 0; i < 20_000; i++)
        {
            var bits = random.Next(54, 64);
            var tie = ((1UL << 53) | (ulong)random.NextInt64(1L << 53)) | 1;
            var whole = bits == 54 ? tie : tie << (bits - 54);
            if (whole >= (ulong)long.MaxValue) { continue; }
            foreach (var number in new[] { whole, whole - 1, whole + 1 })
            {
                Compare($"{number}");
                Compare($"{number}e-{random.Next(5)}");
            }
        }

        // Every double is read back from its shortest text, the subnormal ones too.
        for (var i = 0; i < 50_000; i++)
        {
            var bits = random.NextInt64() & (i % 5 == 0 ? 0x000f_ffff_ffff_ffff : long.MaxValue);
            var number = BitConverter.Int64BitsToDouble(bits);
            if (double.IsFinite(number)) { Compare(number.ToString("R", CultureInfo.InvariantCulture)); }
        }

        static void Compare(string text)
        {
            var expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            var finite = FieldParser.TryNumber(Utf8(text), out var value);
            Assert.True(finite == double.IsFinite(expected) && BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(value), $"{text}: {value:R}, not {expected:R}");
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("  ", true)]
    [InlineData("NA", true)]
    [InlineData(" NA ", true)]
    [InlineData("N/A", true)]
    [InlineData("NaN", true)]
    [InlineData("nan", true)]
    [InlineData("null", true)]
    [InlineData("NULL", true)]
    [InlineData("na", false)]
    [InlineData("Null", false)]
    [InlineData("None", false)]
    [InlineData("0", false)]
    [InlineData("NAN", false)]
    public void Missing_values_have_a_fixed_list_of_names(string text, bool missing) => Assert.Equal(missing, FieldParser.IsMissing(Utf8(text)));

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("True", true)]
    [InlineData("T", true)]
    [InlineData(" false ", false)]
    [InlineData("FALSE", false)]
    [InlineData("F", false)]
    public void Truth_values_are_read(string text, bool expected)
    {
        Assert.True(FieldParser.TryBoolean(Utf8(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("t")]
    [InlineData("yes")]
    [InlineData("1")]
    [InlineData("truee")]
    public void Other_texts_are_no_truth_values(string text) => Assert.False(FieldParser.TryBoolean(Utf8(text), out _));

    [Theory]
    [InlineData("2001-01-31", "2001-01-31T00:00:00.0000000")]
    [InlineData("2001-01-31 13:05", "2001-01-31T13:05:00.0000000")]
    [InlineData("2001-01-31T13:05", "2001-01-31T13:05:00.0000000")]
    [InlineData("2001-01-31 23:59:59", "2001-01-31T23:59:59.0000000")]
    [InlineData("2001-01-31T13:05:06Z", "2001-01-31T13:05:06.0000000")]
    [InlineData("2001-01-31T13:05Z", "2001-01-31T13:05:00.0000000")]
    [InlineData("2001-01-31 13:05:06.25", "2001-01-31T13:05:06.2500000")]
    [InlineData("2001-01-31 13:05:06.123456789", "2001-01-31T13:05:06.1234567")]
    [InlineData(" 2000-02-29 ", "2000-02-29T00:00:00.0000000")]
    [InlineData("9999-12-31 23:59:59.9999999", "9999-12-31T23:59:59.9999999")]
    [InlineData("0001-01-01", "0001-01-01T00:00:00.0000000")]
    public void Dates_are_read(string text, string expected)
    {
        Assert.True(FieldParser.TryDate(Utf8(text), out var value));
        Assert.Equal(expected, value.ToString("O"));
        Assert.Equal(DateTimeKind.Unspecified, value.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2001")]
    [InlineData("2001-1-31")]
    [InlineData("2001-02-29")]
    [InlineData("2001-13-01")]
    [InlineData("2001-00-01")]
    [InlineData("2001-01-00")]
    [InlineData("0000-01-01")]
    [InlineData("2001-01-31T")]
    [InlineData("2001-01-31 24:00")]
    [InlineData("2001-01-31 13:60")]
    [InlineData("2001-01-31 13:05:60")]
    [InlineData("2001-01-31 13:05:06.")]
    [InlineData("2001-01-31 13:05:06.x")]
    [InlineData("2001-01-31 13:05:6")]
    [InlineData("2001-01-31 1:05")]
    [InlineData("2001-01-31x13:05")]
    [InlineData("2001/01/31")]
    [InlineData("31.01.2001")]
    [InlineData("20010131")]
    [InlineData("-001-01-31")]
    public void Other_texts_are_no_dates(string text) => Assert.False(FieldParser.TryDate(Utf8(text), out _));
}
