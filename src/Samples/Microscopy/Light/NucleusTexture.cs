using MaskRcnn.Samples.Microscopy.Layout;
using MaskRcnn.Samples.Microscopy.Looks;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Light;

/// <summary>The light of each pixel of each nucleus, as part of what the nucleus gives: dome, chromatin, spots.</summary>
internal static class NucleusTexture
{
    private const double CoarseCell = .3, FineCell = 2.6;

    public static double[] Of(Scene scene, Look look, RandomSource random)
    {
        double diameter = (look.Diameter.Least + look.Diameter.Most) / 2;
        var coarse = new SmoothNoise(random, scene.Width, scene.Height, diameter * CoarseCell);
        var fine = new SmoothNoise(random, scene.Width, scene.Height, FineCell);
        var texture = new double[scene.Labels.Length];
        for (int y = 0, at = 0; y < scene.Height; y++)
        {
            for (int x = 0; x < scene.Width; x++, at++)
            {
                if (scene.Labels[at] == 0) continue;
                Nucleus nucleus = scene.Nuclei[(int)scene.Labels[at] - 1];
                // Chromosomes in division are packed: bright all over.
                double mottle = nucleus.IsMitotic ? look.Mottle / 2 : look.Mottle, square = scene.Distances[at] * scene.Distances[at];
                double light = (1 - look.Dome * square * square) * (1 + mottle * (1.2 * coarse.At(x, y) + 1.4 * fine.At(x, y)));
                foreach (Spot spot in nucleus.Spots) light += spot.At(x - nucleus.X, y - nucleus.Y);
                texture[at] = Math.Max(light, .25);
            }
        }
        return texture;
    }
}
