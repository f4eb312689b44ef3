using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>
/// <see cref="ImageTransform"/> on a device: bytes go there, and are normalised, resized and padded there. Its
/// interpolation is this libtorch's; values differ from those of the kernel by less than 3e-5.
/// </summary>
internal sealed class TensorTransform : IDisposable
{
    private const int Channels = 3;
    private readonly ImageTransform _sizes;
    private readonly ExecutionPlan _plan;
    private readonly torch.Tensor _mean;
    private readonly torch.Tensor _std;

    public TensorTransform(TransformConfiguration configuration, ExecutionPlan plan)
    {
        _sizes = new ImageTransform(configuration);
        _plan = plan;
        _mean = Constant(configuration.Mean);
        _std = Constant(configuration.Std);

        torch.Tensor Constant(IReadOnlyList<float> values) => DeviceTransfer.Upload([.. values], [1, Channels, 1, 1], plan.Device).DetachFromDisposeScope();
    }

    /// <summary>Makes a batch of images in the plan's type, channels-last, on its device.</summary>
    /// <exception cref="ArgumentException">There are no images.</exception>
    public ImageBatch ToBatch(IReadOnlyList<RgbImage> images)
    {
        ((int Height, int Width)[] sizes, int height, int width) = _sizes.Layout(images);
        torch.Tensor pixels = ChannelsLast.Zeros(images.Count, Channels, height, width, _plan.Type, _plan.Device);
        for (int i = 0; i < images.Count; i++)
        {
            using torch.Tensor resized = Resize(images[i], sizes[i]);
            using torch.Tensor own = pixels.narrow(0, i, 1), rows = own.narrow(2, 0, sizes[i].Height), target = rows.narrow(3, 0, sizes[i].Width);
            target.copy_(resized);
        }

        return new ImageBatch(pixels, sizes, [.. images.Select(image => (image.Height, image.Width))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _std.Dispose();
    }

    /// <summary>An image's normalised pixels at a size, (1, 3, H, W), single precision.</summary>
    private torch.Tensor Resize(RgbImage image, (int Height, int Width) size)
    {
        using torch.Tensor bytes = DeviceTransfer.Upload(image.Pixels, [1, image.Height, image.Width, Channels], _plan.Device);
        using torch.Tensor planes = bytes.permute(0, 3, 1, 2);                    // (1, 3, H, W), channels-last
        using torch.Tensor normalised = planes.to(torch.float32);
        normalised.div_(255).sub_(_mean).div_(_std);
        return torch.nn.functional.interpolate(normalised, size: [size.Height, size.Width], mode: torch.InterpolationMode.Bilinear, align_corners: false);
    }
}
