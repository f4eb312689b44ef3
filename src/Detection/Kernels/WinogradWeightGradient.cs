using TorchSharp;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace MaskRcnn.Detection.Kernels;

/// <summary>
/// The gradient of the weights of a 3×3 convolution with stride 1 and padding 1 by Winograd's F(4×4, 3×3): with
/// Y = Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A it is Gᵀ[Σ (A·dY·Aᵀ) ⊙ (Bᵀ·d·B)]G over all tiles: 36 matrix products, over a block of tiles at a time.
/// The order of the sums does not depend on the number of threads.
/// </summary>
internal sealed unsafe class WinogradWeightGradient<T> : IDisposable
    where T : unmanaged, IKernelElement<T>
{
    /// <summary>Tiles of a block: the panel of one product, 192 × 32 floats, is half of a core's first-level cache.</summary>
    private const int TileBlock = 192;

    /// <summary>Tiles that a task transforms.</summary>
    private const int TileStep = 8;
    private const int Area = 9;
    private const int Lanes = 16;
    private const int Width = MicroKernel512.Columns;
    private readonly int _outputs;
    private readonly int _inputs;
    private readonly int _panels;

    /// <summary>Floats from tile to tile, and from point to point, of the transformed gradient: (36, tiles, O); not powers of two, which would share a few lines of the cache.</summary>
    private readonly nint _gradientStep;
    private readonly nint _gradientPoint;

    /// <summary>Floats from point to point of the transformed input: (36, panels, tiles, 32).</summary>
    private readonly nint _inputPoint;
    private readonly AlignedBuffer _gradients;
    private readonly AlignedBuffer _tiles;

    /// <summary>(36, panels, O, 32).</summary>
    private readonly AlignedBuffer _sums;

    private WinogradWeightGradient(int outputs, int inputs)
    {
        (_outputs, _inputs, _panels) = (outputs, inputs, (inputs + Width - 1) / Width);
        _gradientStep = outputs + Lanes;
        _gradientPoint = TileBlock * _gradientStep + Lanes;
        _inputPoint = (nint)_panels * TileBlock * Width + Lanes;
        _gradients = new AlignedBuffer(WinogradTransform.Points * _gradientPoint);
        _tiles = new AlignedBuffer(WinogradTransform.Points * _inputPoint);
        _sums = new AlignedBuffer(WinogradTransform.Points * (long)_panels * outputs * Width);
        // The columns beyond the last channel are multiplied too.
        if (inputs % Width != 0) new Span<float>(_tiles.Start, checked((int)_tiles.Length)).Clear();
    }

    /// <summary>Computes it.</summary>
    /// <param name="gradient">Of the output: (N, O, H, W), channels-last, of the type of T.</param>
    /// <param name="input">(N, C, H, W), likewise.</param>
    /// <returns>(O, C, 3, 3), single precision.</returns>
    public static torch.Tensor Of(torch.Tensor gradient, torch.Tensor input)
    {
        long[] shape = input.shape;
        using WinogradWeightGradient<T> work = new((int)gradient.shape[1], (int)shape[1]);
        WinogradTiles tiling = new((int)shape[0], (int)shape[2], (int)shape[3]);
        torch.Tensor result = torch.zeros([gradient.shape[1], shape[1], 3, 3]);
        work.Run(tiling, (nint)ChannelsLast.Pointer(gradient), (nint)ChannelsLast.Pointer(input), (nint)ChannelsLast.Pointer(result));
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gradients.Dispose();
        _tiles.Dispose();
        _sums.Dispose();
    }

    private void Run(WinogradTiles tiling, nint gradient, nint input, nint result)
    {
        for (int first = 0; first < tiling.Count; first += TileBlock)
        {
            int start = first, count = Math.Min(TileBlock, tiling.Count - first);
            KernelThreads.For((count + TileStep - 1) / TileStep, step => Transform(tiling, start, step * TileStep, Math.Min(count, (step + 1) * TileStep), (T*)gradient, (T*)input));
            KernelThreads.For(WinogradTransform.Points * _panels, product => Multiply(product, count, isFirst: start == 0));
        }

        if (tiling.Count > 0) KernelThreads.For(_outputs, output => Finish(output, (float*)result));
    }

    private void Transform(WinogradTiles tiling, int start, int firstTile, int endTile, T* gradient, T* input)
    {
        long patch = WinogradTransform.Points * (long)Math.Max(_inputs, _outputs);
        AlignedBuffer scratch = ScratchPool.Rent(WinogradTransform.Points * Lanes + patch);
        V* work = (V*)scratch.Start;
        T* copy = (T*)(scratch.Start + WinogradTransform.Points * Lanes);
        for (int tile = firstTile; tile < endTile; tile++)
        {
            (int image, int y, int x) = tiling.Place(start + tile);
            T* source = tiling.Window(input, _inputs, image, y - 1, x - 1, WinogradTransform.InputSide, copy, out nint rowStride);
            for (int channel = 0; channel < _inputs; channel += Lanes)
                WinogradTransform.TransformInput(source + channel, rowStride, _inputs, work, _tiles.Start + ((nint)(channel / Width) * TileBlock + tile) * Width + channel % Width, _inputPoint);
            source = tiling.Window(gradient, _outputs, image, y, x, WinogradTransform.OutputSide, copy, out rowStride);
            for (int channel = 0; channel < _outputs; channel += Lanes)
                WinogradTransform.TransformGradient(source + channel, rowStride, _outputs, work, _gradients.Start + tile * _gradientStep + channel, _gradientPoint);
        }

        ScratchPool.Return(scratch);
    }

    private void Multiply(int product, int tiles, bool isFirst)
    {
        (int point, int panel) = Math.DivRem(product, _panels);
        float* sums = _sums.Start + (nint)product * _outputs * Width;
        MicroKernel512.Multiply(
            _outputs, _gradients.Start + point * _gradientPoint, 1, _gradientStep, _tiles.Start + point * _inputPoint + (nint)panel * TileBlock * Width, tiles, sums, Width,
            isFirst ? default : new Epilogue { Addend = sums, AddendStride = Width });
    }

    private void Finish(int output, float* result)
    {
        nint point = (nint)_panels * _outputs * Width;
        V* filters = stackalloc V[Area];
        float* target = result + (nint)output * _inputs * Area;
        for (int input = 0; input < _inputs; input += Lanes)
        {
            WinogradTransform.FilterGradients(_sums.Start + ((nint)(input / Width) * _outputs + output) * Width + input % Width, point, filters);
            for (int lane = 0; lane < Lanes; lane++)
            {
                for (int k = 0; k < Area; k++, target++)
                    *target = ((float*)(filters + k))[lane];
            }
        }
    }
}
