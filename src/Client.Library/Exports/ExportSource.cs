using System.Runtime.CompilerServices;
using System.Text.Json;
using MaskRcnn.Client.Results;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Client.Exports;

/// <summary>
/// A result, read from its first image to its last: the index and <c>masks.tar</c> side by side, each once for a pass. Holds one image at a time.
/// </summary>
/// <param name="results">The result.</param>
/// <param name="threshold">Detections with lower scores are left out.</param>
/// <param name="categories">Detections of other categories are left out; null: none is.</param>
internal sealed class ExportSource(JobResults results, double threshold, IReadOnlySet<long>? categories)
{
    private const string Archive = "masks.tar";
    private const int SkipBytes = 1 << 16;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>A first pass over the index: counts, and whether the names can be written.</summary>
    /// <param name="stems">Whether images must differ in more than their endings.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InvalidDataException">A name leaves the folder, or the index is damaged.</exception>
    /// <exception cref="ExportException">Two images would have one file.</exception>
    public async Task<ExportSurvey> SurveyAsync(bool stems, CancellationToken cancellation)
    {
        var names = new ExportNames(results.Location);
        string? last = null;
        long images = 0, failed = 0, greatest = 0;
        await foreach (ResultImage row in results.ListImagesAsync(cancellation).ConfigureAwait(false))
        {
            names.CheckInside(row.Image);
            if (last is not null && string.CompareOrdinal(last, row.Image) >= 0)
                throw new InvalidDataException($"The index of {results.Location} has '{row.Image}' after '{last}'; expected each image once, in ordinal order. It is damaged.");
            last = row.Image;
            greatest = Math.Max(greatest, row.Id ?? 0);
            if (!HasResult(row))
            {
                failed++;
                continue;
            }
            if (stems) names.CheckStem(row.Image);
            images++;
        }
        return new ExportSurvey(images, failed, greatest);
    }

    /// <summary>The images with a result, each with an id that it has in no other image's place.</summary>
    public async IAsyncEnumerable<(ResultImage Row, long SetId)> RowsAsync(ExportSurvey survey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long next = survey.GreatestId;
        await foreach (ResultImage row in results.ListImagesAsync(cancellation).ConfigureAwait(false))
        {
            if (HasResult(row)) yield return (row, row.Id ?? ++next);
        }
    }

    /// <summary>The images with their detections.</summary>
    /// <exception cref="InvalidDataException">The archive is not what the index and the manifest say.</exception>
    public async IAsyncEnumerable<ExportImage> ImagesAsync(ExportSurvey survey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ResultFile file = results.Manifest.Files.FirstOrDefault(f => f.Name == Archive)
            ?? throw new InvalidDataException($"The manifest of {results.Location} names no {Archive}; expected it among its files.");
        using var check = new ResultCheck(file);
        Stream archive = await results.OpenFileAsync(Archive, cancellation).ConfigureAwait(false);
        await using (archive.ConfigureAwait(false))
        {
            var reader = new ArchiveReader(archive, check, $"{results.Location}/{Archive}");
            await foreach ((ResultImage row, long setId) in RowsAsync(survey, cancellation).ConfigureAwait(false))
                yield return Parse(row, setId, await reader.ReadAsync(row, cancellation).ConfigureAwait(false));
            await reader.SkipAsync(long.MaxValue, cancellation).ConfigureAwait(false);
        }
        // What was made of it is not complete yet.
        if (check.Fault() is { } fault) throw new InvalidDataException($"{results.Location}/{Archive} {fault}. It was changed after the job ended, or is damaged.");
    }

    private static bool HasResult(ResultImage row) => row is { Offset: not null, Length: > 0 };

