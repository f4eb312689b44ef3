using System.Globalization;
using System.Text;
using System.Text.Json;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Parts;
using NetVips;

namespace MaskRcnn.Grains.Tests.Results.Parts;

/// <summary>An image's bytes against readers that are not ours, and the numbers that went in.</summary>
public sealed class ImageEncoderTests
{
    private static readonly ImageDetections Found = SampleShard.Detections(new Random(3), 5, keypoints: true);

    [Fact]
    public void The_JSON_of_an_image_holds_its_instances_best_first()
    {
        EncodedImage encoded = Encode(Found, "s/ü 細 <&>.png");
        string text = Encoding.UTF8.GetString(encoded.Json.Span);
        Assert.Equal(text.Length - 1, text.IndexOf('\n', StringComparison.Ordinal));
        Assert.StartsWith("{\"image\":\"s/ü 細 <&>.png\",\"id\":9,\"width\":40,\"height\":30,\"instances\":[{\"category_id\":", text, StringComparison.Ordinal);
        JsonElement[] instances = [.. JsonDocument.Parse(text).RootElement.GetProperty("instances").EnumerateArray()];
        Assert.Equal(5, instances.Length);
        foreach ((DetectedInstance expected, JsonElement instance) in Found.Instances.Zip(instances))
        {
            Assert.Equal(["category_id", "category", "bbox", "score", "segmentation", "keypoints"], instance.EnumerateObject().Select(p => p.Name));
            Assert.Equal(expected.Label == 1 ? "nucleus" : "Zelle \"ß\"", instance.GetProperty("category").GetString());
            Assert.Equal(expected.Label * 11, instance.GetProperty("category_id").GetInt64());
            Assert.Equal(expected.Score, instance.GetProperty("score").GetSingle());
            Assert.Equal([expected.Box.X1, expected.Box.Y1, expected.Box.X2 - expected.Box.X1, expected.Box.Y2 - expected.Box.Y1], instance.GetProperty("bbox").EnumerateArray().Select(n => n.GetSingle()));
            Assert.Equal(expected.Keypoints!, instance.GetProperty("keypoints").EnumerateArray().Select(n => n.GetSingle()));
            Assert.True(Rle.FromCompressed(30, 40, instance.GetProperty("segmentation").GetProperty("counts").GetString()!).SameAs(expected.Mask!));
            Assert.Equal("[30,40]", instance.GetProperty("segmentation").GetProperty("size").GetRawText());
        }
        Assert.Equal((5, Found.Instances[0].Score, 40, 30), (encoded.Instances, encoded.BestScore, encoded.Width, encoded.Height));
    }

