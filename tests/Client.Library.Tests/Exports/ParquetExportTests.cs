using MaskRcnn.Client.Exports;
using MaskRcnn.Client.Exports.Formats;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Client.Results;
using MaskRcnn.Storage.Memory;
using ParquetSharp;

namespace MaskRcnn.Client.Library.Tests.Exports;

/// <summary>The table, read by Apache Arrow's C++ reader, which ParquetSharp wraps.</summary>
public sealed class ParquetExportTests
{
    [Fact]
    public async Task Arrow_reads_a_row_for_each_detection()
    {
        DrawnResult result = DrawnResult.Small();
        using ParquetFileReader table = await ExportAsync(result);
        (DrawnImage Image, DrawnInstance Instance, int Number)[] rows = [.. result.Images.SelectMany(image => image.Instances.Select((instance, i) => (image, instance, i + 1)))];
        Assert.Equal(rows.Length, table.FileMetaData.NumRows);
        Assert.Equal(rows.Select(r => r.Image.Name), Column<string>(table, "image"));
        Assert.Equal(rows.Select(r => r.Image.Id), Column<long?>(table, "image_id"));
        Assert.Equal(rows.Select(r => r.Image.Width), Column<int>(table, "width"));
        Assert.Equal(rows.Select(r => r.Image.Height), Column<int>(table, "height"));
        Assert.Equal(rows.Select(r => r.Number), Column<int>(table, "instance"));
        Assert.Equal(rows.Select(r => r.Instance.CategoryId), Column<long>(table, "category_id"));
        Assert.Equal(rows.Select(r => result.Categories[r.Instance.CategoryId]), Column<string>(table, "category"));
        Assert.Equal(rows.Select(r => (float)r.Instance.Score), Column<float>(table, "score"));
        Assert.Equal(rows.Select(r => (float)r.Instance.Bbox[0]), Column<float>(table, "bbox_x"));
        Assert.Equal(rows.Select(r => (float)r.Instance.Bbox[1]), Column<float>(table, "bbox_y"));
        Assert.Equal(rows.Select(r => (float)r.Instance.Bbox[2]), Column<float>(table, "bbox_width"));
        Assert.Equal(rows.Select(r => (float)r.Instance.Bbox[3]), Column<float>(table, "bbox_height"));
        Assert.Equal(rows.Select(r => (double)r.Instance.Mask!.Sum(row => row.Count(pixel => pixel == '#'))), Column<double>(table, "area"));
        Assert.Equal(rows.Select(r => DrawnResult.Counts(r.Instance.Mask!)), Column<string>(table, "mask_counts"));
    }

    [Fact]
    public async Task Without_masks_the_area_is_the_boxs_and_the_mask_is_null()
    {
        using ParquetFileReader table = await ExportAsync(new DrawnResult(new DrawnImage("a.png", null, 8, 4, [new DrawnInstance(7, .5, null, [1, 1, 4, 2.5])])) { IouTypes = ["bbox"] });
        Assert.Equal([10.0], Column<double>(table, "area"));
        Assert.Equal([null], Column<string?>(table, "mask_counts"));
        Assert.Equal([null], Column<long?>(table, "image_id"));
    }

    [Fact]
    public async Task Keypoints_are_a_list_a_row()
    {
        using ParquetFileReader table = await ExportAsync(new DrawnResult(
            new DrawnImage("a.png", 1, 8, 4, [new DrawnInstance(1, .5, null, [1, 1, 4, 2]) { Keypoints = [1, 2, 1, 3, 4.5, 0] }, new DrawnInstance(1, .4, null, [1, 1, 4, 2]) { Keypoints = [5, 6, 1] }, new DrawnInstance(1, .3, null, [1, 1, 4, 2])])) { IouTypes = ["bbox", "keypoints"] });
        Assert.Equal([[1, 2, 1, 3, 4.5f, 0], [5, 6, 1], null], Column<float[]?>(table, "element"));
    }

    [Fact]
    public async Task A_result_without_a_detection_is_a_table_without_a_row()
    {
        using ParquetFileReader table = await ExportAsync(new DrawnResult(new DrawnImage("a.png", 1, 8, 4, [])));
        Assert.Equal((0, 14), (table.FileMetaData.NumRows, table.FileMetaData.NumColumns));
    }

    [Fact]
    public async Task A_row_group_has_a_bounded_number_of_rows()
    {
        DrawnInstance[] instances = [.. Enumerable.Range(0, 1000).Select(i => new DrawnInstance(1, .5, null, [i, 0, 1, 1]))];
        var result = new DrawnResult([.. Enumerable.Range(0, 70).Select(i => new DrawnImage($"{i:D3}.png", i, 1000, 4, instances))]) { IouTypes = ["bbox"] };
        using ParquetFileReader table = await ExportAsync(result);
        Assert.Equal((70_000, 2), (table.FileMetaData.NumRows, table.FileMetaData.NumRowGroups));
        using RowGroupReader first = table.RowGroup(0);
        Assert.Equal(DetectionRows.MostRows, first.MetaData.NumRows);
        Assert.Equal(Enumerable.Range(0, 70_000).Select(i => (float)(i % 1000)), Column<float>(table, "bbox_x"));
    }

    private static async Task<ParquetFileReader> ExportAsync(DrawnResult result)
    {
        var output = new MemoryBlobStore();
        JobResults results = await JobResults.OpenAsync(await result.WriteAsync(new MemoryBlobStore()));
        ExportReport report = await results.ExportAsync(output, new ExportOptions { Format = ExportFormat.Parquet });
        byte[] file = (await output.ReadAsync(report.File, null, CancellationToken.None)).Data;
        return new ParquetFileReader(new MemoryStream(file), leaveOpen: false);
    }

    private static List<T> Column<T>(ParquetFileReader table, string name)
    {
        var values = new List<T>();
        int column = Enumerable.Range(0, table.FileMetaData.NumColumns).Single(i => table.FileMetaData.Schema.Column(i).Name == name);
        for (int group = 0; group < table.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader rows = table.RowGroup(group);
            using ColumnReader reader = rows.Column(column);
            using LogicalColumnReader<T> logical = reader.LogicalReader<T>();
            values.AddRange(logical.ReadAll(checked((int)rows.MetaData.NumRows)));
        }
        return values;
    }
}
