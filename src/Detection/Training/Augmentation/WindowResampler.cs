using System.Buffers;
using System.Runtime.CompilerServices;
using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>Resamples a window of a scaled image: its rows first across, then down. Only the image's rows that the window needs are looked at.</summary>
internal static class WindowResampler
{
    private const int Channels = 3;

    public static RgbImage Resample(RgbImage image, ResampleAxis columns, ResampleAxis rows, ReadOnlySpan<byte> fill)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(columns.Length * rows.Length * Channels);
        if (columns.From > 0 || rows.From > 0 || columns.To < columns.Length || rows.To < rows.Length) Fill(pixels, fill);
        if (columns.To > columns.From && rows.To > rows.From)
        {
            if (columns.Scaled == columns.Source && rows.Scaled == rows.Source) Copy(image, columns, rows, pixels);
            else Scale(image, columns, rows, pixels);
        }
        return new RgbImage(columns.Length, rows.Length, pixels);
    }

    private static void Fill(byte[] pixels, ReadOnlySpan<byte> fill)
    {
        for (int i = 0; i < pixels.Length; i += Channels) fill[..Channels].CopyTo(pixels.AsSpan(i));
    }

    private static void Copy(RgbImage image, ResampleAxis columns, ResampleAxis rows, byte[] pixels)
    {
        int length = (columns.To - columns.From) * Channels;
        for (int row = rows.From; row < rows.To; row++)
        {
            image.Pixels.AsSpan(((row + rows.Offset) * image.Width + columns.From + columns.Offset) * Channels, length)
                .CopyTo(pixels.AsSpan((row * columns.Length + columns.From) * Channels));
        }
    }

    private static void Scale(RgbImage image, ResampleAxis columns, ResampleAxis rows, byte[] pixels)
    {
        int length = (columns.To - columns.From) * Channels;
        float[] across = ArrayPool<float>.Shared.Rent((rows.High - rows.Low) * length), sum = ArrayPool<float>.Shared.Rent(length);
        try
        {
            for (int row = rows.Low; row < rows.High; row++)
                Across(image.Pixels.AsSpan(row * image.Width * Channels, image.Width * Channels), columns, across.AsSpan((row - rows.Low) * length, length));
            for (int row = rows.From; row < rows.To; row++)
            {
                Span<float> total = sum.AsSpan(0, length);
                // Half a level, so that cutting the fraction off rounds.
                total.Fill(0.5f);
                for (int tap = 0; tap < rows.Taps; tap++)
                {
                    float weight = rows.Weights[row * rows.Taps + tap];
                    if (weight != 0) RowSum.AddScaled(across.AsSpan((rows.First[row] + tap - rows.Low) * length, length), weight, total);
                }
                Span<byte> target = pixels.AsSpan((row * columns.Length + columns.From) * Channels, length);
                for (int i = 0; i < target.Length; i++) target[i] = (byte)(int)total[i];
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(across);
            ArrayPool<float>.Shared.Return(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Across(ReadOnlySpan<byte> source, ResampleAxis columns, Span<float> target)
    {
        int taps = columns.Taps, to = 0;
        for (int column = columns.From; column < columns.To; column++, to += Channels)
        {
            int at = columns.First[column] * Channels;
            float red = 0, green = 0, blue = 0;
            foreach (float weight in columns.Weights.AsSpan(column * taps, taps))
            {
                if (at >= source.Length) break;
                red += weight * source[at];
                green += weight * source[at + 1];
                blue += weight * source[at + 2];
                at += Channels;
            }
            target[to] = red;
            target[to + 1] = green;
            target[to + 2] = blue;
        }
    }
}
