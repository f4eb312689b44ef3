using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Chaos.Evidence;

/// <summary>The records of a job that has ended, by shard.</summary>
internal sealed class CommitTree
{
    private readonly Dictionary<string, CommitRecord> _records;

    private CommitTree(Dictionary<string, CommitRecord> records) => _records = records;

    public static async Task<CommitTree> ReadAsync(IBlobStore folder)
    {
        Dictionary<string, CommitRecord> records = new(StringComparer.Ordinal);
        await foreach (BlobPage page in folder.ListAsync(JobLayout.Commits, null, 1000, CancellationToken.None))
        {
            foreach (BlobInfo blob in page.Blobs)
            {
                CommitRecord record = Parse((await folder.ReadAsync(blob.Name, null, CancellationToken.None)).Data);
                records.Add(record.Shard, record);
            }
        }
        return new CommitTree(records);
    }

    public static CommitRecord Parse(ReadOnlyMemory<byte> json) => DocumentJson.Read<CommitRecord>(json.Span, "a commit record");

    /// <summary>A record that stands for its images itself.</summary>
    public IEnumerable<CommitRecord> Leaves => _records.Values.Where(record => record.Children is null);

    /// <summary>Records below one that does not name them.</summary>
    public IEnumerable<string> Unreachable => _records.Keys.Where(shard => shard.Contains('.') && _records.GetValueOrDefault(shard[..shard.LastIndexOf('.')])?.Children is null);

    /// <summary>Ordinals of a shard's images: the first, and the one after the last.</summary>
    public (long First, long End)? RangeOf(string shard) => _records.TryGetValue(shard, out CommitRecord? record) ? (record.First, record.First + record.Count) : null;
}
