using System.Globalization;
using System.Text;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>Gathers what a file refers to wrongly, so that one error lists all of it: the first 20, then a count.</summary>
internal sealed class BrokenReferences(JsonSource source)
{
    private const int Listed = 20;

    private readonly List<(AnnotationRow Row, string Found, string Expected)> _first = [];
    private long _count;

    public void Add(in AnnotationRow row, string found, string expected)
    {
        if (_count++ < Listed) _first.Add((row, found, expected));
    }

    /// <exception cref="CocoFormatException">Something was added.</exception>
    public void ThrowIfAny()
    {
        if (_count == 0) return;
        if (_count == 1) throw source.Error(_first[0].Row.FileOffset, _first[0].Row.Id, _first[0].Found, _first[0].Expected);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{source.Name}: {_count} broken references:");
        foreach ((AnnotationRow row, string found, string expected) in _first)
        {
            string name = row.Id is { } id ? $"annotation {id}, " : "";
            text.Append(CultureInfo.InvariantCulture, $"\n  {name}byte {row.FileOffset}: {found}; expected {expected}");
        }
        if (_count > Listed) text.Append(CultureInfo.InvariantCulture, $"\n  and {_count - Listed} more");
        throw new CocoFormatException(text.ToString());
    }
}
