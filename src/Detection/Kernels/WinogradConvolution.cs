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
        WinogradTiles tiling = new((int)n, (int)h, (int)w);
        nint from = (nint)ChannelsLast.Pointer(source), to = (nint)ChannelsLast.Pointer(output), add = added is null ? 0 : (nint)ChannelsLast.Pointer(added);
        int blocks = (tiling.Count + TileBlock - 1) / TileBlock;
        KernelThreads.For(blocks, block => ConvolveBlock(tiling, block * TileBlock, (T*)from, (T*)to, (T*)add));
        return output;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _filters.Dispose();
        _bias.Dispose();
    }

    private void ConvolveBlock(WinogradTiles tiling, int firstTile, T* input, T* output, T* addend)
    {
        int tiles = Math.Min(TileBlock, tiling.Count - firstTile), channels = _shape.Inputs;
        // A point's matrix starts a cache line later than a power of two, or all 36 would share a few lines of the cache.
        nint inputStride = tiles * channels + Lanes, productStride = tiles * MicroKernel512.Columns + Lanes;
        const int Work = (WinogradTransform.Points + 16) * Lanes;
        long patch = WinogradTransform.Points * (long)channels;
        AlignedBuffer scratch = ScratchPool.Rent(Work + patch + WinogradTransform.Points * (inputStride + productStride));
        float* work = scratch.Start, edge = work + Work, transformed = edge + patch, products = transformed + WinogradTransform.Points * inputStride;
        for (int tile = 0; tile < tiles; tile++)
            TransformTile(tiling.Place(firstTile + tile), tiling, input, (V*)work, (T*)edge, transformed + tile * channels, inputStride);
        for (int panel = 0; panel < _panels; panel++)
        {
            float* filter = _filters.Start + (long)panel * WinogradTransform.Points * channels * MicroKernel512.Columns;
            for (int point = 0; point < WinogradTransform.Points; point++, filter += (long)channels * MicroKernel512.Columns)
                MicroKernel512.Multiply(tiles, transformed + point * inputStride, channels, 1, filter, channels, products + point * productStride, MicroKernel512.Columns, default);
            for (int tile = 0; tile < tiles; tile++)
                StoreTile(tiling.Place(firstTile + tile), tiling, panel, products + tile * MicroKernel512.Columns, productStride, (V*)work, output, addend);
        }

        ScratchPool.Return(scratch);
    }

    private void TransformTile((int Image, int Y, int X) place, WinogradTiles tiling, T* input, V* work, T* edge, float* transformed, nint pointStride)
    {
        int channels = _shape.Inputs;
        T* source = tiling.Window(input, channels, place.Image, place.Y - 1, place.X - 1, WinogradTransform.InputSide, edge, out nint rowStride);
        for (int channel = 0; channel < channels; channel += Lanes)
            WinogradTransform.TransformInput(source + channel, rowStride, channels, work, transformed + channel, pointStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StoreTile((int Image, int Y, int X) place, WinogradTiles tiling, int panel, float* products, nint pointStride, V* work, T* output, T* addend)
    {
        int firstChannel = panel * MicroKernel512.Columns, endChannel = Math.Min(firstChannel + MicroKernel512.Columns, _shape.Outputs);
        int rows = Math.Min(WinogradTransform.OutputSide, tiling.Height - place.Y), columns = Math.Min(WinogradTransform.OutputSide, tiling.Width - place.X);
        V* outputs = work + WinogradTransform.Points;
        for (int channel = firstChannel; channel < endChannel; channel += Lanes, products += Lanes)
        {
            WinogradTransform.TransformOutput(products, pointStride, work, outputs);
            V bias = Vector512.Load(_bias.Start + channel);
            for (int y = 0; y < rows; y++)
            {
                nint at = (((nint)place.Image * tiling.Height + place.Y + y) * tiling.Width + place.X) * _shape.Outputs + channel;
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
}
