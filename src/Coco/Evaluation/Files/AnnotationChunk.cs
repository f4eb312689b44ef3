using System.Runtime.InteropServices;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Json;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>
/// Some consecutive annotations of a file in few objects: rows, and beside them the text of their RLEs, their
/// polygons' coordinates and their keypoints. Half a million results take a tenth of the memory of objects.
/// </summary>
internal sealed class AnnotationChunk
{
    private readonly ChunkList<byte> _text = new();
    private readonly ChunkList<double> _numbers = new(); // polygons only, so that one part starts where the last ended
    private readonly ChunkList<double> _keypoints = new();
    private readonly ChunkList<int> _partEnds = new();
    private readonly ChunkList<uint> _counts = new();

    public required AnnotationRow[] Rows { get; init; }

    public static AnnotationChunk Parse(JsonSource source, JsonBatch batch)
    {
        var chunk = new AnnotationChunk { Rows = new AnnotationRow[batch.Count] };
        var parser = new AnnotationParser(keepExtra: false);
        for (int i = 0; i < batch.Count; i++)
        {
            try
            {
                parser.Parse(batch.Element(i));
                chunk.Set(i, parser.Fields, batch.FileOffset(i));
            }
            catch (Exception exception) when (JsonLocation.IsElementError(exception))
            {
                throw source.Locate(batch, i, exception);
            }
        }
        chunk.Trim();
        return chunk;
    }

    /// <summary>The mask of a row.</summary>
    /// <exception cref="RleException">The segmentation is not valid, or its size is not the image's.</exception>
    public Rle Mask(in AnnotationRow row, int height, int width)
    {
        switch (row.Segmentation)
        {
            case SegmentationKind.Polygons:
                return PolygonRasterizer.Rasterize(Polygons(row), height, width);
            case SegmentationKind.UncompressedRle:
                Datasets.Segmentation.CheckImageSize(row.MaskHeight, row.MaskWidth, height, width);
                return Rle.FromCounts(height, width, _counts.Slice(row.SegmentationStart, row.SegmentationLength));
            case SegmentationKind.CompressedRle:
                Datasets.Segmentation.CheckImageSize(row.MaskHeight, row.MaskWidth, height, width);
                return Rle.FromCompressed(height, width, _text.Slice(row.SegmentationStart, row.SegmentationLength));
            default:
                throw new RleException("There is no segmentation.");
        }
    }

    /// <summary>x, y, visibility for each keypoint.</summary>
    public ReadOnlyMemory<double> Keypoints(in AnnotationRow row) => _keypoints.Memory(row.KeypointStart, row.KeypointLength);

    private List<double[]> Polygons(in AnnotationRow row)
    {
        ReadOnlySpan<int> ends = _partEnds.Slice(row.SegmentationStart, row.SegmentationLength);
        var parts = new List<double[]>(ends.Length);
        int start = row.SegmentationStart == 0 ? 0 : _partEnds.Slice(row.SegmentationStart - 1, 1)[0];
        foreach (int end in ends)
        {
            parts.Add(_numbers.Slice(start, end - start).ToArray());
            start = end;
        }
        return parts;
    }

    private void Set(int index, AnnotationFields fields, long fileOffset)
    {
        long imageId = fields.ImageId ?? throw new JsonElementException(0, "no \"image_id\"", "the id of an image") { AnnotationId = fields.Id };
        long categoryId = fields.CategoryId ?? throw new JsonElementException(0, "no \"category_id\"", "the id of a category") { AnnotationId = fields.Id };
        (int start, int length) = AddSegmentation(fields);
        Rows[index] = new AnnotationRow(fields, imageId, categoryId, fileOffset)
        {
            SegmentationStart = start,
            SegmentationLength = length,
            KeypointStart = _keypoints.Add(CollectionsMarshal.AsSpan(fields.Keypoints)),
        };
    }

    private (int Start, int Length) AddSegmentation(AnnotationFields fields)
    {
        switch (fields.Segmentation)
        {
            case SegmentationKind.Polygons:
                int firstNumber = _numbers.Add(CollectionsMarshal.AsSpan(fields.Coordinates));
                int firstPart = _partEnds.Count;
                foreach (int end in fields.PartEnds) _partEnds.Add([firstNumber + end]);
                return (firstPart, fields.PartEnds.Count);
            case SegmentationKind.UncompressedRle:
                return (_counts.Add(CollectionsMarshal.AsSpan(fields.Counts)), fields.Counts.Count);
            case SegmentationKind.CompressedRle:
                return (_text.Add(fields.Compressed), fields.Compressed.Count);
            default:
                return default;
        }
    }

    /// <summary>Gives back the room that growing left over.</summary>
    private void Trim()
    {
        _text.Trim();
        _numbers.Trim();
        _keypoints.Trim();
        _partEnds.Trim();
        _counts.Trim();
    }
}
