using MaskRcnn.Detection.Configuration;
using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Listing;

/// <summary>
/// Where shards are cut when the job does not say: after about 20 s of work. Seconds an image are the model's multiply-adds over a
/// fixed speed, and a fixed time for reading, decoding and writing. It is a function of the configuration alone: a measurement
/// would cut the same job otherwise the next time. Real machines are faster or slower by a small factor, which 10–30 s allow.
/// </summary>
/// <remarks>
/// The speeds: ResNet-50 at 800×1088, about 2.1·10¹¹ multiply-adds, takes 1.42 s in fp32 on two cores (benchmarks/README.md), that is
/// 1.5·10¹¹ a second. A GPU is taken to be forty times as fast.
/// </remarks>
public static class ShardSizing
{
    /// <summary>The work of a shard, in seconds.</summary>
    public const double TargetSeconds = 20;

    /// <summary>Most images of a shard that is estimated.</summary>
    public const int MostImages = 2048;

    /// <summary>Most bytes of a shard: they are in memory at once, twice, as the next shard is read ahead.</summary>
    public const long MostBytes = 256 << 20;

    private const double CpuSpeed = 1.5e11;
    private const double GpuSpeed = 40 * CpuSpeed;

    /// <summary>Reading, decoding, encoding and writing, where they are not hidden behind the model.</summary>
    private const double OverheadSeconds = 0.03;
    private const double GpuOverheadSeconds = 0.005;

    /// <summary>The estimate for a model.</summary>
    /// <param name="model">Its configuration.</param>
    /// <param name="gpu">Whether the cluster's workers are GPUs.</param>
    public static ShardSize Estimate(ModelConfiguration model, bool gpu)
    {
        double images = Math.Round(TargetSeconds / Seconds(model, gpu));
        return new ShardSize((int)Math.Clamp(images, 1, MostImages), MostBytes);
    }

    /// <summary>Estimated seconds an image.</summary>
    /// <param name="model">Its configuration.</param>
    /// <param name="gpu">Whether the cluster's workers are GPUs.</param>
    public static double Seconds(ModelConfiguration model, bool gpu)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelWork.MultiplyAdds(model) / (gpu ? GpuSpeed : CpuSpeed) + (gpu ? GpuOverheadSeconds : OverheadSeconds);
    }
}
