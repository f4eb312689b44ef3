using System.Text.Json;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Datasets;

/// <summary>Reads and writes members that carry no meaning here.</summary>
internal static class ExtraMembers
{
    /// <summary>Reads the member whose name the reader stands on.</summary>
    public static ExtraMember Read(ref Utf8JsonReader json, ReadOnlySpan<byte> element)
    {
        string name = json.Name();
        json.Read();
        int start = (int)json.TokenStartIndex;
        json.Skip();
        return new ExtraMember(name, element[start..(int)json.BytesConsumed].ToArray());
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<ExtraMember> members)
    {
        foreach (ExtraMember member in members)
        {
            json.WritePropertyName(member.Name);
            json.WriteRawValue(member.Json.Span, skipInputValidation: true);
        }
    }
}
