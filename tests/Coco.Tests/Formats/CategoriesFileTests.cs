using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats;
using MaskRcnn.Coco.Formats.Yolo;

namespace MaskRcnn.Coco.Tests.Formats;

public sealed class CategoriesFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""[{"id": 7, "name": "cat"}, {"id": 9, "name": "dog", "supercategory": "animal"}]""", "7 cat, 9 dog")]
    [InlineData("""{"images": [], "annotations": [], "categories": [{"id": 3, "name": "emu"}]}""", "3 emu")]
    [InlineData("cat\ndog \r\n\n", "1 cat, 2 dog")]
    public void Categories_are_read_from_each_kind_of_file(string content, string expected) =>
        Assert.Equal(expected, string.Join(", ", CategoriesFile.Read(_folder.Write("c", content), TestContext.Current.CancellationToken).Select(c => $"{c.Id} {c.Name}")));

    [Theory]
    [InlineData("cat\n\ndog", "line 2 is empty")]
    [InlineData("", "no category")]
    [InlineData("""{"images": []}""", "no category")]
    [InlineData("""[{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]""", "the id 1 is that of two categories")]
    public void A_file_without_clear_categories_is_refused(string content, string problem)
    {
        string path = _folder.Write("c", content);
        var exception = Assert.Throws<DatasetContentException>(() => CategoriesFile.Read(path, TestContext.Current.CancellationToken));
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nc: 2\nnames: [cat, \"big, dog\"] # two\n")]
    [InlineData("names: ['cat',\n  'big, dog',\n]\nnc: 2\n")]
    [InlineData("path: x\nnames:\n  0: cat # small\n  1: 'big, dog'\nnc: 2\n")]
    [InlineData("names:\n- cat\n- \"big, dog\"\ntrain: x\n")]
    [InlineData("names: {0: cat, 1: 'big, dog'}\n")]
    public void Yolo_names_are_read_in_every_common_spelling(string yaml) =>
        Assert.Equal(["cat", "big, dog"], YoloNames.Read(_folder.Write("data.yaml", yaml)).Select(c => c.Name));

    [Theory]
    [InlineData("nc: 2\n", "no \"names\"")]
    [InlineData("names: &x\n", "\"names\" is &x")]
    [InlineData("names: [a, b\n", "without ']'")]
    [InlineData("names:\n  0: a\n  2: b\n", "class 2 at place 1")]
    public void Names_that_cannot_be_read_are_refused(string yaml, string problem) =>
        Assert.Contains(problem, Assert.Throws<DatasetContentException>(() => YoloNames.Read(_folder.Write("data.yaml", yaml))).Message, StringComparison.Ordinal);
}
