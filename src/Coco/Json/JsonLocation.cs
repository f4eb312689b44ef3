using System.Text.Json;

namespace MaskRcnn.Coco.Json;

/// <summary>Turns what a parser says of one element into an error with a place in the file.</summary>
internal static class JsonLocation
{
    /// <summary>Whether <see cref="Locate"/> knows what to make of the exception.</summary>
    public static bool IsElementError(Exception exception) => exception is JsonElementException or JsonException;

    public static CocoFormatException Locate(this JsonSource source, JsonBatch batch, int index, Exception exception)
    {
        long start = batch.FileOffset(index);
        if (exception is JsonElementException element) return source.Error(start + element.Offset, element.AnnotationId, element.Found, element.Expected);
        long offset = OffsetOf((JsonException)exception, batch.Element(index));
        ReadOnlySpan<byte> rest = batch.Element(index)[(int)Math.Min(offset, batch.Element(index).Length)..];
        // Python writes them, but JSON has no such numbers.
        bool isNotFinite = rest.StartsWith("NaN"u8) || rest.StartsWith("Infinity"u8) || rest.StartsWith("-Infinity"u8);
        return isNotFinite
            ? source.Error(start + offset, null, "NaN or Infinity", "a finite number")
            : source.Error(start + offset, null, "text that is not JSON", "a JSON object");
    }

    private static long OffsetOf(JsonException exception, ReadOnlySpan<byte> element)
    {
        long offset = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--) offset += element[(int)offset..].IndexOf((byte)'\n') + 1;
        return offset + (exception.BytePositionInLine ?? 0);
    }
}
