using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Predict;

namespace MaskRcnn.Client.Tests.Predict;

public sealed class ImageInputsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inputs").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_gives_its_images_in_ordinal_order_and_counts_the_rest()
    {
        Make("b/2.PNG", "b/10.jpg", "a.tiff", "B.webp", "b/notes.txt", "c/d/e.bmp", "c/x.json", ".cache/t.png", "b/._2.jpg");
        ImageInputs inputs = ImageInputs.Find([_folder]);
        Assert.Equal(["B.webp", "a.tiff", "b/10.jpg", "b/2.PNG", "c/d/e.bmp"], Names(inputs));
        Assert.Equal(2, inputs.Skipped);
        Assert.All(inputs.Images, image => Assert.True(File.Exists(image.FullPath)));
        Assert.Equal(Names(inputs), Names(ImageInputs.Find([_folder + "/"])));
    }

    [Theory]
    [InlineData("*.jpg", "1.jpg,2.jpg")]
    [InlineData("?.*", "1.jpg,2.jpg,3.png")]
    [InlineData("**/*.jpg", "1.jpg,2.jpg,a/1.jpg,a/b/1.jpg,a/b/22.jpg")]
    [InlineData("**", "1.jpg,2.jpg,3.png,a/1.jpg,a/b/1.jpg,a/b/22.jpg,a/c/1.png")]
    [InlineData("a/**/1.*", "1.jpg,b/1.jpg,c/1.png")]
    [InlineData("*/*/*.jpg", "a/b/1.jpg,a/b/22.jpg")]
    [InlineData("**/b/**/??.jpg", "a/b/22.jpg")]
    [InlineData("a/?/1.*", "b/1.jpg,c/1.png")]
    [InlineData(".h/*", "5.jpg")]
    [InlineData("*/.h/*", "a/.h/6.jpg")]
    public void A_pattern_gives_what_matches_below_its_fixed_part(string pattern, string expected)
    {
        Make("1.jpg", "2.jpg", "3.png", "4.txt", "a/1.jpg", "a/b/1.jpg", "a/b/22.jpg", "a/c/1.png", ".h/5.jpg", "a/.h/6.jpg");
        Assert.Equal(expected.Split(','), Names(ImageInputs.Find([Path.Combine(_folder, pattern)])));
    }

    [Fact]
    public void A_named_file_is_taken_whatever_its_ending()
    {
        Make("scan.dat", "x/a*b.jpg", "x/acb.jpg");
        Assert.Equal(["scan.dat"], Names(ImageInputs.Find([In("scan.dat")])));
        Assert.Equal(["a*b.jpg"], Names(ImageInputs.Find([In("x/a*b.jpg")])));
        Assert.Equal(0, ImageInputs.Find([In("scan.dat"), _folder]).Skipped);
    }

    [Fact]
    public void Several_inputs_are_named_from_their_common_folder_and_each_file_once()
    {
        Make("p/a/1.jpg", "p/b/1.jpg", "p/b/2.jpg", "pq/1.jpg");
        Assert.Equal(["a/1.jpg", "b/1.jpg", "b/2.jpg"], Names(ImageInputs.Find([In("p/b"), In("p/a/1.jpg"), In("p/b/*.jpg"), In("p/../p/b/2.jpg")])));
        Assert.Equal(["1.jpg", "2.jpg"], Names(ImageInputs.Find([In("p/b/1.jpg"), In("p/b/2.jpg")])));
        Assert.Equal(["p/a/1.jpg", "pq/1.jpg"], Names(ImageInputs.Find([In("p/a"), In("pq")])));
    }

    [Fact]
    public void Links_are_followed_and_loops_end()
    {
        Make("real/1.jpg", "elsewhere/2.jpg", "elsewhere/deep/3.jpg");
        Directory.CreateSymbolicLink(In("real/back"), In("real"));
        Directory.CreateSymbolicLink(In("real/up"), "..");
        Directory.CreateSymbolicLink(In("real/other"), In("elsewhere/deep"));
        Directory.CreateSymbolicLink(In("real/nowhere"), In("gone"));
        File.CreateSymbolicLink(In("real/linked.jpg"), In("elsewhere/2.jpg"));
        File.CreateSymbolicLink(In("real/broken.jpg"), In("gone.jpg"));
        // A broken link to an image is listed: reading it is an error that names it.
        Assert.Equal(["1.jpg", "broken.jpg", "linked.jpg", "other/3.jpg", "up/elsewhere/2.jpg"], Names(ImageInputs.Find([In("real")])));
    }

    [Fact]
    public void What_does_not_exist_or_has_no_image_is_an_error_with_its_name()
    {
        Make("text/a.txt", "images/1.jpg");
        Directory.CreateDirectory(In("empty"));
        Assert.Contains($"{In("gone")} does not exist; expected an image file, a folder or a pattern", Error(In("images"), In("gone")), StringComparison.Ordinal);
        Assert.Contains($"no image in {In("text")}, {In("empty")}, only 1 other files; expected files that end in .jpg", Error(In("text"), In("empty")), StringComparison.Ordinal);
        Assert.Contains($"no image in {In("gone/*.jpg")}; expected", Error(In("gone/*.jpg")), StringComparison.Ordinal);
        Assert.Equal([In("empty"), In("*.jpg")], ImageInputs.Find([In("empty"), In("images"), In("*.jpg")]).Empty);
    }

    private static string Error(params string[] paths) => Assert.Throws<CommandException>(() => ImageInputs.Find(paths)).Message;

    private static string[] Names(ImageInputs inputs) => [.. inputs.Images.Select(image => image.RelativePath)];

    private string In(string name) => Path.Combine(_folder, name);

    private void Make(params string[] names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
            File.WriteAllBytes(In(name), [1]);
        }
    }
}
