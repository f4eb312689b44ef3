namespace MaskRcnn.Coco.Json;

/// <summary>An error within one element of a section; <see cref="JsonSource"/> makes it a <see cref="CocoFormatException"/>.</summary>
internal sealed class JsonElementException(long offset, string found, string expected) : Exception($"{found}; expected {expected}.")
{
    /// <summary>Offset in the element's text, bytes.</summary>
    public long Offset { get; } = offset;

    public string Found { get; } = found;

    public string Expected { get; } = expected;

    public long? AnnotationId { get; init; }
}
