using System.Globalization;
using System.Text;

namespace MaskRcnn.Coco.Json;

/// <summary>A file that is not what it should be: where, what was found, what was expected.</summary>
public sealed class CocoFormatException : FormatException
{
    /// <summary>An error at a place in a file.</summary>
    /// <param name="file">The file's path or name.</param>
    /// <param name="byteOffset">Zero-based offset of the place.</param>
    /// <param name="line">One-based line of the place, or null where unknown.</param>
    /// <param name="annotationId">The annotation's id, or null where there is none.</param>
    /// <param name="found">What was found, for instance <c>"score" is "high"</c>.</param>
    /// <param name="expected">What was expected, for instance <c>a finite number</c>.</param>
    public CocoFormatException(string file, long byteOffset, long? line, long? annotationId, string found, string expected)
        : base(Describe(file, byteOffset, line, annotationId, found, expected))
    {
        File = file;
        ByteOffset = byteOffset;
        Line = line;
        AnnotationId = annotationId;
    }

    /// <inheritdoc/>
    public CocoFormatException(string message) : base(message) { }

    /// <inheritdoc/>
    public CocoFormatException(string message, Exception innerException) : base(message, innerException) { }

    /// <inheritdoc/>
    public CocoFormatException() { }

    /// <summary>The file's path or name.</summary>
    public string? File { get; }

    /// <summary>Zero-based offset of the place in the file, bytes.</summary>
    public long ByteOffset { get; }

    /// <summary>One-based line, or null where unknown.</summary>
    public long? Line { get; }

    /// <summary>The annotation's id, or null.</summary>
    public long? AnnotationId { get; }

    private static string Describe(string file, long byteOffset, long? line, long? annotationId, string found, string expected)
    {
        var text = new StringBuilder(file).Append(": ");
        if (line is { } number) text.Append(CultureInfo.InvariantCulture, $"line {number}, ");
        text.Append(CultureInfo.InvariantCulture, $"byte {byteOffset}: ");
        if (annotationId is { } id) text.Append(CultureInfo.InvariantCulture, $"annotation {id}: ");
        return text.Append(found).Append("; expected ").Append(expected).Append('.').ToString();
    }
}
