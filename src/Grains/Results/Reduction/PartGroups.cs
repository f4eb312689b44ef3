using MaskRcnn.Coco.Evaluation.Parts;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// Evaluation parts, of which there may be any number: merged in groups, so that only a group is in memory, and the groups in
/// temporary files that vanish with the process.
/// </summary>
internal sealed class PartGroups(long groupBytes, CancellationToken cancellation) : IDisposable
{
    /// <summary>Most parts of a group.</summary>
    public const int GroupParts = 512;

    private readonly List<EvaluationPart> _group = [];
    private readonly List<EvaluationPart> _merged = [];
    private long _bytes;

    /// <summary>Adds a part in memory.</summary>
    public void Add(EvaluationPart part)
    {
        _group.Add(part);
        _bytes += part.Length;
        if (_bytes >= groupBytes || _group.Count >= GroupParts) Merge();
    }

    /// <summary>All parts, merged or as they came.</summary>
    public IReadOnlyList<EvaluationPart> All() => [.. _merged, .. _group];

    public void Dispose()
    {
        foreach (EvaluationPart part in All()) part.Dispose();
    }

    private void Merge()
    {
        var file = new TemporaryPart();
        try
        {
            EvaluationPartMerger.Merge(_group, file.Output, cancellation);
            file.Output.Flush();
            _merged.Add(EvaluationPart.Open(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
        foreach (EvaluationPart part in _group) part.Dispose();
        _group.Clear();
        _bytes = 0;
    }

    private sealed class TemporaryPart : PartData
    {
        public override string Name => "the merged evaluation of many shards";

        public override long Length => Output.Length;

        public FileStream Output { get; } = new(
            Path.Combine(Path.GetTempPath(), $"maskrcnn-{Guid.NewGuid():N}.eval"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 1 << 20, Options = FileOptions.DeleteOnClose });

        public override void Read(long offset, Span<byte> destination)
        {
            while (destination.Length > 0)
            {
                int read = RandomAccess.Read(Output.SafeFileHandle, destination, offset);
                if (read == 0) throw new EndOfStreamException($"{Output.Name} ends at byte {offset}; it was longer when it was written.");
                destination = destination[read..];
                offset += read;
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) Output.Dispose();
            base.Dispose(disposing);
        }
    }
}
