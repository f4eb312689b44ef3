using MaskRcnn.Detection.Inference;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Golden;

/// <summary>Comparisons that say how far apart things are.</summary>
internal static class Near
{
    public static void Equal(IReadOnlyList<float> expected, IReadOnlyList<float> actual, double tolerance, string what)
    {
        Assert.True(expected.Count == actual.Count, $"{what}: {actual.Count} values, expected {expected.Count}");
        int worst = -1;
        double largest = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            // NaN must be in the same places.
            if (double.IsNaN(difference))
                difference = float.IsNaN(expected[i]) && float.IsNaN(actual[i]) ? 0 : double.PositiveInfinity;
            if (difference > largest)
                (largest, worst) = (difference, i);
        }

        Assert.True(largest <= tolerance, worst < 0 ? "" : $"{what}: value {worst} is {actual[worst]}, expected {expected[worst]}; differs by {largest:E2}, allowed {tolerance:E2}");
    }

    /// <summary>Compares with a tolerance relative to the expected values' largest magnitude, or absolute when that is below 1.</summary>
    public static void Scaled(IReadOnlyList<float> expected, IReadOnlyList<float> actual, double tolerance, string what) =>
        Equal(expected, actual, tolerance * Math.Max(1, expected.Max(Math.Abs)), what);

    public static void Boxes(IReadOnlyList<Box> expected, IReadOnlyList<Box> actual, double tolerance, string what) =>
        Equal([.. expected.SelectMany(Corners)], [.. actual.SelectMany(Corners)], tolerance, what);

    /// <summary>A tensor's values in torch's usual order.</summary>
    public static float[] Values(torch.Tensor tensor)
    {
        using torch.Tensor contiguous = tensor.to(torch.float32).contiguous();
        return contiguous.data<float>().ToArray();
    }

    private static IEnumerable<float> Corners(Box box) => [box.X1, box.Y1, box.X2, box.Y2];
}
