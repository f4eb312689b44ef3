using MaskRcnn.Client.Predict;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using SkiaSharp;

namespace MaskRcnn.Client.Tests.Predict;

public sealed class OverlayRendererTests
{
    private static readonly Dictionary<int, string> Names = new() { [1] = "person" };

    [Fact]
    public void A_masks_pixels_are_tinted_and_all_others_stay_as_they_are()
    {
        RgbImage image = Noise(200, 160);
        // A box that is no number is not drawn, nor is its tag.
        var instance = new DetectedInstance { Label = 1, Score = .9f, Box = new Box(float.NaN, 0, 1, 1), Mask = Rectangle(160, 200, 40, 30, 90, 80) };
        using SKBitmap picture = OverlayRenderer.Render(image, new ImageDetections(200, 160, [instance]), Names);
        for (int y = 0; y < 160; y++)
        {
            for (int x = 0; x < 200; x++)
            {
                bool inside = x is >= 40 and < 90 && y is >= 30 and < 80, near = x is >= 38 and < 92 && y is >= 28 and < 82;
                SKColor before = Pixel(image, x, y), after = picture.GetPixel(x, y);
                if (inside) Assert.NotEqual(before, after);
                else if (!near) Assert.Equal(before, after);
            }
        }
    }

    [Fact]
    public void Masks_that_touch_are_told_apart_by_their_color()
    {
        var image = new RgbImage(120, 80, [.. Enumerable.Repeat((byte)128, 120 * 80 * 3)]);
        DetectedInstance[] halves = [Masked(10, 60), Masked(60, 110)];
        using SKBitmap picture = OverlayRenderer.Render(image, new ImageDetections(120, 80, halves), Names);
        SKColor left = picture.GetPixel(35, 60), right = picture.GetPixel(85, 60);
        int apart = Math.Abs(left.Red - right.Red) + Math.Abs(left.Green - right.Green) + Math.Abs(left.Blue - right.Blue);
        Assert.True(apart > 60, $"{left} and {right} are {apart} apart.");

        static DetectedInstance Masked(int from, int to) => Plain(from, 10, to, 70) with { Mask = Rectangle(80, 120, from, 10, to, 70) };
    }

    [Fact]
    public void A_png_has_the_images_size()
    {
        foreach ((int width, int height) in new[] { (1, 1), (7, 300), (640, 480) })
        {
            byte[] png = OverlayRenderer.RenderPng(Noise(width, height), new ImageDetections(width, height, [Plain(0, 0, width, height)]), Names);
            RgbImage read = ImageDecoder.Decode(png, "overlay").Image;
            Assert.Equal((width, height), (read.Width, read.Height));
        }
    }

    [Fact]
    public void Without_detections_the_picture_is_the_image()
    {
        RgbImage image = Noise(33, 21);
        Assert.Equal(image.Pixels, ImageDecoder.Decode(OverlayRenderer.RenderPng(image, new ImageDetections(33, 21, []), Names), "overlay").Image.Pixels);
    }

    [Fact]
    public void Boxes_that_lie_outside_or_are_no_numbers_do_no_harm()
    {
        DetectedInstance[] instances =
        [
            Plain(-500, -500, -400, -400), Plain(-10, -10, 5000, 5000), Plain(90, 90, 20, 20), Plain(1e30f, 0, 2e30f, 5), Plain(10, 10, 10, 10),
            Plain(float.NaN, 0, float.PositiveInfinity, 1), Plain(float.NegativeInfinity, 0, 5, 5) with { Label = 99, Keypoints = [1, 2, 1, float.NaN, 3, 1, 5000, -3, 1] },
            Plain(5, 5, 50, 50) with { Mask = Rle.Empty(100, 100), Keypoints = [] },
        ];
        Assert.NotEmpty(OverlayRenderer.RenderPng(Noise(100, 100), new ImageDetections(100, 100, instances), Names));
    }

    [Fact]
    public void A_dense_image_has_boxes_and_tags_for_large_objects_only()
    {
        RgbImage image = Noise(400, 400);
        List<DetectedInstance> small = [.. Enumerable.Range(0, 80).Select(i => Plain(10 + i % 9 * 40, 10 + i / 9 * 40, 20 + i % 9 * 40, 20 + i / 9 * 40))];
        using SKBitmap without = OverlayRenderer.Render(image, new ImageDetections(400, 400, small), Names);
        Assert.Equal(0, Changed(image, without));
        using SKBitmap with = OverlayRenderer.Render(image, new ImageDetections(400, 400, [.. small, Plain(50, 50, 350, 350)]), Names);
        Assert.InRange(Changed(image, with), 4 * 300, 8000);
        using SKBitmap few = OverlayRenderer.Render(image, new ImageDetections(400, 400, small[..20]), Names);
        Assert.InRange(Changed(image, few), 20 * 4 * 10, 400 * 400);
    }

    [Fact]
    public void Keypoints_are_dots_and_seventeen_are_a_person()
    {
        RgbImage image = Noise(300, 300);
        float[] row = [.. Enumerable.Range(0, 17).SelectMany(k => new float[] { 20 + 15 * k, 30 + 13 * (k % 5), 1 })];
        DetectedInstance person = Plain(float.NaN, 0, 0, 0) with { Keypoints = row }, dots = person with { Keypoints = row[..48] };
        using SKBitmap skeleton = OverlayRenderer.Render(image, new ImageDetections(300, 300, [person]), Names);
        using SKBitmap alone = OverlayRenderer.Render(image, new ImageDetections(300, 300, [dots]), Names);
        Assert.InRange(Changed(image, alone), 100, 1000);
        Assert.True(Changed(image, skeleton) > 1.5 * Changed(image, alone));
    }

    [Fact]
    public void Detections_of_another_size_are_an_error_with_both_sizes()
    {
        var error = Assert.Throws<ArgumentException>(() => OverlayRenderer.Render(Noise(10, 8), new ImageDetections(8, 10, []), Names));
        Assert.Contains("8×10", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected 10×8", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => OverlayRenderer.Render(Noise(10, 8), new ImageDetections(10, 8, [Plain(0, 0, 1, 1) with { Mask = Rle.Empty(10, 8) }]), Names));
        Assert.Contains("mask has 8×10", error.Message, StringComparison.Ordinal);
    }

    private static DetectedInstance Plain(float x1, float y1, float x2, float y2) => new() { Label = 1, Score = .97f, Box = new Box(x1, y1, x2, y2) };

    private static Rle Rectangle(int height, int width, int left, int top, int right, int bottom)
    {
        List<uint> counts = [(uint)(left * height + top)];
        for (int x = left; x < right; x++) counts.AddRange([(uint)(bottom - top), (uint)(height - bottom + top)]);
        counts[^1] = (uint)(height - bottom + (width - right) * height);
        return Rle.FromCounts(height, width, [.. counts]);
    }

    /// <summary>Dark, so that every colour shows.</summary>
    private static RgbImage Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(3).NextBytes(pixels);
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(pixels[i] / 8);
        return new RgbImage(width, height, pixels);
    }

    private static SKColor Pixel(RgbImage image, int x, int y)
    {
        int at = (y * image.Width + x) * 3;
        return new SKColor(image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }

    private static int Changed(RgbImage image, SKBitmap picture)
    {
        int changed = 0;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++) changed += picture.GetPixel(x, y) == Pixel(image, x, y) ? 0 : 1;
        }
        return changed;
    }
}
