using MaskRcnn.Storage.Local;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Storage.Tests;

public sealed class BlobUriTests
{
    private const string Account = "https://acc.blob.core.windows.net";
    private const string Sas = "?sv=2025-01-05&sr=c&sig=SECRET%2Bsecret%3D";

    [Theory]
    [InlineData("/data/out", "20261122-1", "/data/out/20261122-1")]
    [InlineData("/data/out//", "a/b", "/data/out/a/b")]
    [InlineData("/", "a", "/a")]
    [InlineData("/data/what?/50%", "a b", "/data/what?/50%/a b")]
    [InlineData("file:///", "a", "file:///a")]
    [InlineData("file:///data/out/", "a b", "file:///data/out/a%20b")]
    [InlineData("az://c", "a", "az://c/a")]
    [InlineData("az://c/why?/", "a b", "az://c/why?/a b")]
    [InlineData(Account + "/c", "a/b", Account + "/c/a/b")]
    [InlineData(Account + "/c/p/" + Sas, "a", Account + "/c/p/a" + Sas)]
    [InlineData(Account + "/c/p" + Sas, "50%/ü #?", Account + "/c/p/50%25/%C3%BC%20%23%3F" + Sas)]
    [InlineData(Account + "/c/p" + BlobUri.HiddenQuery, "a", Account + "/c/p/a" + BlobUri.HiddenQuery)]
    public void A_name_is_joined_before_the_SAS(string root, string name, string expected) => Assert.Equal(expected, BlobUri.Join(root, name));

    [Theory]
    [InlineData("/data/out")]
    [InlineData("file:///data/some%20where")]
    [InlineData("az://container/prefix")]
    [InlineData(Account + "/c/p")]
    [InlineData(Account + "/c/p/" + Sas)]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/c/a" + Sas)]
    public void What_was_joined_is_taken_apart_again(string root)
    {
        var opened = new List<string>();
        var store = new MemoryBlobStore();
        (IBlobStore found, string name) = BlobStores.OpenBlob(BlobUri.Join(root, "50% ü.json"), Open);
        Assert.Same(store, found);
        Assert.Equal("50% ü.json", name);
        // The same place, by whichever text.
        string expected = BlobUri.LocalPath(root) ?? root.Replace("/?", "?", StringComparison.Ordinal);
        Assert.Equal(expected, Assert.Single(opened));

        IBlobStore Open(string uri)
        {
            opened.Add(uri);
            return store;
        }
    }

    [Theory]
    [InlineData("/data/what?sig=no", "/data/what?sig=no")]
    [InlineData("relative/path", "relative/path")]
    [InlineData("az://c/why?/x", "az://c/why?/x")]
    [InlineData("az://c/x?sv=1&SIG=SECRET", "az://c/x?…")]
    [InlineData(Account + "/c/p", Account + "/c/p")]
    [InlineData(Account + "/c/p" + Sas, Account + "/c/p?…")]
    [InlineData(Account + "/c/p?…", Account + "/c/p?…")]
    [InlineData("HTTPS://acc/c?sig=SECRET", "HTTPS://acc/c?…")]
    [InlineData("s3://bucket/x?token=SECRET", "s3://bucket/x?…")]
    [InlineData("https://user:SECRET@host/c/a@b", "https://…@host/c/a@b")]
    public void What_is_shown_has_no_secret(string uri, string shown)
    {
        Assert.Equal(shown, BlobUri.WithoutSecrets(uri));
        Assert.Equal(shown, BlobUri.WithoutSecrets(shown));
        Assert.Equal(shown.EndsWith('…'), BlobUri.IsHidden(shown));
    }

    [Theory]
    [InlineData("az://c/x" + Sas, "https://")]
    [InlineData(Account + "/c/p?…", "whole URI")]
    [InlineData(Account + Sas, "container")]
    [InlineData("s3://bucket/x" + Sas, "expected")]
    public void What_cannot_be_opened_is_named_without_its_secret(string uri, string expected)
    {
        foreach (Func<object> open in new Func<object>[] { () => BlobStores.Open(uri), () => BlobStores.OpenBlob(BlobUri.Join(uri, "model")) })
        {
            ArgumentException error = Assert.Throws<ArgumentException>(open);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https://host" + Sas)]
    [InlineData(Account + "/c/p/" + Sas)]
    [InlineData("az://")]
    public void A_URI_that_names_no_blob_is_an_error_without_its_secret(string uri)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => BlobStores.OpenBlob(uri));
        Assert.Contains("names no blob", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/data/a", "/data", true)]
    [InlineData("/data/a", "/data/", true)]
    [InlineData("/database", "/data", false)]
    [InlineData(Account + "/c/images/out?sig=1", Account + "/c/images/?sig=2", true)]
    [InlineData(Account + "/c/out?x=/c/images/", Account + "/c/images", false)]
    public void Whether_one_place_is_within_another_does_not_depend_on_a_SAS(string uri, string root, bool expected) => Assert.Equal(expected, BlobUri.IsBelow(uri, root));

    [Fact]
    public void A_plain_path_may_hold_a_question_mark()
    {
        (IBlobStore store, string name) = BlobStores.OpenBlob("/data/why?/model?.safetensors");
        Assert.Equal(("/data/why?", "model?.safetensors"), (Assert.IsType<LocalBlobStore>(store).Location, name));
    }
}
