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
        return exception is JsonElementException element
            ? source.Error(start + element.Offset, element.AnnotationId, element.Found, element.Expected)
            : source.Error(start + OffsetOf((JsonException)exception, batch.Element(index)), null, "text that is not JSON", "a JSON object");
    }

    private static long OffsetOf(JsonException exception, ReadOnlySpan<byte> element)
    {
        long offset = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--) offset += element[(int)offset..].IndexOf((byte)'\n') + 1;
        return offset + (exception.BytePositionInLine ?? 0);
    }
}
