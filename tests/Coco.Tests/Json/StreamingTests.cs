using System.Text;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Json;
using MaskRcnn.Coco.Tests.Datasets;

namespace MaskRcnn.Coco.Tests.Json;

/// <summary>However the bytes arrive and however large the elements are, the same comes out.</summary>
public sealed class StreamingTests
{
    [Fact]
    public void A_stream_that_gives_one_byte_at_a_time_reads_the_same()
    {
        foreach (string file in CocoText.GoldenFiles) ReadsTheSame(CocoText.GoldenDataset(file), () => 1);
    }

    [Fact]
    public void A_stream_that_gives_any_number_of_bytes_at_a_time_reads_the_same()
    {
        foreach (string file in CocoText.GoldenFiles)
        {
            for (int seed = 0; seed < 30; seed++)
            {
                var random = new Random(seed);
                int most = 1 << random.Next(1, 18);
                ReadsTheSame(CocoText.GoldenDataset(file), () => random.Next(1, most));
            }
        }
    }

    [Fact]
    public void Elements_of_any_size_come_out_whole_and_in_order()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int most = random.Next(2) == 0 ? int.MaxValue : 1 << random.Next(10, 20);
            // A few elements are larger than a batch (256 KB) or than the buffer (512 KB).
            int[] sizes = [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => random.Next(40) switch
            {
                0 => random.Next(100_000, 300_000),
                < 10 => random.Next(10_000),
                _ => random.Next(50),
            })];
            byte[] text = LongElements(sizes);

            IReadOnlyList<CocoAnnotation> results = CocoReader.ReadResults(
                new JsonSource("test.json", () => new ChunkedStream(text, () => random.Next(1, most))), TestContext.Current.CancellationToken);

            Assert.Equal(sizes, results.Select(r => r.Keypoints!.Length / 3));
            Assert.Equal(Enumerable.Range(0, sizes.Length).Select(i => (long?)i), results.Select(r => r.Id));
        }
    }

    [Fact]
    public void Small_elements_before_one_larger_than_the_buffer_are_not_lost()
    {
        IReadOnlyList<CocoAnnotation> results = CocoText.Results(LongElements([1, 1, 400_000, 1]));
        Assert.Equal([0L, 1, 2, 3], results.Select(r => r.Id!.Value));
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        byte[] golden = CocoText.GoldenDataset("coco_bbox.json");
        byte[] marked = [0xEF, 0xBB, 0xBF, .. golden];
        Assert.Equal(CocoText.Write(CocoText.Dataset(golden)), CocoText.Write(CocoText.Dataset(marked)));
        ReadsTheSame(marked, () => 1);
    }

    [Fact]
    public void White_space_between_any_two_tokens_is_passed_over()
    {
        byte[] golden = CocoText.GoldenDataset("coco_segm.json");
        // Other members keep their own white space.
        byte[] expected = CocoText.Write(CocoText.Dataset(golden) with { Extra = [] });
        for (int seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var spaced = new StringBuilder();
            bool inString = false;
            foreach (char c in Encoding.UTF8.GetString(golden))
            {
                // No string of this file holds a quote.
                if (c == '"') inString = !inString;
                bool gap = !inString && c is '{' or '}' or '[' or ']' or ',' or ':';
                if (gap) spaced.Append(Space());
                spaced.Append(c);
                if (gap) spaced.Append(Space());
            }
            Assert.Equal(expected, CocoText.Write(CocoText.Dataset(spaced.ToString()) with { Extra = [] }));

            string Space() => random.Next(4) == 0 ? new string(" \t\r\n"[random.Next(4)], random.Next(20)) : "";
        }
    }

    [Fact]
    public void Files_with_very_many_small_members_take_work_in_proportion()
    {
        var text = new StringBuilder("{");
        for (int i = 0; i < 200_000; i++) text.Append($"\"member {i}\":{i},");
        text.Append("\"images\":[]}");
        CocoDataset dataset = CocoText.Dataset(text.ToString());
        Assert.Equal(200_000, dataset.Extra.Count);
        Assert.Equal("199999", Encoding.UTF8.GetString(dataset.Extra[^1].Json.Span));
    }

    /// <summary>Results with as many keypoints as given.</summary>
    private static byte[] LongElements(int[] sizes)
    {
        var text = new StringBuilder("[");
        for (int i = 0; i < sizes.Length; i++)
        {
            if (i > 0) text.Append(',');
            text.Append($"{{\"image_id\":1,\"category_id\":1,\"keypoints\":[").AppendJoin(',', Enumerable.Repeat("0,0,0", sizes[i])).Append($"],\"id\":{i}}}");
        }
        return Encoding.UTF8.GetBytes(text.Append(']').ToString());
    }

    private static void ReadsTheSame(byte[] text, Func<int> chunk)
    {
        CocoDataset dataset = CocoReader.ReadDataset(new JsonSource("test.json", () => new ChunkedStream(text, chunk)), TestContext.Current.CancellationToken);
        Assert.Equal(CocoText.Write(CocoText.Dataset(text)), CocoText.Write(dataset));
    }
}
