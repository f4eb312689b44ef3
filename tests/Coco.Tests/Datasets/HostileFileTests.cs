using System.Text;
using System.Text.Json;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Tests.Datasets;

/// <summary>
/// Files that are damaged or made to hurt: each is read or refused with a <see cref="CocoFormatException"/>, soon,
/// and with memory in proportion to its size. Alone in its collection, as memory is counted for the whole process.
/// </summary>
[Collection(nameof(HostileFileTests))]
[CollectionDefinition(nameof(HostileFileTests), DisableParallelization = true)]
public sealed class HostileFileTests
{
    // Pooled buffers of half a megabyte each, a few for each processor, whatever the file; and objects for each of
    // the smallest parts that a file can have, which are a few characters.
    private const long Constant = 32L << 20;
    private const long BytesForEachByte = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Damaged_golden_files_are_read_or_refused()
    {
        (byte[] Dataset, byte[] Results)[] golden = [.. CocoText.GoldenFiles.Select(f => (CocoText.GoldenDataset(f), CocoText.GoldenResults(f)))];
        for (int seed = 0; seed < 900; seed++)
        {
            var random = new Random(seed);
            (byte[] dataset, byte[] results) = golden[seed % golden.Length];
            if (random.Next(2) == 0) await ReadOrRefuse($"seed {seed}", Damage(dataset, random), isDataset: true);
            else await ReadOrRefuse($"seed {seed}", Damage(results, random), isDataset: false);
        }
    }

    [Fact]
    public async Task Damaged_short_files_are_read_or_refused()
    {
        // Small enough that most damage meets something that matters.
        byte[] text = """
            {"info":{"a":[1]},"images":[{"id":1,"file_name":"\u0041\\","height":2,"width":3}],
            "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"area":1.5e0,"iscrowd":0,
            "segmentation":{"size":[2,3],"counts":"\\6"},"keypoints":[1,2,0],"num_keypoints":1,"x":null}],
            "categories":[{"id":1,"name":"é","supercategory":"b"}]}
            """u8.ToArray();
        for (int seed = 0; seed < 20_000; seed++) await ReadOrRefuse($"seed {seed}", Damage(text, new Random(seed)), isDataset: true);
    }

    [Fact]
    public async Task Every_truncation_of_a_file_is_refused()
    {
        byte[] text = CocoText.GoldenDataset("coco_keypoints.json").AsSpan(0, 3000).ToArray();
        for (int length = 0; length < text.Length; length++) Assert.False(await ReadOrRefuse($"{length} bytes", text[..length], isDataset: true));
    }

    [Theory]
    [InlineData("[", "")]
    [InlineData("{\"a\":", "")]
    [InlineData("[{\"a\":", "")]
    [InlineData("[", "{\"info\":")]
    [InlineData("[", "{\"images\":[{\"id\":1,\"x\":")]
    [InlineData("{\"a\":", "{\"annotations\":[{\"id\":1,\"x\":")]
    [InlineData("[", "{\"annotations\":[{\"segmentation\":")]
    [InlineData("]", "{\"annotations\":[")]
    [InlineData("\\", "{\"info\":\"")]
    [InlineData("\"", "{\"info\":\"")]
    [InlineData("9", "{\"annotations\":[{\"image_id\":")]
    [InlineData("9", "{\"annotations\":[{\"area\":1e")]
    [InlineData("0,", "{\"annotations\":[{\"bbox\":[")]
    [InlineData("{\"images\":[],", "")]
    [InlineData("\n", "{")]
    [InlineData("\0", "")]
    [InlineData("{},", "{\"annotations\":[")]
    public async Task A_million_times_the_same_is_refused(string piece, string before)
    {
        string text = before + string.Concat(Enumerable.Repeat(piece, 1_000_000));
        Assert.False(await ReadOrRefuse(piece, Encoding.UTF8.GetBytes(text), isDataset: true));
        Assert.False(await ReadOrRefuse(piece, Encoding.UTF8.GetBytes(text.Replace("\"annotations\"", "\"images\"", StringComparison.Ordinal)), isDataset: true));
        Assert.False(await ReadOrRefuse(piece, Encoding.UTF8.GetBytes(text), isDataset: false));
    }

    [Fact]
    public async Task A_million_levels_that_are_closed_again_are_refused()
    {
        string levels = new string('[', 1_000_000) + new string(']', 1_000_000);
        Assert.False(await ReadOrRefuse("info", Encoding.UTF8.GetBytes($"{{\"info\":{levels}}}"), isDataset: true));
        Assert.False(await ReadOrRefuse("member", Encoding.UTF8.GetBytes($"[{{\"image_id\":1,\"category_id\":1,\"x\":{levels}}}]"), isDataset: false));
    }