    [Fact]
    public void Lines_of_detections_are_written_as_plainly_as_this_and_read_by_CocoReader()
    {
        string lines = Encoding.UTF8.GetString(Encode(Found).Detections.Span);
        Assert.Equal(string.Join(",\n", Found.Instances.Select(i =>
            $"{{\"image_id\":9,\"category_id\":{i.Label * 11},\"bbox\":[{Text(i.Box.X1)},{Text(i.Box.Y1)},{Text(i.Box.X2 - i.Box.X1)},{Text(i.Box.Y2 - i.Box.Y1)}],\"score\":{Text(i.Score)},"
            + $"\"segmentation\":{{\"size\":[30,40],\"counts\":{JsonSerializer.Serialize(i.Mask!.ToCompressed())}}},\"keypoints\":[{string.Join(',', i.Keypoints!.Select(Text))}]}}")), lines);

        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, $"[\n{lines}\n]\n");
            IReadOnlyList<CocoAnnotation> read = CocoReader.ReadResults(path);
            Assert.Equal(Found.Instances.Select(i => (double)i.Score), read.Select(r => Math.Round(r.Score!.Value, 12)), (a, b) => (float)a == (float)b);
            Assert.All(read, r => Assert.Equal(9, r.ImageId));
        }
        finally
        {
            File.Delete(path);
        }

        static string Text(float number) => number.ToString("R", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Lines_of_detections_are_the_bytes_that_predict_writes()
    {
        var random = new Random(11);
        for (int i = 0; i < 30; i++)
        {
            ImageDetections found = SampleShard.Detections(random, random.Next(12), keypoints: i % 2 == 0);
            string expected = string.Join(",\n", DetectionJson.Lines(found, 9, new Dictionary<int, long> { [1] = 11, [2] = 22 }).Select(Encoding.UTF8.GetString));
            Assert.Equal(expected, Encoding.UTF8.GetString(Encode(found).Detections.Span));
        }
    }

    [Fact]
    public void Boxes_alone_have_neither_masks_nor_a_label_map()
    {
        var boxes = new ImageDetections(4, 3, [new DetectedInstance { Label = 1, Score = .5f, Box = new Box(0, 0, 1, 1) }]);
        EncodedImage encoded = new ImageEncoder(SampleShard.Job(png: true, iouTypes: "bbox")).Encode(SampleShard.Image("a"), SampleShard.Range(1), boxes, null, SampleShard.Timings);
        Assert.Equal("{\"image_id\":1,\"category_id\":11,\"bbox\":[0,0,1,1],\"score\":0.5}", Encoding.UTF8.GetString(encoded.Detections.Span));
        Assert.True(encoded.Png.IsEmpty);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(255, 1)]
    [InlineData(256, 2)]
    [InlineData(300, 2)]
    public void A_label_map_says_of_each_pixel_which_instance_is_best(int count, int bytes)
    {
        ImageDetections found = SampleShard.Detections(new Random(count), count);
        EncodedImage encoded = Encode(found);
        Assert.Equal(encoded.Png.ToArray(), Encode(found).Png.ToArray());
        using Image png = Image.PngloadBuffer(encoded.Png.ToArray());
        Assert.Equal((40, 30, 1, bytes == 1 ? Enums.BandFormat.Uchar : Enums.BandFormat.Ushort), (png.Width, png.Height, png.Bands, png.Format));
        int[] labels = bytes == 1 ? [.. png.WriteToMemory<byte>().Select(b => (int)b)] : [.. png.WriteToMemory<ushort>().Select(s => (int)s)];
        byte[][] masks = [.. found.Instances.Select(i => RleDense.Decode(i.Mask!))];
        Assert.Equal(Enumerable.Range(0, 1200).Select(p => 1 + Array.FindIndex(masks, m => m[p] != 0)), labels);
    }

    [Fact]
    public void Masks_of_another_size_and_labels_without_a_category_are_named()
    {
        var odd = new ImageDetections(41, 30, Found.Instances);
        Assert.Contains("40×30", Assert.Throws<ArgumentException>(() => Encode(odd)).Message, StringComparison.Ordinal);
        var unknown = new ImageDetections(40, 30, [Found.Instances[0] with { Label = 7 }]);
        Assert.Contains("label 7", Assert.Throws<ArgumentException>(() => Encode(unknown)).Message, StringComparison.Ordinal);
        Assert.Equal(5, Encode(Found).Instances); // and the thread's buffers are clean again
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Numbers_that_are_not_finite_make_the_image_an_error(float number)
    {
        var broken = new ImageDetections(40, 30, [Found.Instances[0], Found.Instances[1] with { Box = new Box(0, number, 1, 1) }]);
        EncodedImage encoded = Encode(broken);
        Assert.Equal((ImageErrorCauses.ModelError, "00000003"), (encoded.Error!.Cause, encoded.Error.Shard));
        Assert.True(encoded.Json.IsEmpty && encoded.Detections.IsEmpty && encoded.Instances == 0);
    }

    [Fact]
    public async Task Threads_do_not_disturb_each_other()
    {
        var encoder = new ImageEncoder(SampleShard.Job());
        byte[] expected = encoder.Encode(SampleShard.Image("a"), SampleShard.Range(1), Found, null, default).Json.ToArray();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 200; i++) Assert.Equal(expected, encoder.Encode(SampleShard.Image("a"), SampleShard.Range(1), Found, null, default).Json.ToArray());
        })));
    }

    private static EncodedImage Encode(ImageDetections detections, string name = "a") =>
        new ImageEncoder(SampleShard.Job(png: true)).Encode(SampleShard.Image(name, 9), SampleShard.Range(1), detections, null, SampleShard.Timings);
}
