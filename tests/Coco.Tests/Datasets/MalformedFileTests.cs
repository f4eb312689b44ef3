using System.Text;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Tests.Datasets;

/// <summary>Every error names the place, what was found and what was expected.</summary>
public sealed class MalformedFileTests
{
    private const string Image = """{"id":1,"file_name":"a.jpg","height":2,"width":3}""";

    /// <summary>Texts whose error is at the '~', which is not part of them.</summary>
    public static readonly TheoryData<string, string> Datasets = new()
    {
        { "~", "an empty file; expected '{': an object with \"images\", \"annotations\" and \"categories\"" },
        { " \n\t~", "the end of the file; expected '{'" },
        { "\n~[]", "'['; expected '{': an object with" },
        { "~null", "'n'; expected '{'" },
        { "~\u0001", "byte 1; expected '{'" },
        { "{~", "the end of the file; expected '}'" },
        { "{}\n~{}", "'{'; expected the end of the file" },
        { "{~images:[]}", "'i'; expected a property name" },
        { "{\"images\"~,[]}", "','; expected ':'" },
        { "{\"images\":~", "the end of the file; expected a value" },
        { "{\"images\":~null}", "'n'; expected '[': \"images\" is a list" },
        { "{\"images\":~{\"id\":1}}", "'{'; expected '[': \"images\" is a list" },
        { "{\"annotations\":[],\n~\"annotations\":[]}", "a second \"annotations\"; expected one" },
        { "{\"images\":[]~]", "']'; expected ',' or '}'" },
        { "{\"images\":[],~}", "'}'; expected a property name" },
        { "{\"images\":[\n~5]}", "'5'; expected an object in \"images\"" },
        { $$"""{"images":[{{Image}},~]}""", "']'; expected an object in \"images\"" },
        { $$"""{"images":[{{Image}}~{{Image}}]}""", "'{'; expected ',' or ']'" },
        { $$"""{"images":[{{Image}}~""", "the end of the file; expected ']'" },
        { "{\"images\":[{\"id\":\"a~", "the end of the file; expected '\"'" },
        { "{\"images\":[{\"id\":1~", "the end of the file; expected '}' or ']'" },
        { "{\"images\":[\n~{\"height\":1,\"width\":1}]}", "an image without \"id\"; expected a whole number" },
        { "{\"images\":[\n~{\"id\":3,\"height\":-1,\"width\":1}]}", "image 3 with \"height\" -1; expected pixels, 0 to 2^31-1" },
        { "{\"images\":[{\"id\":~1.5}]}", "\"id\" is 1.5; expected a whole number" },
        { "{\"images\":[{\"id\":~9223372036854775808}]}", "\"id\" is 9223372036854775808; expected a whole number" },
        { "{\"images\":[{\"file_name\":~7}]}", "\"file_name\" is 7; expected a string" },
        { "{\"images\":[{\"file_name\":~\"\\ud800\"}]}", "\"file_name\" is \"\\ud800\"; expected valid UTF-8" },
        { "{\"categories\":[{~\"\\udc00\":1}]}", "a member named \"\\udc00\"; expected valid UTF-8" },
        { "{\"categories\":[\n~{\"name\":\"a\"}]}", "a category without \"id\"; expected a whole number" },
        { "{\"info\":tru~}", "text that is not JSON; expected" },
        { "{\"info\":[1,~}]}", "text that is not JSON; expected" },
        { "{\"info\":{\"a\":\n\n1,~}}", "text that is not JSON; expected" },
    };

