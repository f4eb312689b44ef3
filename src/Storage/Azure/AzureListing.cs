using System.Runtime.CompilerServices;
using System.Xml;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace MaskRcnn.Storage.Azure;

/// <summary>Lists a container by the service's own pages. Their continuation tokens go on where a page ended.</summary>
internal sealed class AzureListing(BlobContainerClient container, AzureErrors errors, string root, string prefix, int pageSize)
{
    private const int MostOfAPage = 5000;

    public async IAsyncEnumerable<BlobPage> PagesAsync(ListPosition? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? last = after?.Name;
        string? token = after?.Token;
        while (true)
        {
            Page<BlobItem>? page = await PageAsync(token, cancellation);
            if (page is null)
            {
                // The token is too old, or another service's: the name alone finds the place, from the start.
                token = null;
                continue;
            }
            token = page.ContinuationToken is { Length: > 0 } more ? more : null;
            var blobs = new List<BlobInfo>(page.Values.Count);
            string? previous = null;
            foreach (BlobItem item in page.Values)
            {
                string name = item.Name[root.Length..];
                if (previous is not null && string.CompareOrdinal(name, previous) <= 0)
                    throw errors.Because(name, $"the service lists it after {previous}, which is not ordinal order. Rename one of them.", new InvalidDataException(name));
                previous = name;
                if (name.Length > BlobName.MostCharacters) throw errors.Because(name[..100] + "…", $"its name has {name.Length} characters; expected at most {BlobName.MostCharacters}. Rename it.", new InvalidDataException(name));
                // Without a token (or with an old one) the listing begins before the place where it is to go on. Names that
                // end with '/' stand for folders.
                if ((last is null || string.CompareOrdinal(name, last) > 0) && !BlobName.IsHidden(name) && !name.EndsWith('/'))
                    blobs.Add(new BlobInfo(name, item.Properties.ContentLength ?? 0, AzureETag.Text(item.Properties.ETag.GetValueOrDefault())));
            }
            if (blobs.Count > 0)
            {
                last = blobs[^1].Name;
                yield return new BlobPage(blobs, new ListPosition(last, token));
            }
            if (token is null) yield break;
        }
    }

    private async Task<Page<BlobItem>?> PageAsync(string? token, CancellationToken cancellation)
    {
        try
        {
            AsyncPageable<BlobItem> blobs = container.GetBlobsAsync(new GetBlobsOptions { Prefix = root + prefix }, cancellation);
            await using IAsyncEnumerator<Page<BlobItem>> pages = blobs.AsPages(token, Math.Min(pageSize, MostOfAPage)).GetAsyncEnumerator(cancellation);
            return await pages.MoveNextAsync() ? pages.Current : Page<BlobItem>.FromValues([], null, null!);
        }
        catch (Exception exception) when (token is not null && exception is ( RequestFailedException { Status: 400 } or XmlException))
        {
            // (The client cannot read every service's refusal.)
            return null;
        }
        catch (Exception exception) when (errors.Translate(prefix, exception, cancellation) is { } translated)
        {
            throw translated;
        }
    }
}
