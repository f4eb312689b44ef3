using MaskRcnn.Client.CommandLine;

namespace MaskRcnn.Client.Tests.CommandLine;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("500MB", 500_000_000)]
    [InlineData("4gb", 4_000_000_000)]
    [InlineData("1.5 TB", 1_500_000_000_000)]
    [InlineData("2k", 2_000)]
    [InlineData("17", 17)]
    public void Amounts_are_to_base_1000(string text, long bytes) => Assert.Equal(bytes, SizeText.Bytes(text, "--size"));

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("-1MB")]
    [InlineData("0")]
    [InlineData("many")]
    [InlineData("1e300")]
    public void What_is_no_amount_is_refused_with_the_option_and_the_text(string text)
    {
        string message = Assert.Throws<CommandException>(() => SizeText.Bytes(text, "--size")).Message;
        Assert.Contains($"--size is '{text}'", message, StringComparison.Ordinal);
        Assert.Contains("4GB", message, StringComparison.Ordinal);
    }
}
