using System.Security.Cryptography;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Workers;

/// <summary>Model files as local files: those of blob storage are copied into a cache, by their hash.</summary>
/// <param name="stores">Opens stores.</param>
/// <param name="cache">The cache's folder.</param>
public sealed class ModelFiles(Stores stores, string cache)
{
    /// <summary>A model file by its URI, as it is now.</summary>
    /// <returns>A local path, the hash of the bytes there, and the blob.</returns>
    /// <exception cref="BlobException">It cannot be read.</exception>
    /// <exception cref="LimitException">It is too large.</exception>
    public async Task<(string Path, string Sha256, BlobInfo Blob)> FetchAsync(string uri, CancellationToken cancellation)
    {
        (IBlobStore store, string name) = stores.OpenBlob(uri);
        BlobInfo blob = await store.FindAsync(name, cancellation) ?? throw new BlobNotFoundException(store.Location, name);
        if (blob.Size > stores.Limits.ModelBytes)
            throw new LimitException(BlobUri.WithoutSecrets(uri), blob.Size, "bytes", nameof(Limits.ModelBytes), stores.Limits.ModelBytes, "Give a model file ('maskrcnn model inspect')");
        if (BlobUri.LocalPath(uri) is { } path && File.Exists(path)) return (path, await HashAsync(path, cancellation), blob);
        Directory.CreateDirectory(cache);
        string temporary = Path.Combine(cache, $".{Guid.NewGuid():N}.tmp");
        try
        {
            await using (Stream source = await store.OpenReadAsync(name, new BlobReadOptions { IfMatch = blob.ETag }, cancellation))
            await using (FileStream target = File.Create(temporary))
                await source.CopyToAsync(target, cancellation);
            string sha256 = await HashAsync(temporary, cancellation);
            string cached = Path.Combine(cache, sha256 + ".safetensors");
            // The same bytes, whoever is first.
            File.Move(temporary, cached, overwrite: true);
            return (cached, sha256, blob);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The model of a job: exactly the bytes that were there when it was submitted.</summary>
    /// <returns>A local path.</returns>
    /// <exception cref="BlobException">It cannot be read, or is another now.</exception>
    public async Task<string> FetchAsync(JobContext job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        ModelDocument model = job.Document.Model;
        string cached = Path.Combine(cache, model.Sha256 + ".safetensors");
        if (File.Exists(cached)) return cached;
        (string path, string sha256, _) = await FetchAsync(job.Addresses.Model, cancellation);
        if (sha256 == model.Sha256) return path;
        (IBlobStore store, string name) = stores.OpenBlob(job.Addresses.Model);
        throw new BlobException(store.Location, name, $"its SHA-256 is {sha256}; expected {model.Sha256}, as when the job was submitted. Put that model back, or submit again.");
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
