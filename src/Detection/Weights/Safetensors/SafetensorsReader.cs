using System.Buffers.Binary;
using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Weights.Safetensors;

/// <summary>Reads safetensors files by the format's strict rules: every byte after the header belongs to exactly one tensor.</summary>
internal static class SafetensorsReader
{
    /// <summary>Whether a file starts like one: the header's first character follows its length.</summary>
    public static bool Recognises(ReadOnlySpan<byte> start) => start.Length > SafetensorsFormat.Prefix && start[SafetensorsFormat.Prefix] == '{';

    /// <summary>Reads the header; numbers are read later.</summary>
    /// <param name="file">The file.</param>
    /// <param name="owner">Is disposed with the result, or null.</param>
    /// <exception cref="WeightFileException">The file breaks a rule of the format.</exception>
    public static StateDict Read(ByteSource file, IDisposable? owner)
    {
        Span<byte> prefix = stackalloc byte[SafetensorsFormat.Prefix];
        if (file.Length < prefix.Length) throw new WeightFileException(file.Path, $"{file.Length} bytes are too few for a safetensors file. The file is cut off.");
        file.Read(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsFormat.LongestHeader)
            throw new WeightFileException(file.Path, $"the safetensors header claims {length} bytes; the format allows {SafetensorsFormat.LongestHeader}.");
        if (length > (ulong)(file.Length - prefix.Length))
        {
            throw new WeightFileException(
                file.Path,
                $"the safetensors header claims {length} bytes, but only {file.Length - prefix.Length} follow. The file is cut off.");
        }
        SafetensorsHeader header = SafetensorsHeader.Parse(file.Slice(prefix.Length, (long)length).ReadAll(), file.Path);
        long start = prefix.Length + (long)length;
        CheckOffsets(header.Entries, file.Length - start, file.Path);
        return new StateDict(
            [.. header.Entries.Select(e => new StoredTensor(e.Name, e.Type, e.Shape, file.Slice(start + e.Begin, e.End - e.Begin)))], header.Metadata, owner);
    }

    private static void CheckOffsets(IReadOnlyList<SafetensorsEntry> entries, long available, string path)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != end)
            {
                string what = entry.Begin < end ? "overlaps the tensor before it" : "leaves a hole after the tensor before it";
                throw new WeightFileException(path, $"the tensor '{entry.Name}' starts at {entry.Begin} and {what}, which ends at {end}. The file is damaged.");
            }
            if (!TensorTypes.TryCount(entry.Shape, entry.Type, out _, out long bytes))
            {
                throw new WeightFileException(
                    path,
                    $"the tensor '{entry.Name}' has the shape {TensorTypes.ShapeText(entry.Shape)}; expected at most {TensorTypes.MostDimensions} sizes, none negative, and a product within 64 bits.");
            }
            if (bytes != entry.End - entry.Begin)
                throw new WeightFileException(
                    path,
                    $"the tensor '{entry.Name}' of {entry.Type} and shape {TensorTypes.ShapeText(entry.Shape)} needs {bytes} bytes, but its offsets {entry.Begin} to {entry.End} give it {entry.End - entry.Begin}.");
            end = entry.End;
        }
        if (end > available) throw new WeightFileException(path, $"the tensors need {end} bytes, but only {available} follow the header. The file is cut off.");
        if (end < available) throw new WeightFileException(path, $"{available - end} bytes follow the last tensor; expected none.");
    }
}
