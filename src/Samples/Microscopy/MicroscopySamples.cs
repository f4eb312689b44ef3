using MaskRcnn.Samples.Microscopy.Layout;
using MaskRcnn.Samples.Microscopy.Light;
using MaskRcnn.Samples.Microscopy.Looks;
using MaskRcnn.Samples.Microscopy.Measurement;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy;

/// <summary>Makes images of cell nuclei as a fluorescence microscope shows them, with exact masks.</summary>
public static class MicroscopySamples
{
    /// <summary>What holds for every image, whatever the set: parts of its nuclei, and how many it holds.</summary>
    private const double LeastTouching = .2, LeastDim = .1;

    private const int LeastNuclei = 5, MostNuclei = 300, Tries = 64;

    /// <summary>Makes the images of a set, in order, a few ahead of who reads them.</summary>
    /// <param name="options">Which images.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public static IEnumerable<SampleImage> Make(MicroscopyOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return Batches(options, cancellationToken);
    }

    private static IEnumerable<SampleImage> Batches(MicroscopyOptions options, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        // Several a thread, as large images take longer than small ones.
        int size = (int)Math.Min(6L * options.Threads, options.Count);
        for (int start = 0; start < options.Count; start += size)
        {
            var batch = new SampleImage[Math.Min(size, options.Count - start)];
            Parallel.For(0, batch.Length, parallel, i => batch[i] = MakeOne(options.Seed, start + i));
            foreach (SampleImage image in batch) yield return image;
        }
    }

    /// <summary>An image by its number alone. It is measured, and made anew where it is not what is promised.</summary>
    internal static SampleImage MakeOne(int seed, int index)
    {
        Look look = LookCatalog.Of(index);
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            var random = new RandomSource(seed, index, attempt);
            Scene scene = new SceneBuilder(look, random).Build();
            if (scene.Nuclei.Count is < LeastNuclei or > MostNuclei) continue;
            byte[] pixels = new Exposure(scene, look, random).Take();
            var measured = ImageMeasurement.Of(pixels, scene.Labels, look.Width, look.Height, scene.Nuclei.Count);
            if (measured.Touching < LeastTouching * measured.Nuclei || measured.Dim < LeastDim * measured.Nuclei) continue;
            return new SampleImage { Index = index, Width = look.Width, Height = look.Height, Pixels = pixels, Labels = scene.Labels, Measurement = measured };
        }
        throw new InvalidOperationException($"Image {index} of seed {seed} was not as promised in {Tries} attempts; take another seed.");
    }
}