    /// <summary>Annotations of a data set: the id to be named, the text, the error.</summary>
    public static readonly TheoryData<long?, string, string> Annotations = new()
    {
        { null, "~{}", "no \"image_id\"; expected the id of an image" },
        { 7, "~{\"id\":7}", "no \"image_id\"; expected the id of an image" },
        { 7, "~{\"id\":7,\"image_id\":1}", "no \"category_id\"; expected the id of a category" },
        { 7, "{\"id\":7,\"image_id\":~\"x\"}", "\"image_id\" is \"x\"; expected a whole number" },
        { 7, "{\"image_id\":~null,\"bbox\":[1,[2]],\"id\":7}", "\"image_id\" is null; expected a whole number" },
        { null, "{\"image_id\":~{},\"id\":\"seven\"}", "\"image_id\" is an object; expected a whole number" },
        { null, "{\"image_id\":~[],\"id\":{}}", "\"image_id\" is an array; expected a whole number" },
        { null, "{\"image_id\":~\"x\",oops}", "\"image_id\" is \"x\"; expected a whole number" },
        { 7, "{\"id\":7,\"bbox\":~[1,2,3]}", "\"bbox\" has 3 numbers; expected [x, y, width, height]" },
        { 7, "{\"id\":7,\"bbox\":[1,2,~\"3\",4]}", "\"bbox\" is \"3\"; expected a number" },
        { 7, "{\"id\":7,\"bbox\":~{}}", "\"bbox\" is an object; expected [x, y, width, height]" },
        { 7, "{\"id\":7,\"area\":~1e999}", "\"area\" is 1e999; expected a finite number" },
        { 7, "{\"id\":7,\"score\":~true}", "\"score\" is true; expected a number" },
        { 7, "{\"id\":7,\"iscrowd\":~2}", "\"iscrowd\" is 2; expected 0 or 1" },
        { 7, "{\"id\":7,\"keypoints\":~[1,2]}", "\"keypoints\" has 2 numbers; expected x, y, visibility for each keypoint" },
        { 7, "{\"id\":7,\"segmentation\":~\"RLE\"}", "\"segmentation\" is \"RLE\"; expected a list of polygons or an RLE {\"size\", \"counts\"}" },
        { 7, "{\"id\":7,\"segmentation\":[~1,2]}", "\"segmentation\" is 1; expected a list of polygons [[x, y, …], …]" },
        { 7, "{\"id\":7,\"segmentation\":[[1,2],\n~[1,2,3]]}", "a polygon of \"segmentation\" has 3 numbers; expected x, y pairs" },
        { 7, "{\"id\":7,\"segmentation\":~{\"size\":[1,2]}}", "\"segmentation\" is an object without \"size\" or \"counts\"; expected an RLE" },
        { 7, "{\"id\":7,\"segmentation\":{\"size\":~[1],\"counts\":\"1\"}}", "\"size\" has 1 numbers; expected [height, width]" },
        { 7, "{\"id\":7,\"segmentation\":{\"size\":[1,~2.5],\"counts\":\"1\"}}", "\"size\" is 2.5; expected a whole number" },
        { 7, "{\"id\":7,\"segmentation\":{\"size\":[1,2],\"counts\":~null}}", "\"counts\" is null; expected a string or a list of run lengths" },
        { 7, "{\"id\":7,\"segmentation\":{\"size\":[1,2],\"counts\":[1,~-1]}}", "\"counts\" is -1; expected run lengths from 0 to 2^32-1" },
        { 7, "{\"id\":7,\"segmentation\":{\"size\":[1,2],\"counts\":[~4294967296]}}", "\"counts\" is 4294967296; expected run lengths" },
        { 7, "{\"id\":7,\"segmentation\":{\"size\":[1,2],\"counts\":~\"\\ud800\"}}", "\"counts\" is \"\\ud800\"; expected valid UTF-8" },
        { null, "{\"id\":7 ~\"image_id\":1}", "text that is not JSON; expected a JSON object" },
        { null, "{\"id\":0~7}", "text that is not JSON; expected a JSON object" },
        { null, "{\"score\":~NaN}", "NaN or Infinity; expected a finite number" },
    };

    [Theory]
    [MemberData(nameof(Datasets))]
    public void A_malformed_data_set_is_an_error_at_its_place(string marked, string message) => Check(marked, null, message);

    [Theory]
    [MemberData(nameof(Annotations))]
    public void A_malformed_annotation_is_an_error_at_its_place(long? id, string marked, string message) =>
        Check($"{{\"images\":[],\n\"annotations\":[{{\"id\":1,\"image_id\":1,\"category_id\":1}},\n {marked}]}}", id, message);

    [Fact]
    public void A_data_set_is_not_a_results_file()
    {
        var error = Assert.Throws<CocoFormatException>(() => CocoText.Results("\n{\"images\":[]}"));
        Assert.Equal("test.json: line 2, byte 1: '{'; expected '[': an array of results.", error.Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_an_error()
    {
        byte[][] texts = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]];
        foreach (byte[] bytes in texts)
        {
            Refused([.. "{\"images\":[{\"file_name\":\""u8, .. bytes, .. "\"}]}"u8]);
            Refused([.. "{\"categories\":[{\"id\":1,\"name\":\""u8, .. bytes, .. "\"}]}"u8]);
            Refused([.. "{\"annotations\":[{\"image_id\":1,\"category_id\":1,\""u8, .. bytes, .. "\":1}]}"u8]);
            Refused([.. "{\""u8, .. bytes, .. "\":1}"u8]);
        }

        static void Refused(byte[] text) => Assert.Throws<CocoFormatException>(() => CocoText.Dataset(text));
    }

    [Fact]
    public void The_first_error_of_the_file_is_named_whatever_thread_finds_the_others()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            // About ten batches; the text may also break off at its end.
            int count = 20_000;
            int first = random.Next(count);
            var text = new StringBuilder("[\n");
            for (int i = 0; i < count; i++)
            {
                bool bad = i == first || (i > first && random.Next(1000) == 0);
                text.Append($"{{\"id\":{i},\"image_id\":{(bad ? "\"bad\"" : "1")},\"category_id\":1,\"keypoints\":[{i},0,0,0,0,0,0,0,0,0,0,0,0,0,0],\"bbox\":[1,2,3,4],\"score\":0.5}},\n");
            }
            var error = Assert.Throws<CocoFormatException>(() => CocoText.Results(text.Append(random.Next(2) == 0 ? "]" : "oops").ToString()));
            Assert.Equal(first, error.AnnotationId);
            Assert.Equal(first + 2, error.Line);
        }
    }

    private static void Check(string marked, long? id, string message)
    {
        int place = marked.IndexOf('~', StringComparison.Ordinal);
        byte[] text = Encoding.UTF8.GetBytes(marked.Remove(place, 1));
        int offset = Encoding.UTF8.GetByteCount(marked[..place]), line = marked[..place].Count(c => c == '\n') + 1;

        var error = Assert.Throws<CocoFormatException>(() => CocoText.Dataset(text));

        Assert.StartsWith($"test.json: line {line}, byte {offset}: {(id is null ? "" : $"annotation {id}: ")}{message}", error.Message, StringComparison.Ordinal);
        Assert.Equal(("test.json", (long?)line, (long)offset, id), (error.File, error.Line, error.ByteOffset, error.AnnotationId));
    }
}