    [Fact]
    public async Task A_size_or_a_run_of_any_length_asks_for_no_memory()
    {
        string[] segmentations =
        [
            """{"size":[1000000000,1000000000],"counts":[1000000000000000000]}""",
            """{"size":[1000000000,1000000000],"counts":[4294967295]}""",
            """{"size":[1000000000,1000000000],"counts":"ooooooo"}""",
            """{"size":[2147483647,1],"counts":[2147483647]}""",
            """[[1e308,-1e308,1e8,1e8,0,0]]""",
        ];
        foreach (string segmentation in segmentations)
            await ReadOrRefuse(segmentation, Encoding.UTF8.GetBytes($"[{{\"image_id\":1,\"category_id\":1,\"segmentation\":{segmentation}}}]"), isDataset: false);
    }

    [Theory]
    [InlineData("[{\"image_id\":1,\"category_id\":1,", "\"a\":1,", "\"b\":1}]", false)]
    [InlineData("[{\"image_id\":1,\"category_id\":1,\"keypoints\":[", "1,1,1,", "1,1,1]}]", false)]
    [InlineData("[{\"image_id\":1,\"category_id\":1,\"segmentation\":[", "[1,1],", "[1,1]]}]", false)]
    [InlineData("[{\"image_id\":1,\"category_id\":1,\"segmentation\":{\"size\":[1,1],\"counts\":[", "1,", "1]}}]", false)]
    [InlineData("[", "{\"image_id\":1,\"category_id\":1},", "{\"image_id\":1,\"category_id\":1}]", false)]
    [InlineData("{\"categories\":[", "{\"id\":1},", "{\"id\":1}]}", true)]
    [InlineData("{", "\"a\":1,", "\"b\":1}", true)]
    public async Task Files_of_very_many_small_parts_are_read(string before, string piece, string after, bool isDataset)
    {
        string text = before + string.Concat(Enumerable.Repeat(piece, 500_000)) + after;
        Assert.True(await ReadOrRefuse(piece, Encoding.UTF8.GetBytes(text), isDataset));
    }

    private static byte[] Damage(byte[] text, Random random)
    {
        var damaged = new List<byte>(text);
        for (int i = random.Next(1, 4); i > 0 && damaged.Count > 0; i--)
        {
            int place = random.Next(damaged.Count);
            switch (random.Next(6))
            {
                case 0:
                    damaged[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged[place] = (byte)"{}[]\",:\\0-e.tnu \n"[random.Next(17)];
                    break;
                case 2:
                    damaged.Insert(place, (byte)random.Next(256));
                    break;
                case 3:
                    damaged.RemoveAt(place);
                    break;
                case 4:
                    int length = random.Next(Math.Min(200, damaged.Count - place));
                    damaged.InsertRange(random.Next(damaged.Count), damaged.GetRange(place, length));
                    break;
                default:
                    if (random.Next(4) == 0) damaged.RemoveRange(place, damaged.Count - place);
                    else damaged.RemoveRange(place, random.Next(Math.Min(200, damaged.Count - place)));
                    break;
            }
        }
        return [.. damaged];
    }

    /// <summary>Whether the text was read. Anything but that or a <see cref="CocoFormatException"/> fails the test.</summary>
    private static async Task<bool> ReadOrRefuse(string name, byte[] text, bool isDataset)
    {
        long before = GC.GetTotalAllocatedBytes();
        object outcome;
        try
        {
            outcome = await Task.Run(() => Read(text, isDataset)).WaitAsync(Patience);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{name}: {exception.GetType().Name}", exception);
        }
        long allocated = GC.GetTotalAllocatedBytes() - before;
        Assert.True(allocated < Constant + BytesForEachByte * text.Length, $"{name}: {allocated} bytes for a file of {text.Length}");
        if (outcome is CocoFormatException error)
        {
            Assert.InRange(error.ByteOffset, 0, text.Length);
            Assert.Contains("; expected ", error.Message, StringComparison.Ordinal);
            return false;
        }
        // What is read is JSON, as another library sees it, and can be written.
        using var document = JsonDocument.Parse(text.AsMemory(text is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0), new JsonDocumentOptions { MaxDepth = 100 });
        byte[] written = outcome is CocoDataset dataset ? CocoText.Write(dataset) : CocoText.Write((IReadOnlyList<CocoAnnotation>)outcome);
        Assert.Equal(isDataset ? (byte)'{' : (byte)'[', written[0]);
        return true;
    }

    private static object Read(byte[] text, bool isDataset)
    {
        try
        {
            return isDataset ? CocoText.Dataset(text) : CocoText.Results(text);
        }
        catch (CocoFormatException error)
        {
            return error;
        }
    }
}
