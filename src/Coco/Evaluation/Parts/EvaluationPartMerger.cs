namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>Merges parts into one, streaming: memory is for the images' ids and read buffers only.</summary>
public static class EvaluationPartMerger
{
    /// <summary>Writes the part of all images of the given parts; the bytes do not depend on the parts' order or grouping.</summary>
    /// <param name="parts">At least one part, all with the same parameters and categories and no image in two.</param>
    /// <param name="output">Where to; stays open. It need not be seekable.</param>
    /// <param name="cancellationToken">Stops the merge.</param>
    /// <exception cref="EvaluationPartException">The parts do not belong together, share an image (it is named), or are damaged.</exception>
    public static void Merge(IReadOnlyList<EvaluationPart> parts, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(output);
        var set = new PartSet(parts);
        var writer = new PartStreamWriter(output, set.Parameters, set.CategoryIds);
        for (int c = 0; c < set.ClassCount; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RecordMerge records = set.Records(c, readers: 1);
            while (records.Next())
            {
                RecordReader record = records.Current;
                writer.WriteRecord(record.Score, record.Image, record.Rank, record.OutcomeBytes);
            }
            writer.EndClass(set.ObjectCounts[c], set.RecordCount(c));
        }
        if (set.Parameters.InstanceScoreThreshold is not null)
        {
            foreach (ArraySegment<byte> image in set.InstanceBlocks())
            {
                writer.Block.Bytes(image);
                writer.FlushIfLarge();
            }
        }
        writer.End(set.ImageIds());
    }
}
