using System.Text;
using MaskRcnn.Coco.Json;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Grains.Sources.Manifests;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Sources.Manifests;

public sealed class NameFormTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("a.png\nb/c.png\n")]
    [InlineData("a.png\r\nb/c.png")]
    [InlineData("\n\n./a.png\n  \n././b/c.png\r\n\n")]
    [InlineData("\uFEFFa.png\nb/c.png")]
    public void A_text_has_a_name_a_line(string text) => Assert.Equal(["a.png", "b/c.png"], Read(NameForm.Manifest, text).Select(i => i.Name));

    [Fact]
    public void Names_are_taken_as_they_are_and_know_their_lines() =>
        Assert.Equal(
            [new NamedImage(" a b.png", 1), new NamedImage("# c", 3), new NamedImage("é細\U0001F52C", 4), new NamedImage("x{", 5)],
            Read(NameForm.Manifest, " a b.png\n\n# c\né細\U0001F52C\nx{"));

    [Fact]
    public void JSON_lines_have_ids_or_none_and_members_that_say_nothing() =>
        Assert.Equal(
            [new NamedImage("a/b.png", 2, 7), new NamedImage("line\nbreak", 3, -1), new NamedImage("c", 4)],
            Read(NameForm.Manifest, "\n{\"image\":\"a/b.png\",\"id\":7}\n {\"width\":{\"id\":[1,{\"image\":\"x\"}]},\"id\":-1,\"image\":\"./line\\nbreak\"}\r\n{\"image\":\"c\"}"));

    [Theory]
    [InlineData("{\"image\":\"a\"}\nb.png", "line 2: it is no JSON; expected an object such as {\"image\":\"a/b.png\",\"id\":7}.")]
    [InlineData("{\"image\":\"a\"}\n[\"b\"]", "line 2: it is no JSON object")]
    [InlineData("{\"image\":\"a\"", "line 1: it is no JSON")]
    [InlineData("{\"image\":\"a\"} {}", "line 1: it is no JSON")]
    [InlineData("{\"image\":7}", "line 1: \"image\" is no text")]
    [InlineData("{\"image\":\"a\",\"id\":\"7\"}", "line 1: \"id\" is no whole number")]
    [InlineData("{\"image\":\"a\",\"id\":1.5}", "line 1: \"id\" is no whole number")]
    [InlineData("{\"image\":\"a\",\"id\":9223372036854775808}", "line 1: \"id\" is no whole number")]
    [InlineData("{\"image\":\"a\",\"image\":\"b\"}", "line 1: it has two \"image\"")]
    [InlineData("{\"image\":\"a\",\"id\":1,\"id\":1}", "line 1: it has two \"id\"")]
    [InlineData("{\"id\":7}", "line 1: it has no \"image\"")]
    [InlineData("{\"image\":\"\"}", "line 1: it has no \"image\"")]
    [InlineData("{\"image\":\"a\\uD800\"}", "line 1: it is no JSON")]
    public void A_line_that_is_none_is_an_error_with_its_number(string text, string expected) =>
        Assert.Contains("memory, " + expected, Assert.Throws<SourceException>(() => Read(NameForm.Manifest, text)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_no_text_in_UTF_8_is_an_error_that_says_so()
    {
        Assert.Contains("UTF-16", Fault(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a.png\n"))), StringComparison.Ordinal);
        Assert.Contains("gunzip", Fault([0x1F, 0x8B, 8, 0]), StringComparison.Ordinal);
        Assert.Contains("line 2: it is not UTF-8", Fault([(byte)'a', (byte)'\n', 0xE9]), StringComparison.Ordinal);
        Assert.Contains("line 2: it has more than 65536 bytes", Fault([(byte)'a', (byte)'\n', .. new byte[1 << 20]]), StringComparison.Ordinal);
        Assert.Contains("line 1: it has more than 65536 bytes", Fault([.. Enumerable.Repeat((byte)'a', 65537), (byte)'\n']), StringComparison.Ordinal);

        static string Fault(IEnumerable<byte> bytes) => Assert.Throws<SourceException>(() => Read(NameForm.Manifest, [.. bytes])).Message;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Lines_may_end_anywhere_in_the_reads(int seed)
    {
        var random = new Random(seed);
        string[] names = [.. Enumerable.Range(0, 20_000).Select(i => new string((char)('a' + i % 26), i % 300 == 0 ? random.Next(1, 65536) : random.Next(1, 60)))];
        Assert.Equal(names, Read(NameForm.Manifest, string.Join('\n', names)).Select(i => i.Name));
        Assert.Equal(names, Read(NameForm.Manifest, string.Join("\r\n", names) + "\r\n").Select(i => i.Name));
    }

    [Fact]
    public void A_COCO_file_gives_its_images_names_and_ids() =>
        Assert.Equal(
            [new NamedImage("b.png", 1, 70), new NamedImage("x/a.png", 2, 3)],
            Read(NameForm.Coco, """{"info":{"images":[{"id":1}]},"annotations":[{"id":1,"image_id":70,"bbox":[1,2,3,4]}],"images":[{"id":70,"file_name":"./b.png","width":3,"height":4},{"file_name":"x/a.png","id":3}],"categories":[]}"""));

    [Theory]
    [InlineData("""{"images":[{"id":1,"file_name":"a"},{"id":2}]}""", "image 2, of id 2, has no file_name")]
    [InlineData("""{"annotations":[]}""", "it has no images; expected a COCO file")]
    public void A_COCO_file_without_names_is_an_error(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<SourceException>(() => Read(NameForm.Coco, text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""[{"image_id":1}]""")]
    [InlineData("""{"images":[{"file_name":"a"}]}""")]
    [InlineData("""{"images":[{"id":1,"file_name":"a"}""")]
    [InlineData("a.png\nb.png")]
    public void What_is_no_COCO_file_is_an_error_with_its_place(string text) =>
        Assert.StartsWith("memory: ", Assert.Throws<CocoFormatException>(() => Read(NameForm.Coco, text)).Message, StringComparison.Ordinal);

    private static List<NamedImage> Read(NameForm form, string text) => Read(form, Encoding.UTF8.GetBytes(text));

    private static List<NamedImage> Read(NameForm form, byte[] bytes)
    {
        var store = new MemoryBlobStore();
        WriteResult written = store.WriteAsync("f", bytes, WriteCondition.Absent, "a", None).GetAwaiter().GetResult();
        List<NamedImage> images = [];
        form.Read(new SourceFile(store, new BlobInfo("f", bytes.Length, written.ETag!), "memory"), images.Add, None);
        return images;
    }
}
