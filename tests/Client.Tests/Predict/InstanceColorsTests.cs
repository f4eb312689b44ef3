using CsCheck;
using MaskRcnn.Client.Predict;
using MaskRcnn.Detection.Inference;
using SkiaSharp;

namespace MaskRcnn.Client.Tests.Predict;

public sealed class InstanceColorsTests
{
    [Fact]
    public void Neighbors_have_clearly_different_colors()
    {
        // A grid of 20 × 20 boxes that touch: each has eight neighbours.
        DetectedInstance[] cells = [.. Enumerable.Range(0, 400).Select(i => Boxed(i % 20 * 10, i / 20 * 10, 10, 10))];
        OkLch[] colors = InstanceColors.Assign(cells, 1);
        for (int i = 0; i < 400; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (Math.Abs(i % 20 - j % 20) > 1 || Math.Abs(i / 20 - j / 20) > 1) continue;
                double distance = OkLch.Distance(colors[i], colors[j]);
                Assert.True(distance > .08, $"{i} and {j} have {colors[i]} and {colors[j]}, which are {distance:F3} apart.");
            }
        }
    }

    [Fact]
    public void Up_to_21_instances_on_one_spot_have_21_colors() =>
        Assert.Equal(21, InstanceColors.Assign([.. Enumerable.Range(0, 21).Select(_ => Boxed(0, 0, 5, 5))], 1).Distinct().Count());

    [Fact]
    public void Any_number_of_instances_gets_colors_and_the_same_ones_again()
    {
        Gen.Select(Gen.Float[-100, 100], Gen.Float[-100, 100], Gen.Float[0, 50], Gen.Float[0, 50]).Array[0, 100].Sample(boxes =>
        {
            DetectedInstance[] instances = [.. boxes.Select(box => Boxed(box.Item1, box.Item2, box.Item3, box.Item4))];
            OkLch[] colors = InstanceColors.Assign(instances, 2);
            Assert.Equal(instances.Length, colors.Length);
            Assert.Equal(colors, InstanceColors.Assign(instances, 2));
        }, iter: 200);
    }

    [Theory]
    [InlineData(1, 0, 0, 255, 255, 255)]
    [InlineData(0, 0, 0, 0, 0, 0)]
    [InlineData(.627955, .257683, 29.234, 255, 0, 0)]
    [InlineData(.866440, .294827, 142.495, 0, 255, 0)]
    [InlineData(.452014, .313214, 264.052, 0, 0, 255)]
    public void The_colors_of_the_screen_are_where_they_belong(double lightness, double chroma, double hue, byte red, byte green, byte blue)
    {
        SKColor color = new OkLch(lightness, chroma - 1e-4 * Math.Sign(chroma), hue).ToColor();
        Assert.InRange(color.Red, red - 4, red + 4);
        Assert.InRange(color.Green, green - 4, green + 4);
        Assert.InRange(color.Blue, blue - 4, blue + 4);
    }

    private static DetectedInstance Boxed(float x, float y, float width, float height) =>
        new() { Label = 1, Score = 1, Box = new Box(x, y, x + width, y + height) };
}
