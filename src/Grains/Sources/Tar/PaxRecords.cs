using System.Globalization;

namespace MaskRcnn.Grains.Sources.Tar;

/// <summary>What a PAX header says of the next entry, of what matters here.</summary>
/// <param name="Path">Its name, or null.</param>
/// <param name="Size">Its bytes of data, or null.</param>
/// <param name="IsSparse">Whether it is sparse: its data are not its bytes.</param>
internal readonly record struct PaxRecords(string? Path, long? Size, bool IsSparse)
{
    /// <summary>Reads records: <c>length key=value\n</c>.</summary>
    /// <returns>The records; null: they are none.</returns>
    public static PaxRecords? Parse(ReadOnlySpan<byte> data)
    {
        var records = new PaxRecords();
        while (!data.IsEmpty)
        {
            int space = data.IndexOf((byte)' ');
            if (space <= 0 || !int.TryParse(data[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int length)) return null;
            if (length <= space + 1 || length > data.Length || data[length - 1] != '\n') return null;
            ReadOnlySpan<byte> record = data[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0 || Add(records, record[..equals], record[(equals + 1)..]) is not { } more) return null;
            records = more;
            data = data[length..];
        }
        return records;
    }

    private static PaxRecords? Add(PaxRecords records, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.StartsWith("GNU.sparse."u8)) return records with { IsSparse = true };
        if (key.SequenceEqual("path"u8))
        {
            // An empty value takes back what was said before.
            if (value.IsEmpty) return records with { Path = null };
            return !value.Contains((byte)0) && TarFields.Text(value) is { } path ? records with { Path = path } : null;
        }
        if (!key.SequenceEqual("size"u8)) return records;
        if (value.IsEmpty) return records with { Size = null };
        return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? records with { Size = size } : null;
    }
}
