namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>All annotations of a file, in its order.</summary>
internal sealed class AnnotationTable(IReadOnlyList<AnnotationChunk> chunks)
{
    private readonly AnnotationChunk[] _chunks = [.. chunks];

    /// <summary>Where a row is.</summary>
    public readonly record struct Place(int Chunk, int Row);

    public long Count { get; } = chunks.Sum(c => (long)c.Rows.Length);

    public AnnotationChunk Chunk(Place place) => _chunks[place.Chunk];

    public ref readonly AnnotationRow Row(Place place) => ref _chunks[place.Chunk].Rows[place.Row];

    /// <summary>All rows, in the file's order.</summary>
    public IEnumerable<Place> Places()
    {
        for (int c = 0; c < _chunks.Length; c++)
        {
            for (int r = 0; r < _chunks[c].Rows.Length; r++) yield return new Place(c, r);
        }
    }

    /// <summary>Groups the rows by image, each group in the file's order; rows of other images are left out.</summary>
    /// <param name="imageIndex">For each evaluated image its index.</param>
    public Groups ByImage(Dictionary<long, int> imageIndex)
    {
        var ends = new int[imageIndex.Count + 1];
        var images = new int[_chunks.Length][];
        for (int c = 0; c < _chunks.Length; c++)
        {
            AnnotationRow[] rows = _chunks[c].Rows;
            int[] ofChunk = images[c] = new int[rows.Length];
            for (int r = 0; r < rows.Length; r++)
            {
                ofChunk[r] = imageIndex.TryGetValue(rows[r].ImageId, out int image) ? image : -1;
                if (ofChunk[r] >= 0) ends[ofChunk[r] + 1]++;
            }
        }
        for (int i = 1; i < ends.Length; i++) ends[i] += ends[i - 1];
        var places = new Place[ends[^1]];
        int[] next = ends[..^1];
        for (int c = 0; c < _chunks.Length; c++)
        {
            for (int r = 0; r < images[c].Length; r++)
            {
                if (images[c][r] >= 0) places[next[images[c][r]]++] = new Place(c, r);
            }
        }
        return new Groups(places, ends);
    }

    /// <summary>Rows by image.</summary>
    public sealed class Groups(Place[] places, int[] ends)
    {
        public ReadOnlySpan<Place> this[int image] => places.AsSpan(ends[image], ends[image + 1] - ends[image]);
    }
}
