using System.Globalization;
using System.Text;
using CsCheck;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Tests.Json;

public sealed class JsonNumberTests
{
    private static readonly Gen<string> Digits = Gen.Frequency((3, Gen.Int[1, 4]), (2, Gen.Int[1, 25]), (1, Gen.Int[1, 400]))
        .SelectMany(length => Gen.Char['0', '9'].Array[length]).Select(digits => new string(digits));

    private static readonly Gen<string> Whole = Gen.OneOf(Gen.Const("0"), Digits.Select(d => d.TrimStart('0')).Where(d => d.Length > 0));

    /// <summary>Every shape of number that JSON's grammar has.</summary>
    private static readonly Gen<string> Numbers =
        from sign in Gen.Frequency((3, Gen.Const("")), (1, Gen.Const("-")))
        from whole in Whole
        from fraction in Gen.Frequency((1, Gen.Const("")), (3, Digits.Select(d => "." + d)))
        from e in Gen.Frequency((4, Gen.Const("")), (1, Gen.Const("e")), (1, Gen.Const("E")))
        from exponentSign in Gen.Frequency((1, Gen.Const("")), (1, Gen.Const("+")), (2, Gen.Const("-")))
        from exponent in Gen.Frequency((3, Gen.Int[0, 30]), (2, Gen.Int[0, 400]), (1, Gen.Int[0, int.MaxValue]))
        select sign + whole + fraction + (e.Length == 0 ? "" : e + exponentSign + exponent);

    [Fact]
    public void Decimal_text_of_any_shape_parses_to_the_nearest_double() => Numbers.Sample(Check, iter: 100_000);

    [Fact]
    public void The_text_of_any_double_parses_back_to_its_bits() =>
        Gen.Double.Where(double.IsFinite).Sample(number =>
        {
            Check(number.ToString("R", CultureInfo.InvariantCulture));
            Check(number.ToString("F6", CultureInfo.InvariantCulture));
            Check(number.ToString("E20", CultureInfo.InvariantCulture));
        }, iter: 30_000);

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("9007199254740992")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740991.0")]
    [InlineData("900719925474099.25")]
    [InlineData("0.000000000000000001")]
    [InlineData("999999999999999999")]
    [InlineData("9999999999999999999")]
    [InlineData("18446744073709551616")]
    [InlineData("5e-324")]
    [InlineData("2.4703282292062327e-324")]
    [InlineData("2.4703282292062328e-324")]
    [InlineData("2.2250738585072011e-308")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("1.7976931348623159e308")]
    [InlineData("1e400")]
    [InlineData("-1e999999999999")]
    [InlineData("1e-999999999999")]
    public void Numbers_at_the_limits_parse_to_the_nearest_double(string text) => Check(text);

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9007199254740993", 9007199254740993)]
    [InlineData("-0", 0L)]
    [InlineData("12.0", 12L)]
    [InlineData("1e3", 1000L)]
    [InlineData("-1.5e1", -15L)]
    public void Whole_numbers_may_be_written_as_other_tools_do(string text, long expected)
    {
        Assert.True(JsonNumber.TryParseLong(Encoding.ASCII.GetBytes(text), out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("1.5")]
    [InlineData("1e300")]
    [InlineData("1e-3")]
    [InlineData("9007199254740993.0")]
    public void Numbers_that_are_not_whole_or_not_exact_are_refused(string text) =>
        Assert.False(JsonNumber.TryParseLong(Encoding.ASCII.GetBytes(text), out _));

    private static void Check(string text)
    {
        double expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        double actual = JsonNumber.Parse(Encoding.ASCII.GetBytes(text));
        Assert.True(BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual), $"{text}: {actual:R}, expected {expected:R}");
    }
}
