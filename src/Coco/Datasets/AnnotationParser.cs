using System.Text.Json;
using MaskRcnn.Coco.Json;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Datasets;

/// <summary>Parses the text of one annotation or result. Not for use by two threads at once.</summary>
internal sealed class AnnotationParser(bool keepExtra)
{
    private byte[] _text = new byte[1024];

    public AnnotationFields Fields { get; } = new();

    /// <summary>Fills <see cref="Fields"/>.</summary>
    /// <exception cref="JsonElementException">A member has the wrong type.</exception>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public void Parse(ReadOnlySpan<byte> element)
    {
        Fields.Clear();
        var json = new Utf8JsonReader(element);
        try
        {
            json.Read();
            while (json.NextMember()) Member(ref json);
            // The element is one object: the reader also checks that nothing follows it.
            json.Read();
        }
        catch (JsonElementException exception)
        {
            throw new JsonElementException(exception.Offset, exception.Found, exception.Expected) { AnnotationId = Fields.Id ?? FindId(element) };
        }
    }

    /// <summary>The id of an element that does not parse, so that its error can name it.</summary>
    private static long? FindId(ReadOnlySpan<byte> element)
    {
        var json = new Utf8JsonReader(element);
        try
        {
            json.Read();
            while (json.NextMember())
            {
                bool isId = json.ValueTextEquals("id"u8);
                json.Read();
                if (isId) return json.TokenType == JsonTokenType.Number && JsonNumber.TryParseLong(json.ValueSpan, out long id) ? id : null;
                json.Skip();
            }
        }
        catch (Exception exception) when (JsonLocation.IsElementError(exception))
        {
            // The text breaks off after the error that is being reported.
        }
        return null;
    }

    private void Member(ref Utf8JsonReader json)
    {
        // The common names in their common order first.
        if (json.ValueTextEquals("image_id"u8)) Fields.ImageId = json.ReadLong("image_id");
        else if (json.ValueTextEquals("category_id"u8)) Fields.CategoryId = json.ReadLong("category_id");
        else if (json.ValueTextEquals("bbox"u8)) Fields.Box = ReadBox(ref json);
        else if (json.ValueTextEquals("score"u8)) Fields.Score = json.ReadFinite("score");
        else if (json.ValueTextEquals("segmentation"u8)) ReadSegmentation(ref json);
        else if (json.ValueTextEquals("id"u8)) Fields.Id = json.ReadLong("id");
        else if (json.ValueTextEquals("area"u8)) Fields.Area = json.ReadFinite("area");
        else if (json.ValueTextEquals("iscrowd"u8)) Fields.IsCrowd = ReadFlag(ref json);
        else if (json.ValueTextEquals("keypoints"u8)) ReadKeypoints(ref json);
        else if (json.ValueTextEquals("num_keypoints"u8)) Fields.NumKeypoints = (int)Math.Clamp(json.ReadLong("num_keypoints"), 0, int.MaxValue);
        else if (keepExtra) KeepExtra(ref json);
        else json.SkipValue();
    }

    private void KeepExtra(ref Utf8JsonReader json)
    {
        string name = json.Name();
        json.Read();
        int start = (int)json.TokenStartIndex;
        json.Skip();
        Fields.Extra.Add((name, start, (int)json.BytesConsumed - start));
    }

