using MaskRcnn.Storage.Azure;

namespace MaskRcnn.Storage.Tests.Azure;

public sealed class AzureUriTests
{
    private const string Sas = "?sv=2025-01-05&sr=c&sig=SECRET%2Bsecret%3D";

    [Theory]
    [InlineData("https://acc.blob.core.windows.net/c", "https://acc.blob.core.windows.net/c")]
    [InlineData("https://acc.blob.core.windows.net/c/a/b/" + Sas, "https://acc.blob.core.windows.net/c/a/b")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/c/a", "http://127.0.0.1:10000/devstoreaccount1/c/a")]
    public void A_store_shows_its_place_without_secrets(string uri, string location)
    {
        Assert.Equal(location, BlobStores.Open(uri).Location);
        (IBlobStore store, string name) = BlobStores.OpenBlob(location + "/model.safetensors" + Sas);
        Assert.Equal((location, "model.safetensors"), (store.Location, name));
    }

    [Fact]
    public void The_environment_names_the_account_of_a_short_URI()
    {
        static string? Environment(string name) => name == "AZURE_STORAGE_ACCOUNT" ? "acc" : null;
        Assert.Equal("az://c/a/b", AzureLocation.OpenShort("az://c/a/b/", Environment).Location);
        ArgumentException missing = Assert.Throws<ArgumentException>(() => AzureLocation.OpenShort("az://c/a", _ => null));
        Assert.Contains("AZURE_STORAGE_CONNECTION_STRING", missing.Message, StringComparison.Ordinal);
        ArgumentException broken = Assert.Throws<ArgumentException>(() => AzureLocation.OpenShort("az://c/a", _ => "AccountKey=SECRET"));
        Assert.DoesNotContain("SECRET", broken.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gs://bucket/x")]
    [InlineData("az://")]
    [InlineData("https://acc.blob.core.windows.net")]
    [InlineData("http://example.com/c/a")]
    [InlineData("https://user:SECRET@example.com/c/a")]
    [InlineData("file://host/share")]
    public void What_is_no_place_for_blobs_is_an_error_that_says_what_is(string uri)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => BlobStores.Open(uri));
        Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_grow_so_that_50_000_of_them_hold_ten_terabytes() =>
        Assert.True(Enumerable.Range(0, 50_000).Sum(block => (long)AzureWriteStream.BlockSize(block)) > 10L << 40);
}
