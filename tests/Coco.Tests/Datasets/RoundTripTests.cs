using System.Text;
using System.Text.Json;
using CsCheck;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Datasets;

/// <summary>What is read and written again says the same; the golden files are compared by another JSON library.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<double> Finite = Gen.OneOf(Gen.Double, Gen.Double[-1e6, 1e6], Gen.Int[-1000, 1000].Select(i => i / 100.0)).Where(double.IsFinite);

    [Fact]
    public void A_golden_data_set_is_written_as_it_was_read()
    {
        foreach (string file in CocoText.GoldenFiles)
        {
            byte[] golden = CocoText.GoldenDataset(file);
            AssertSameJson(golden, CocoText.Write(CocoText.Dataset(golden)));
        }
    }

    [Fact]
    public void Golden_results_are_written_as_they_were_read()
    {
        foreach (string file in CocoText.GoldenFiles)
        {
            byte[] golden = CocoText.GoldenResults(file);
            AssertSameJson(golden, CocoText.Write(CocoText.Results(golden)));
        }
    }

    [Fact]
    public void Files_are_replaced_whole_and_leave_nothing_else_behind()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string path = Path.Combine(folder, "new folder", "dataset.json");
            CocoDataset dataset = CocoText.Dataset(CocoText.GoldenDataset("coco_segm.json"));
            CocoWriter.WriteDataset(path, new CocoDataset());
            CocoWriter.WriteDataset(path, dataset);
            CocoWriter.WriteResults(Path.ChangeExtension(path, "results"), dataset.Annotations);
            Assert.Throws<InvalidOperationException>(() => CocoWriter.WriteResults(path, dataset.Annotations.Select((a, i) => i < 50 ? a : throw new InvalidOperationException())));

            Assert.Equal(CocoText.Write(dataset), CocoText.Write(CocoReader.ReadDataset(path, TestContext.Current.CancellationToken)));
            Assert.Equal(dataset.Annotations.Count, CocoReader.ReadResults(Path.ChangeExtension(path, "results"), TestContext.Current.CancellationToken).Count);
            Assert.Equal(2, Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Numbers_keep_every_bit() =>
        Gen.Select(Finite.Array[4], Finite, Finite, Finite.Array[6, 20].Where(p => p.Length % 2 == 0), Finite.Array[3]).Sample((box, area, score, polygon, keypoints) =>
        {
            var annotation = new CocoAnnotation
            {
                ImageId = 1,
                CategoryId = 2,
                Box = new BoundingBox(box[0], box[1], box[2], box[3]),
                Area = area,
                Score = score,
                Segmentation = new Segmentation.Polygons([polygon, box]),
                Keypoints = keypoints,
            };

            CocoAnnotation read = Assert.Single(CocoText.Results(CocoText.Write([annotation])));

            BoundingBox readBox = read.Box!.Value;
            Assert.Equal(Bits(box), Bits([readBox.X, readBox.Y, readBox.Width, readBox.Height]));
            Assert.Equal(Bits([area, score]), Bits([read.Area!.Value, read.Score!.Value]));
            Assert.Equal([.. Bits(polygon), .. Bits(box)], Assert.IsType<Segmentation.Polygons>(read.Segmentation).Parts.SelectMany(Bits));
            Assert.Equal(Bits(keypoints), Bits(read.Keypoints!));
        }, iter: 2000);

    [Fact]
    public void Ids_keep_every_bit() =>
        Gen.OneOf(Gen.Long, Gen.Const(long.MaxValue), Gen.Const(long.MinValue), Gen.Long[(1L << 53) - 2, (1L << 53) + 2]).Array[3].Sample(ids =>
        {
            var annotation = new CocoAnnotation { Id = ids[0], ImageId = ids[1], CategoryId = ids[2] };
            CocoAnnotation read = Assert.Single(CocoText.Results(CocoText.Write([annotation])));
            Assert.Equal((ids[0], ids[1], ids[2]), (read.Id!.Value, read.ImageId, read.CategoryId));
        }, iter: 1000);

    [Fact]
    public void Text_in_any_script_and_with_any_escape_comes_back() =>
        Gen.String.Array[3].Sample(texts =>
        {
            string[] valid = [.. texts.Select(t => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(t)))];
            var dataset = new CocoDataset
            {
                Images = [new CocoImage { Id = 1, FileName = valid[0] + "\\\"/\u0001é漢😀", Height = 2, Width = 3 }],
                Categories = [new CocoCategory { Id = 1, Name = valid[1], Supercategory = valid[2] }],
            };
            CocoDataset read = CocoText.Dataset(CocoText.Write(dataset));
            Assert.Equal(dataset.Images[0].FileName, read.Images[0].FileName);
            Assert.Equal(valid[1], read.Categories[0].Name);
            Assert.Equal(valid[2], read.Categories[0].Supercategory);
        }, iter: 1000);

    [Fact]
    public void Compressed_masks_come_back_whatever_needs_an_escape()
    {
        // The backslash is a character of the RLE alphabet and of JSON's escapes.
        string alphabet = new([.. Enumerable.Range(48, 64).Select(c => (char)c)]);
        Gen.Char[alphabet].Array[0, 60].Select(c => new string(c)).Sample(counts =>
        {
            var mask = new Segmentation.CompressedRle(5, 7, counts);
            Assert.Equal(mask, Assert.Single(CocoText.Results(CocoText.Write([new CocoAnnotation { ImageId = 1, CategoryId = 1, Segmentation = mask }]))).Segmentation);
            string escaped = string.Concat(counts.Select(c => $"\\u{(int)c:x4}"));
            Assert.Equal(mask, CocoText.Annotation($"\"segmentation\":{{\"size\":[5,7],\"counts\":\"{escaped}\"}}").Segmentation);
        }, iter: 500);
    }

    [Fact]
    public void Members_without_meaning_here_are_kept_as_they_were()
    {
        const string Value = """{ "a" : [1.50, 1e2, null, "\u0041\/"], "b" : { } }""";
        CocoDataset dataset = CocoText.Dataset($$"""
            {"info":{{Value}},
             "images":[{"id":1,"file_name":"a","height":1,"width":1,"license":{{Value}}}],
             "annotations":[{"id":1,"image_id":1,"category_id":1,"attributes":{{Value}},"x\"y":null}],
             "categories":[{"id":1,"name":"a","skeleton":[[1,2]]}],
             "licenses":[{"id":1}]}
            """);
        CocoDataset again = CocoText.Dataset(CocoText.Write(dataset));
        foreach (CocoDataset one in new[] { dataset, again })
        {
            Assert.Equal(["info", "licenses"], one.Extra.Select(e => e.Name));
            Assert.Equal(Value, Text(one.Extra[0]));
            Assert.Equal(Value, Text(Assert.Single(one.Images[0].Extra)));
            Assert.Equal([("attributes", Value), ("x\"y", "null")], one.Annotations[0].Extra.Select(e => (e.Name, Text(e))));
            Assert.Equal("[[1,2]]", Text(Assert.Single(one.Categories[0].Extra)));
        }
    }

    private static string Text(ExtraMember member) => Encoding.UTF8.GetString(member.Json.Span);

    private static IEnumerable<long> Bits(double[] numbers) => numbers.Select(BitConverter.DoubleToInt64Bits);

    private static void AssertSameJson(byte[] expected, byte[] actual)
    {
        using var a = JsonDocument.Parse(expected);
        using var b = JsonDocument.Parse(actual);
        Assert.True(JsonElement.DeepEquals(a.RootElement, b.RootElement));
    }
}