    private ExportImage Parse(ResultImage row, long setId, ReadOnlyMemory<byte> json)
    {
        try
        {
            ImageLine line = JsonSerializer.Deserialize<ImageLine>(json.Span, Json) ?? throw new InvalidDataException("it is 'null'");
            if (line.Image != row.Image) throw new InvalidDataException($"it is of the image '{line.Image}'");
            var instances = new List<ExportInstance>();
            for (int i = 0; i < line.Instances.Count; i++)
            {
                InstanceLine instance = line.Instances[i];
                if (instance.Score >= threshold && categories?.Contains(instance.CategoryId) != false) instances.Add(Parse(i + 1, instance, line));
            }
            return new ExportImage(line.Image, row.Id, setId, line.Width, line.Height, line.Instances.Count, instances);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or RleException)
        {
            throw new InvalidDataException($"{results.Location}/{Archive} does not hold the detections of '{row.Image}' where the index says: {exception.Message.TrimEnd('.')}. It is damaged, or of another run.", exception);
        }
    }

    private static ExportInstance Parse(int number, InstanceLine instance, ImageLine image)
    {
        if (instance.Bbox is not [double x, double y, double width, double height]) throw new InvalidDataException($"instance {number} has a box of {instance.Bbox.Length} numbers");
        Rle? mask = null;
        if (instance.Segmentation is { } segmentation)
        {
            if (segmentation.Size is not [int rows, int columns] || rows != image.Height || columns != image.Width)
                throw new InvalidDataException($"instance {number} has a mask of the size [{string.Join(", ", segmentation.Size)}] in an image of {image.Width}×{image.Height}");
            mask = Rle.FromCompressed(rows, columns, segmentation.Counts);
        }
        return new ExportInstance(number, instance.CategoryId, instance.Category, new BoundingBox(x, y, width, height), instance.Score, mask, instance.Segmentation?.Counts, instance.Keypoints);
    }

    // The archive's entries have the members that docs/results.md names; what is missing is damage.
    private sealed record ImageLine
    {
        public required string Image { get; init; }

        public required int Width { get; init; }

        public required int Height { get; init; }

        public required IReadOnlyList<InstanceLine> Instances { get; init; }
    }

    private sealed record InstanceLine
    {
        public required long CategoryId { get; init; }

        public required string Category { get; init; }

        public required double[] Bbox { get; init; }

        public required double Score { get; init; }

        public SegmentationLine? Segmentation { get; init; }

        public double[]? Keypoints { get; init; }
    }

    private sealed record SegmentationLine
    {
        public required int[] Size { get; init; }

        public required string Counts { get; init; }
    }

    /// <summary>Goes through the archive once, by the places that the index names.</summary>
    private sealed class ArchiveReader(Stream archive, ResultCheck check, string location)
    {
        private byte[] _buffer = new byte[SkipBytes];
        private long _position;

        public async Task<ReadOnlyMemory<byte>> ReadAsync(ResultImage row, CancellationToken cancellation)
        {
            long offset = row.Offset!.Value, length = row.Length!.Value;
            if (offset < _position || length > Array.MaxLength)
                throw new InvalidDataException($"The index has '{row.Image}' at byte {offset} of {location}, {length} bytes long, which is within what is before it, or too long. It is damaged, or of another run.");
            await SkipAsync(offset - _position, cancellation).ConfigureAwait(false);
            if (_buffer.Length < length) _buffer = new byte[Math.Min(Array.MaxLength, Math.Max(length, 2L * _buffer.Length))];
            int read = await archive.ReadAtLeastAsync(_buffer.AsMemory(0, (int)length), (int)length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            Take(read);
            return read == length ? _buffer.AsMemory(0, read) : throw new InvalidDataException($"{location} ends after {_position} bytes; the index expects {offset + length}. It is damaged, or of another run.");
        }

        /// <summary>Reads on, to the archive's end if it comes first.</summary>
        public async Task SkipAsync(long count, CancellationToken cancellation)
        {
            int read = 1;
            for (; count > 0 && read > 0; count -= read)
            {
                read = await archive.ReadAsync(_buffer.AsMemory(0, (int)Math.Min(count, _buffer.Length)), cancellation).ConfigureAwait(false);
                Take(read);
            }
        }

        private void Take(int read)
        {
            check.Add(_buffer.AsSpan(0, read));
            _position += read;
        }
    }
}
