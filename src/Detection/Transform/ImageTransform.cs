using System.Runtime.CompilerServices;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Kernels;
using TorchSharp;

namespace MaskRcnn.Detection.Transform;

/// <summary>
/// Images to a batch: normalised, resized (bilinear, no antialiasing), padded with zeros to the batch's largest size in
/// multiples of 32.
/// </summary>
public sealed unsafe class ImageTransform
{
    private const int Channels = 3;
    private readonly TransformConfiguration _configuration;

    /// <summary>The normalised value of each byte of each channel: (3, 256).</summary>
    private readonly float[] _normalised = new float[Channels * 256];

    /// <summary>Prepares the transform of a configuration.</summary>
    public ImageTransform(TransformConfiguration configuration)
    {
        _configuration = configuration;
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int value = 0; value < 256; value++)
                _normalised[channel * 256 + value] = (value / 255f - configuration.Mean[channel]) / configuration.Std[channel];
        }
    }

    /// <summary>The size that an image of a size is resized to, at inference.</summary>
    public (int Height, int Width) SizeOf(int height, int width) =>
        ResizedSize.Of(height, width, _configuration.MinSizes[^1], _configuration.MaxSize, _configuration.ResizeRule);

    /// <summary>The padded size of an image of a size; images of equal padded sizes may share a batch without padding each other.</summary>
    public (int Height, int Width) PaddedSizeOf(int height, int width)
    {
        (int h, int w) = SizeOf(height, width);
        return (ResizedSize.Padded(h, _configuration.SizeDivisor), ResizedSize.Padded(w, _configuration.SizeDivisor));
    }

    /// <summary>Makes a batch of images, single precision, on the CPU.</summary>
    /// <exception cref="ArgumentException">There are no images.</exception>
    public ImageBatch ToBatch(IReadOnlyList<RgbImage> images)
    {
        ((int Height, int Width)[] sizes, int height, int width) = Layout(images);
        return ToBatch(images, sizes, height, width, onThisThread: false);
    }

    /// <summary>Makes a batch of images of which each is resized to a size of its own, as training with several scales does.</summary>
    /// <param name="images">The images.</param>
    /// <param name="sizes">Height and width of each resized image.</param>
    /// <param name="onThisThread">Whether the calling thread does it all, so that the kernels' threads stay with the network.</param>
    /// <exception cref="ArgumentException">There are no images, or not one size for each, or a size without area.</exception>
    public ImageBatch ToBatch(IReadOnlyList<RgbImage> images, IReadOnlyList<(int Height, int Width)> sizes, bool onThisThread = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(sizes);
        if (images.Count == 0 || sizes.Count != images.Count || sizes.Any(size => size.Height < 1 || size.Width < 1))
            throw new ArgumentException($"{sizes.Count} sizes for {images.Count} images: {string.Join(", ", sizes)}; expected at least one image, and a size of at least (1, 1) for each.", nameof(sizes));
        (int height, int width) = Padded(sizes);
        return ToBatch(images, sizes, height, width, onThisThread);
    }

    private ImageBatch ToBatch(IReadOnlyList<RgbImage> images, IReadOnlyList<(int Height, int Width)> sizes, int height, int width, bool onThisThread)
    {
        torch.Tensor pixels = ChannelsLast.Empty(images.Count, Channels, height, width, torch.ScalarType.Float32);
        float* target = (float*)ChannelsLast.Pointer(pixels);
        for (int i = 0; i < images.Count; i++)
            Resize(images[i], sizes[i], height, width, target + (nint)i * height * width * Channels, onThisThread);
        return new ImageBatch(pixels, sizes, [.. images.Select(image => (image.Height, image.Width))]);
    }

    /// <summary>Height and width of each resized image, and of the padded batch.</summary>
    /// <exception cref="ArgumentException">There are no images.</exception>
    internal ((int Height, int Width)[] Sizes, int Height, int Width) Layout(IReadOnlyList<RgbImage> images)
    {
        if (images.Count == 0)
            throw new ArgumentException("A batch needs at least one image.", nameof(images));
        (int Height, int Width)[] sizes = [.. images.Select(image => SizeOf(image.Height, image.Width))];
        (int height, int width) = Padded(sizes);
        return (sizes, height, width);
    }

    private (int Height, int Width) Padded(IReadOnlyList<(int Height, int Width)> sizes) =>
        (sizes.Max(size => ResizedSize.Padded(size.Height, _configuration.SizeDivisor)), sizes.Max(size => ResizedSize.Padded(size.Width, _configuration.SizeDivisor)));

    private void Resize(RgbImage image, (int Height, int Width) size, int paddedHeight, int paddedWidth, float* target, bool onThisThread)
    {
        BilinearTap[] columns = BilinearTap.Of(image.Width, size.Width), rows = BilinearTap.Of(image.Height, size.Height);
        nint address = (nint)target;
        const int Block = 16;
        int blocks = (paddedHeight + Block - 1) / Block;
        if (!onThisThread)
            KernelThreads.For(blocks, ResizeBlock);
        else
            for (int block = 0; block < blocks; block++) ResizeBlock(block);

        void ResizeBlock(int block)
        {
            for (int y = block * Block; y < Math.Min(paddedHeight, (block + 1) * Block); y++)
            {
                Span<float> row = new((float*)address + (nint)y * paddedWidth * Channels, paddedWidth * Channels);
                if (y < size.Height)
                    ResizeRow(image, rows[y], columns, row);
                row[(y < size.Height ? size.Width * Channels : 0)..].Clear();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ResizeRow(RgbImage image, BilinearTap row, BilinearTap[] columns, Span<float> target)
    {
        ReadOnlySpan<byte> upper = image.Pixels.AsSpan(row.Low * image.Width * Channels, image.Width * Channels);
        ReadOnlySpan<byte> lower = image.Pixels.AsSpan(row.High * image.Width * Channels, image.Width * Channels);
        for (int x = 0; x < columns.Length; x++)
        {
            BilinearTap column = columns[x];
            int left = column.Low * Channels, right = column.High * Channels;
            for (int channel = 0; channel < Channels; channel++)
            {
                ReadOnlySpan<float> normalised = _normalised.AsSpan(channel * 256, 256);
                float above = column.LowWeight * normalised[upper[left + channel]] + column.HighWeight * normalised[upper[right + channel]];
                float below = column.LowWeight * normalised[lower[left + channel]] + column.HighWeight * normalised[lower[right + channel]];
                target[x * Channels + channel] = row.LowWeight * above + row.HighWeight * below;
            }
        }
    }
}
