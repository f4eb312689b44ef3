using MaskRcnn.Storage.S3;

namespace MaskRcnn.Storage.Tests.S3;

public sealed class S3LocationTests
{
    private static readonly Dictionary<string, string> Good = new() { ["AWS_ACCESS_KEY_ID"] = "KEY", ["AWS_SECRET_ACCESS_KEY"] = "SECRET" };

    [Theory]
    [InlineData("s3://bucket", "s3://bucket")]
    [InlineData("s3://bucket/a/b/", "s3://bucket/a/b")]
    [InlineData("S3://bucket/a b/ü", "s3://bucket/a b/ü")]
    public void A_bucket_and_a_prefix_are_opened(string uri, string location) => Assert.Equal(location, Open(uri, []).Location);

    [Theory]
    [InlineData("s3://", "names no bucket")]
    [InlineData("s3:///x", "names no bucket")]
    [InlineData("s3://bucket/x?token=HIDDEN", "has a query")]
    [InlineData("s3://bucket/../x", "'..'")]
    public void What_is_no_bucket_is_an_error_without_secrets(string uri, string expected)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => Open(uri, []));
        Assert.True(error is ArgumentException or BlobNameException);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HIDDEN", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:9000")]
    [InlineData("ftp://localhost")]
    [InlineData("http://localhost/path")]
    [InlineData("http://user:SECRET@localhost")]
    public void An_address_that_is_none_is_an_error(string endpoint)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Open("s3://bucket", new() { ["S3_ENDPOINT"] = endpoint }));
        Assert.Contains("http(s)://host:port without a path", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET@", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_keys_the_error_names_the_variables()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => S3Location.Open("s3://bucket", _ => null));
        Assert.Contains("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", error.Message, StringComparison.Ordinal);
        Assert.Contains("S3_ENDPOINT", error.Message, StringComparison.Ordinal);
    }

    private static S3BlobStore Open(string uri, Dictionary<string, string> more) => S3Location.Open(uri, name => more.GetValueOrDefault(name) ?? Good.GetValueOrDefault(name));
}