    private static BoundingBox? ReadBox(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return null;
        long start = json.TokenStartIndex;
        Span<double> box = stackalloc double[4];
        int count = 0;
        if (json.TokenType != JsonTokenType.StartArray) throw json.Unexpected("bbox", "[x, y, width, height]");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            double value = json.Finite("bbox");
            if (count < 4) box[count] = value;
            count++;
        }
        return count switch
        {
            0 => null,
            4 => new BoundingBox(box[0], box[1], box[2], box[3]),
            _ => throw new JsonElementException(start, $"\"bbox\" has {count} numbers", "[x, y, width, height]"),
        };
    }

    private static bool ReadFlag(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.True or JsonTokenType.False) return json.GetBoolean();
        if (json.TokenType == JsonTokenType.Number && JsonNumber.TryParseLong(json.ValueSpan, out long flag) && flag is 0 or 1) return flag == 1;
        throw json.Unexpected("iscrowd", "0 or 1");
    }

    private void ReadKeypoints(ref Utf8JsonReader json)
    {
        Fields.Keypoints.Clear();
        json.Read();
        Fields.HasKeypoints = json.TokenType != JsonTokenType.Null;
        if (!Fields.HasKeypoints) return;
        long start = json.TokenStartIndex;
        json.ReadNumbers("keypoints", Fields.Keypoints);
        if (Fields.Keypoints.Count % 3 != 0)
            throw new JsonElementException(start, $"\"keypoints\" has {Fields.Keypoints.Count} numbers", "x, y, visibility for each keypoint");
    }

    private void ReadSegmentation(ref Utf8JsonReader json)
    {
        Fields.ClearSegmentation();
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                break;
            case JsonTokenType.StartArray:
                ReadPolygons(ref json);
                break;
            case JsonTokenType.StartObject:
                ReadRle(ref json);
                break;
            default:
                throw json.Unexpected("segmentation", "a list of polygons or an RLE {\"size\", \"counts\"}");
        }
    }

    private void ReadPolygons(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartArray) throw json.Unexpected("segmentation", "a list of polygons [[x, y, …], …]");
            long start = json.TokenStartIndex;
            int before = Fields.Coordinates.Count;
            json.ReadNumbers("segmentation", Fields.Coordinates);
            int numbers = Fields.Coordinates.Count - before;
            if (numbers % 2 != 0 || numbers == 0)
                throw new JsonElementException(start, $"a polygon of \"segmentation\" has {numbers} numbers", "x, y pairs");
            Fields.PartEnds.Add(Fields.Coordinates.Count);
        }
        if (Fields.PartEnds.Count > 0) Fields.Segmentation = SegmentationKind.Polygons;
    }

    private void ReadRle(ref Utf8JsonReader json)
    {
        long start = json.TokenStartIndex;
        bool hasSize = false;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("size"u8))
            {
                json.Read();
                ReadSize(ref json);
                hasSize = true;
            }
            else if (json.ValueTextEquals("counts"u8))
            {
                json.Read();
                ReadCounts(ref json);
            }
            else
            {
                json.SkipValue();
            }
        }
        if (!hasSize || Fields.Segmentation == SegmentationKind.None)
            throw new JsonElementException(start, "\"segmentation\" is an object without \"size\" or \"counts\"", "an RLE {\"size\": [height, width], \"counts\": …}");
    }

    private void ReadSize(ref Utf8JsonReader json)
    {
        long start = json.TokenStartIndex;
        if (json.TokenType != JsonTokenType.StartArray) throw json.Unexpected("size", "[height, width]");
        int count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            long value = json.Long("size");
            if (count == 0) Fields.MaskHeight = value;
            else Fields.MaskWidth = value;
            count++;
        }
        if (count != 2) throw new JsonElementException(start, $"\"size\" has {count} numbers", "[height, width]");
    }

    private void ReadCounts(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            Fields.Segmentation = SegmentationKind.CompressedRle;
            int length = json.ValueSpan.Length;
            if (_text.Length < length) _text = new byte[Math.Max(length, 2 * _text.Length)];
            Fields.Compressed = new ArraySegment<byte>(_text, 0, json.CopyText("counts", _text));
            return;
        }
        if (json.TokenType != JsonTokenType.StartArray) throw json.Unexpected("counts", "a string or a list of run lengths");
        Fields.Segmentation = SegmentationKind.UncompressedRle;
        Fields.Counts.Clear();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            long run = json.Long("counts");
            if (run is < 0 or > uint.MaxValue) throw json.Unexpected("counts", "run lengths from 0 to 2^32-1");
            Fields.Counts.Add((uint)run);
        }
    }
}
