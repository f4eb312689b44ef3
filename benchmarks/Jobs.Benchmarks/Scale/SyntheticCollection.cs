using System.Globalization;
using System.Runtime.CompilerServices;
using MaskRcnn.Storage;

namespace MaskRcnn.Jobs.Benchmarks.Scale;

/// <summary>A collection of any number of images that nobody reads: names, sizes and ETags.</summary>
internal sealed class SyntheticCollection(long images) : IBlobStore
{
    /// <summary>What a specification calls one.</summary>
    public const string Prefix = "/synthetic/";

    private const int PerFolder = 10_000, Bytes = 200_000;

    public string Location => Prefix + images.ToString(CultureInfo.InvariantCulture);

    /// <summary>The one that a specification names; null: it names something else.</summary>
    public static SyntheticCollection? Find(string uri) =>
        uri.StartsWith(Prefix, StringComparison.Ordinal) ? new SyntheticCollection(long.Parse(uri.AsSpan(Prefix.Length), CultureInfo.InvariantCulture)) : null;

    public async IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        long next = after is null ? 0 : long.Parse(after.Name.AsSpan(6, 8), CultureInfo.InvariantCulture) + 1;
        while (next < images)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(pageSize, images - next);
            BlobInfo[] page = [.. Enumerable.Range(0, count).Select(i => Image(next + i))];
            next += count;
            yield return new BlobPage(page, new ListPosition(page[^1].Name));
        }
    }

    public Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation) => throw new NotSupportedException();

    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation) => throw new NotSupportedException();

    private static BlobInfo Image(long number) => new(string.Create(CultureInfo.InvariantCulture, $"{number / PerFolder:D5}/{number:D8}.jpg"), Bytes, string.Create(CultureInfo.InvariantCulture, $"0x8D{number:X12}"));
}
