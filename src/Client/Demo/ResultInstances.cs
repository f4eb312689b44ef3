using System.Text.Json;
using MaskRcnn.Client.Results;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Client.Demo;

/// <summary>An image's nuclei, from the archive of a result.</summary>
internal static class ResultInstances
{
    private const int Nucleus = 1;

    /// <summary>Reads those that are shown, best score first.</summary>
    public static async Task<IReadOnlyList<DetectedInstance>> ReadAsync(JobResults results, ResultImage row, CancellationToken cancellation)
    {
        using JsonDocument? document = await results.ReadImageAsync(row, cancellation);
        if (document is null) return [];
        return [.. document.RootElement.GetProperty("instances").EnumerateArray().Where(IsShown).Select(Instance)];
    }

    private static bool IsShown(JsonElement instance) =>
        instance.GetProperty("category_id").GetInt64() == Nucleus && instance.GetProperty("score").GetDouble() >= DemoOptions.ShownScore;

    private static DetectedInstance Instance(JsonElement instance)
    {
        float[] box = [.. instance.GetProperty("bbox").EnumerateArray().Select(value => value.GetSingle())];
        return new DetectedInstance
        {
            Label = Nucleus,
            Score = instance.GetProperty("score").GetSingle(),
            Box = new Box(box[0], box[1], box[0] + box[2], box[1] + box[3]),
            Mask = instance.TryGetProperty("segmentation", out JsonElement mask) ? Mask(mask) : null,
        };
    }

    private static Rle Mask(JsonElement mask)
    {
        JsonElement size = mask.GetProperty("size");
        return Rle.FromCompressed(size[0].GetInt32(), size[1].GetInt32(), mask.GetProperty("counts").GetString()!);
    }
}
