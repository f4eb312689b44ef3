using System.Numerics;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>
/// Heat maps to keypoints: the map is enlarged to its box by bicubic interpolation, and the keypoint is the centre of
/// the pixel with the largest value.
/// </summary>
public static class KeypointDecoder
{
    private const float Sharpness = -0.75f;
    private const int Taps = 4;

    /// <summary>The keypoint of one map.</summary>
    /// <param name="map">Logits, (side, side).</param>
    /// <param name="side">Side of the map, 56.</param>
    /// <param name="box">The region.</param>
    /// <returns>x and y in the box's frame, and the logit there.</returns>
    public static (float X, float Y, float Score) Decode(ReadOnlySpan<float> map, int side, Box box)
    {
        float boxWidth = Math.Max(box.X2 - box.X1, 1), boxHeight = Math.Max(box.Y2 - box.Y1, 1);
        int width = (int)MathF.Ceiling(boxWidth), height = (int)MathF.Ceiling(boxHeight);
        Span<float> rowTaps = stackalloc float[Taps];
        // Along x first: (side, width), padded to whole vectors.
        int stride = (width + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        float[] wide = new float[side * stride];
        for (int x = 0; x < width; x++)
        {
            int first = Weights(x, (float)side / width, rowTaps);
            for (int y = 0; y < side; y++)
            {
                float sum = 0;
                for (int tap = 0; tap < Taps; tap++)
                    sum += rowTaps[tap] * map[y * side + Math.Clamp(first + tap, 0, side - 1)];
                wide[y * stride + x] = sum;
            }
        }

        float best = float.NegativeInfinity;
        int bestX = 0, bestY = 0;
        float[] row = new float[stride];
        for (int y = 0; y < height; y++)
        {
            int first = Weights(y, (float)side / height, rowTaps);
            float largest = EnlargeRow(wide, stride, side, first, rowTaps, row, width);
            if (!(largest > best))
                continue;
            (best, bestY, bestX) = (largest, y, row.AsSpan(0, width).IndexOf(largest));
        }

        return ((bestX + 0.5f) * (boxWidth / width) + box.X1, (bestY + 0.5f) * (boxHeight / height) + box.Y1, best);
    }

    private static float EnlargeRow(float[] wide, int stride, int side, int first, ReadOnlySpan<float> taps, float[] row, int width)
    {
        int r0 = Math.Clamp(first, 0, side - 1) * stride, r1 = Math.Clamp(first + 1, 0, side - 1) * stride;
        int r2 = Math.Clamp(first + 2, 0, side - 1) * stride, r3 = Math.Clamp(first + 3, 0, side - 1) * stride;
        float largest = float.NegativeInfinity;
        for (int x = 0; x < stride; x += Vector<float>.Count)
        {
            Vector<float> value = taps[0] * new Vector<float>(wide, r0 + x) + taps[1] * new Vector<float>(wide, r1 + x) + taps[2] * new Vector<float>(wide, r2 + x) + taps[3] * new Vector<float>(wide, r3 + x);
            value.CopyTo(row, x);
        }

        for (int x = 0; x < width; x++)
            largest = Math.Max(largest, row[x]);
        return largest;
    }

    /// <summary>The first of four source pixels of a target pixel, and their weights (Keys 1981, A = −0.75).</summary>
    private static int Weights(int target, float scale, Span<float> taps)
    {
        float position = scale * (target + 0.5f) - 0.5f;
        int floor = (int)MathF.Floor(position);
        float t = position - floor;
        taps[0] = Far(t + 1);
        taps[1] = Near(t);
        taps[2] = Near(1 - t);
        taps[3] = Far(2 - t);
        return floor - 1;
    }

    private static float Near(float x) => ((Sharpness + 2) * x - (Sharpness + 3)) * x * x + 1;

    private static float Far(float x) => ((Sharpness * x - 5 * Sharpness) * x + 8 * Sharpness) * x - 4 * Sharpness;
}
