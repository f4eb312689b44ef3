using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace MaskRcnn.Detection.Kernels;

/// <summary>
/// 3×3 convolution with stride 1 and padding 1 by Winograd's F(4×4, 3×3). A task takes 24 tiles through all three
/// steps (transform, 36 matrix products, transform back), so that nothing but the input and the output leaves the cache.
/// </summary>
internal sealed unsafe class WinogradConvolution<T> : IConvolutionKernel
    where T : unmanaged, IKernelElement<T>
{
    private const int TileBlock = 24;
    private const int Lanes = 16;
    private readonly ConvolutionWeights _shape;
    private readonly torch.ScalarType _type;

    /// <summary>(panels, 36, C, 32).</summary>
    private readonly AlignedBuffer _filters;
    private readonly AlignedBuffer _bias;
    private readonly int _panels;

    /// <summary>Transforms the filters.</summary>
    public WinogradConvolution(ConvolutionWeights weights, torch.ScalarType type)
    {
        if (!Fits(weights))
            throw new ArgumentException($"A {weights.Kernel}×{weights.Kernel} convolution of {weights.Inputs} to {weights.Outputs} channels with stride {weights.Stride} is not one for Winograd's algorithm; expected 3×3, stride 1, padding 1 and channels in multiples of 16.", nameof(weights));
        _shape = weights with { Values = [], Bias = [] };
        _type = type;
        _panels = (weights.Outputs + MicroKernel512.Columns - 1) / MicroKernel512.Columns;
        _bias = new AlignedBuffer(_panels * MicroKernel512.Columns);
        Span<float> bias = new(_bias.Start, _panels * MicroKernel512.Columns);
        bias.Clear();
        weights.Bias.CopyTo(bias);
        _filters = new AlignedBuffer((long)_panels * WinogradTransform.Points * weights.Inputs * MicroKernel512.Columns);
        KernelThreads.For(_panels, panel => TransformPanel(weights, panel));
    }

    /// <summary>Whether a convolution can be computed so.</summary>
    public static bool Fits(ConvolutionWeights weights) =>
        weights is { Kernel: 3, Stride: 1, Padding: 1 } && weights.Inputs % Lanes == 0 && weights.Outputs % Lanes == 0;

    /// <inheritdoc/>
    public torch.Tensor Run(torch.Tensor input, torch.Tensor? addend = null, bool reuseAddend = false)
    {
        long n = input.shape[0], h = input.shape[2], w = input.shape[3];
        bool inPlace = reuseAddend && addend is not null && addend.dtype == _type && ChannelsLast.Is(addend);
        torch.Tensor output = inPlace ? addend!.alias() : ChannelsLast.Empty(n, _shape.Outputs, h, w, _type);
        using torch.Tensor source = ChannelsLast.Of(input);
        using torch.Tensor? added = addend is null ? null : ChannelsLast.Of(addend);
        Geometry geometry = new((int)n, (int)h, (int)w);
        nint from = (nint)ChannelsLast.Pointer(source), to = (nint)ChannelsLast.Pointer(output), add = added is null ? 0 : (nint)ChannelsLast.Pointer(added);
        int blocks = (geometry.Tiles + TileBlock - 1) / TileBlock;
        KernelThreads.For(blocks, block => ConvolveBlock(geometry, block * TileBlock, (T*)from, (T*)to, (T*)add));
        return output;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _filters.Dispose();
        _bias.Dispose();
    }

    private void ConvolveBlock(Geometry geometry, int firstTile, T* input, T* output, T* addend)
    {
        int tiles = Math.Min(TileBlock, geometry.Tiles - firstTile), channels = _shape.Inputs;
        // A point's matrix starts a cache line later than a power of two, or all 36 would share a few lines of the cache.
        nint inputStride = tiles * channels + Lanes, productStride = tiles * MicroKernel512.Columns + Lanes;
        const int Work = (WinogradTransform.Points + 16) * Lanes;
        long patch = WinogradTransform.Points * (long)channels;
        AlignedBuffer scratch = ScratchPool.Rent(Work + patch + WinogradTransform.Points * (inputStride + productStride));
        float* work = scratch.Start, edge = work + Work, transformed = edge + patch, products = transformed + WinogradTransform.Points * inputStride;
        for (int tile = 0; tile < tiles; tile++)
            TransformTile(geometry.Place(firstTile + tile), geometry, input, (V*)work, (T*)edge, transformed + tile * channels, inputStride);
        for (int panel = 0; panel < _panels; panel++)
        {
            float* filter = _filters.Start + (long)panel * WinogradTransform.Points * channels * MicroKernel512.Columns;
            for (int point = 0; point < WinogradTransform.Points; point++, filter += (long)channels * MicroKernel512.Columns)
                MicroKernel512.Multiply(tiles, transformed + point * inputStride, channels, filter, channels, products + point * productStride, MicroKernel512.Columns, default);
            for (int tile = 0; tile < tiles; tile++)
                StoreTile(geometry.Place(firstTile + tile), geometry, panel, products + tile * MicroKernel512.Columns, productStride, (V*)work, output, addend);
        }

        ScratchPool.Return(scratch);
    }

    private void TransformTile((int Image, int Y, int X) place, Geometry geometry, T* input, V* work, T* edge, float* transformed, nint pointStride)
    {
        int channels = _shape.Inputs, top = place.Y - 1, left = place.X - 1;
        T* source;
        nint rowStride;
        if (top >= 0 && left >= 0 && top + WinogradTransform.InputSide <= geometry.Height && left + WinogradTransform.InputSide <= geometry.Width)
        {
            source = input + (((nint)place.Image * geometry.Height + top) * geometry.Width + left) * channels;
            rowStride = (nint)geometry.Width * channels;
        }
        else
        {
            // At the border: a copy with zeros around.
            source = edge;
            rowStride = (nint)WinogradTransform.InputSide * channels;
            new Span<T>(edge, WinogradTransform.Points * channels).Clear();
            int firstX = Math.Max(left, 0), endX = Math.Min(left + WinogradTransform.InputSide, geometry.Width);
            for (int y = Math.Max(top, 0); y < Math.Min(top + WinogradTransform.InputSide, geometry.Height); y++)
            {
                new Span<T>(input + (((nint)place.Image * geometry.Height + y) * geometry.Width + firstX) * channels, (endX - firstX) * channels)
                    .CopyTo(new Span<T>(edge + (y - top) * rowStride + (firstX - left) * channels, (endX - firstX) * channels));
            }
        }

        for (int channel = 0; channel < channels; channel += Lanes)
            WinogradTransform.TransformInput(source + channel, rowStride, channels, work, transformed + channel, pointStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StoreTile((int Image, int Y, int X) place, Geometry geometry, int panel, float* products, nint pointStride, V* work, T* output, T* addend)
    {
        int firstChannel = panel * MicroKernel512.Columns, endChannel = Math.Min(firstChannel + MicroKernel512.Columns, _shape.Outputs);
        int rows = Math.Min(WinogradTransform.OutputSide, geometry.Height - place.Y), columns = Math.Min(WinogradTransform.OutputSide, geometry.Width - place.X);
        V* outputs = work + WinogradTransform.Points;
        for (int channel = firstChannel; channel < endChannel; channel += Lanes, products += Lanes)
        {
            WinogradTransform.TransformOutput(products, pointStride, work, outputs);
            V bias = Vector512.Load(_bias.Start + channel);
            for (int y = 0; y < rows; y++)
            {
                nint at = (((nint)place.Image * geometry.Height + place.Y + y) * geometry.Width + place.X) * _shape.Outputs + channel;
                for (int x = 0; x < columns; x++, at += _shape.Outputs)
                {
                    V value = outputs[y * WinogradTransform.OutputSide + x] + bias;
                    if (addend != null)
                        value += T.Load(addend + at);
                    if (_shape.Relu)
                        value = Vector512.Max(value, V.Zero);
                    T.Store(value, output + at);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformPanel(ConvolutionWeights weights, int panel)
    {
        const int Area = 9;
        Span<Vector512<double>> filters = stackalloc Vector512<double>[Area];
        nint pointStride = weights.Inputs * MicroKernel512.Columns, filterStride = (nint)weights.Inputs * Area;
        float* target = _filters.Start + panel * WinogradTransform.Points * pointStride;
        fixed (float* values = weights.Values)
        {
            for (int input = 0; input < weights.Inputs; input++)
            {
                for (int column = 0; column < MicroKernel512.Columns; column += Vector512<double>.Count, target += Vector512<double>.Count)
                {
                    // Outputs come in multiples of 16, so that a group of eight is whole or beyond the last.
                    int output = panel * MicroKernel512.Columns + column;
                    float* filter = values + (nint)output * filterStride + input * Area;
                    for (int k = 0; k < Area; k++, filter++)
                    {
                        filters[k] = output >= weights.Outputs ? Vector512<double>.Zero : Vector512.Create(
                            filter[0], filter[filterStride], filter[2 * filterStride], filter[3 * filterStride],
                            filter[4 * filterStride], filter[5 * filterStride], filter[6 * filterStride], (double)filter[7 * filterStride]);
                    }

                    WinogradTransform.TransformFilters(filters, target, pointStride);
                }
            }
        }
    }

    /// <summary>How images are cut into tiles of 4×4 outputs.</summary>
    private readonly record struct Geometry(int Images, int Height, int Width)
    {
        private int Rows => (Height + WinogradTransform.OutputSide - 1) / WinogradTransform.OutputSide;

        private int Columns => (Width + WinogradTransform.OutputSide - 1) / WinogradTransform.OutputSide;

        public int Tiles => Images * Rows * Columns;

        /// <summary>Image and first output pixel of a tile.</summary>
        public (int Image, int Y, int X) Place(int tile)
        {
            (int row, int column) = Math.DivRem(tile, Columns);
            (int image, row) = Math.DivRem(row, Rows);
            return (image, row * WinogradTransform.OutputSide, column * WinogradTransform.OutputSide);
        }
    }
}
