using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary><c>index/</c>: a row for every image in name order, in pages, and a list of the pages.</summary>
internal sealed class IndexFiles(ResultStore results)
{
    /// <summary>Rows of a page.</summary>
    public const int PageRows = 4096;

    private readonly ArrayBufferWriter<byte> _page = new(1 << 20);
    private readonly List<(string First, string Last)> _pages = [];
    private long _rows;
    private string? _first;
    private string? _last;

    /// <summary>Writes the pages, then their list.</summary>
    public static void Write(ResultStore results, PartReader reader, IReadOnlyList<Leaf> leaves, ThumbnailPacks packs, GivenUpImages givenUp)
    {
        var index = new IndexFiles(results);
        var row = new IndexRow(packs);
        using IEnumerator<(Leaf Leaf, ReadOnlyMemory<byte> Line)> lines = PartLines.Read(reader, leaves, PartKind.Index).GetEnumerator();
        bool more = lines.MoveNext();
        foreach (Leaf leaf in leaves)
        {
            if (leaf.GivenUp is { } error) index.Add(error.Image, IndexRow.Failed(error, givenUp.Id(leaf), givenUp.Misses(leaf)), leaf);
            int count = leaf.GivenUp is null ? 0 : 1;
            for (; more && lines.Current.Leaf == leaf; more = lines.MoveNext(), count++)
            {
                ReadOnlyMemory<byte> absolute = row.Absolute(leaf, lines.Current.Line, out string name);
                index.Add(name, absolute.Span, leaf);
            }
            if (count != leaf.Count)
                throw new ReductionException($"{JobLayout.Part(leaf.Folder, leaf.Attempt, PartKinds.Name(PartKind.Index))} has {count} rows; expected one for each of the shard's {leaf.Count} images.");
            row.Skip(leaf);
        }
        index.EndPage();
        index.WriteList();
    }

    private void Add(string name, ReadOnlySpan<byte> row, Leaf leaf)
    {
        if (_last is not null && string.CompareOrdinal(name, _last) <= 0)
            throw new ReductionException($"Shard {leaf.Shard} of attempt {leaf.Attempt} has the image '{name}' after '{_last}'; expected names in ordinal order, each once.");
        if (_rows % PageRows == 0)
        {
            EndPage();
            _page.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"schema\":1,\"page\":{_pages.Count},\"first\":{_rows},\"rows\":[\n")));
            _first = name;
        }
        else
        {
            _page.Write(",\n"u8);
        }
        _page.Write(row);
        _last = name;
        _rows++;
    }

    private void EndPage()
    {
        if (_page.WrittenCount == 0) return;
        _page.Write("\n]}\n"u8);
        results.Write(string.Create(CultureInfo.InvariantCulture, $"index/{_pages.Count:D8}.json"), _page.WrittenSpan);
        _pages.Add((_first!, _last!));
        _page.ResetWrittenCount();
    }

    private void WriteList()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, IndexRow.Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", 1);
            json.WriteNumber("rows", _rows);
            json.WriteNumber("pageRows", PageRows);
            json.WriteNumber("pageCount", _pages.Count);
            json.WriteStartArray("pages");
            foreach ((string first, string last) in _pages)
            {
                json.WriteStartObject();
                json.WriteString("first", first);
                json.WriteString("last", last);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        results.Write("index/index.json", stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
