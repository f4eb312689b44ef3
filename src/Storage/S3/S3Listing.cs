using System.Runtime.CompilerServices;
using Minio;
using Minio.DataModel;
using Minio.DataModel.Args;

namespace MaskRcnn.Storage.S3;

/// <summary>Lists a bucket, 1000 blobs a request. The library cannot begin in the middle: a listing that goes on passes over what was there.</summary>
internal sealed class S3Listing(IMinioClient client, string bucket, string root, string prefix, string location)
{
    /// <summary>The blobs after a name.</summary>
    /// <param name="after">The name; null for all.</param>
    /// <param name="tryAsync">Asks again what did not go well. Then the listing begins anew.</param>
    /// <param name="cancellation">Stops it.</param>
    public async IAsyncEnumerable<BlobInfo> BlobsAsync(string? after, Func<Func<Task<Item?>>, Task<Item?>> tryAsync, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? last = after, previous = null;
        IAsyncEnumerator<Item>? items = null;
        try
        {
            while (await tryAsync(NextAsync) is { } item)
            {
                string name = item.Key[root.Length..];
                if (previous is not null && string.CompareOrdinal(name, previous) <= 0)
                    throw new BlobException(location, name, $"the service lists it after {previous}, which is not ordinal order. Rename one of them.");
                previous = name;
                if (name.Length > BlobName.MostCharacters) throw new BlobException(location, name[..100] + "…", $"its name has {name.Length} characters; expected at most {BlobName.MostCharacters}. Rename it.");
                if (last is not null && string.CompareOrdinal(name, last) <= 0) continue;
                last = name;
                // Names that end with '/' stand for folders.
                if (!BlobName.IsHidden(name) && !name.EndsWith('/')) yield return new BlobInfo(name, (long)item.Size, S3Download.Plain(item.ETag));
            }
        }
        finally
        {
            if (items is not null) await items.DisposeAsync();
        }

        async Task<Item?> NextAsync()
        {
            try
            {
                items ??= client.ListObjectsEnumAsync(new ListObjectsArgs().WithBucket(bucket).WithPrefix(root + prefix).WithRecursive(true), cancellation).GetAsyncEnumerator(cancellation);
                return await items.MoveNextAsync() ? items.Current : null;
            }
            catch
            {
                // It has ended with that.
                (items, previous) = (null, null);
                throw;
            }
        }
    }
}
