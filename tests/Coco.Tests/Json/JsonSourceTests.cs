using System.Text;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Json;
using MaskRcnn.Coco.Tests.Datasets;

namespace MaskRcnn.Coco.Tests.Json;

public sealed class JsonSourceTests
{
    private static readonly byte[] Large = Encoding.UTF8.GetBytes(
        "[" + string.Join(',', Enumerable.Range(0, 200_000).Select(i => $"{{\"id\":{i},\"image_id\":1,\"category_id\":1,\"score\":0.5}}")) + "]");

    [Fact]
    public void A_cancelled_read_does_not_start()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => CocoReader.ReadResults(CocoText.Source(Large), cancelled));
        Assert.Throws<OperationCanceledException>(() => CocoReader.ReadDataset(CocoText.Source(CocoText.GoldenDataset("coco_bbox.json")), cancelled));
    }

    [Fact]
    public void Cancelling_stops_the_read_within_a_few_batches()
    {
        using var cancellation = new CancellationTokenSource();
        int last = 0;
        var source = new JsonSource("test.json", () => new ChunkedStream(Large, () => 1 << 16, position =>
        {
            last = position;
            if (position > 2_000_000) cancellation.Cancel();
        }));
        Assert.Throws<OperationCanceledException>(() => CocoReader.ReadResults(source, cancellation.Token));
        Assert.InRange(last, 2_000_000, 3_500_000);
    }

    [Fact]
    public void A_file_that_cannot_be_read_to_its_end_is_an_input_error()
    {
        var source = new JsonSource("test.json", () => new ChunkedStream(Large, () => 1 << 16, position =>
        {
            if (position > 2_000_000) throw new IOException("The disk is gone.");
        }));
        Assert.Equal("The disk is gone.", Assert.Throws<IOException>(() => CocoReader.ReadResults(source, CancellationToken.None)).Message);
    }

    [Fact]
    public void Reading_stops_soon_after_an_error()
    {
        byte[] text = [.. "[{},"u8, .. Large[1..]];
        int last = 0;
        var source = new JsonSource("test.json", () => new ChunkedStream(text, () => 1 << 16, position => last = Math.Max(last, position)));
        Assert.Equal(1, Assert.Throws<CocoFormatException>(() => CocoReader.ReadResults(source, CancellationToken.None)).ByteOffset);
        // The batches in work, and those that wait for one to end.
        Assert.InRange(last, 1, (2 * Environment.ProcessorCount + 4) * 600_000);
    }

    [Fact]
    public void An_error_in_a_stream_that_opens_only_once_is_named_without_its_line()
    {
        int opened = 0;
        var source = new JsonSource("pipe", () => opened++ == 0 ? new MemoryStream("[\n5]"u8.ToArray()) : throw new IOException());
        var error = Assert.Throws<CocoFormatException>(() => CocoReader.ReadResults(source, CancellationToken.None));
        Assert.Equal("pipe: byte 2: '5'; expected an object (the file is an array of results).", error.Message);
        Assert.Null(error.Line);
    }
}
