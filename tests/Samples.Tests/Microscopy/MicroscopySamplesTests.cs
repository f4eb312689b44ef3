using System.Security.Cryptography;
using System.Text;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Samples.Microscopy;

namespace MaskRcnn.Samples.Tests.Microscopy;

public sealed class MicroscopySamplesTests
{
    [Fact]
    public void The_bytes_are_these_on_every_machine()
    {
        // If a change of the generator is meant, so is a new hash, and a line in the changelog.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (SampleImage image in Make(6, seed: 1))
        {
            hash.AppendData(image.ToPng());
            foreach (Rle mask in image.Masks()) hash.AppendData(Encoding.UTF8.GetBytes(mask.ToCompressed()));
        }
        Assert.Equal("f6c59e82c19ca238b17d70e09483e392a0e61653775fa71aa3a6031f62991fe7", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Threads_and_the_number_of_images_change_no_image()
    {
        SampleImage[] few = Make(3, seed: 2, threads: 1), many = Make(8, seed: 2, threads: 3);
        foreach ((SampleImage a, SampleImage b) in few.Zip(many))
        {
            Assert.Equal((a.Index, a.FileName), (b.Index, b.FileName));
            Assert.Equal(a.Pixels, b.Pixels);
            Assert.Equal(a.Labels, b.Labels);
        }
    }

    [Fact]
    public void Another_seed_gives_other_images() =>
        Assert.NotEqual(MicroscopySamples.MakeOne(1, 0).Pixels, MicroscopySamples.MakeOne(2, 0).Pixels);

    [Fact]
    public void Each_nucleus_is_one_piece_and_shares_no_pixel()
    {
        foreach (SampleImage image in Make(6, seed: 3))
        {
            IReadOnlyList<Rle> masks = image.Masks();
            Assert.Equal(image.Labels.Count(l => l != 0), masks.Sum(m => m.Area));
            Assert.Equal(masks.Sum(m => m.Area), Rle.Union(masks).Area);
            Assert.Equal(image.Measurement.Nuclei, masks.Count);
            Assert.All(masks, mask => Assert.Equal(1, Pieces(mask)));
        }
    }

    [Fact]
    public void The_masks_are_the_shapes_that_the_light_comes_from()
    {
        foreach (SampleImage image in Make(6, seed: 4))
        {
            // A mask moved by two pixels would hold less of the light.
            double inside = MeanAt(image, 0);
            foreach (int shift in (int[])[-2, 2, -2 * image.Width, 2 * image.Width]) Assert.True(inside > MeanAt(image, shift) * 1.01);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void A_number_of_images_that_cannot_be_is_refused_at_once(int count) =>
        Assert.Contains($"{count}", Assert.Throws<ArgumentException>(() => MicroscopySamples.Make(new MicroscopyOptions { Count = count })).Message, StringComparison.Ordinal);

    [Fact]
    public void No_threads_are_refused() =>
        Assert.Throws<ArgumentException>(() => MicroscopySamples.Make(new MicroscopyOptions { Threads = 0 }));

    [Fact]
    public void It_stops_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        IEnumerator<SampleImage> images = MicroscopySamples.Make(new MicroscopyOptions { Count = 10_000, Threads = 1 }, cancellation.Token).GetEnumerator();
        Assert.True(images.MoveNext());
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
        {
            while (images.MoveNext()) { }
        });
    }

    private static SampleImage[] Make(int count, int seed, int threads = 2) =>
        [.. MicroscopySamples.Make(new MicroscopyOptions { Count = count, Seed = seed, Threads = threads })];

    private static double MeanAt(SampleImage image, int shift) =>
        Enumerable.Range(0, image.Pixels.Length).Where(i => image.Labels[i] != 0 && i + shift >= 0 && i + shift < image.Pixels.Length)
            .Average(i => image.Pixels[i + shift]);

    private static int Pieces(Rle mask)
    {
        byte[] pixels = RleDense.Decode(mask);
        int pieces = 0;
        for (int start = 0; start < pixels.Length; start++)
        {
            if (pixels[start] == 0) continue;
            pieces++;
            var open = new Stack<int>([start]);
            while (open.TryPop(out int at))
            {
                if (pixels[at] == 0) continue;
                pixels[at] = 0;
                if (at % mask.Width > 0) open.Push(at - 1);
                if (at % mask.Width < mask.Width - 1) open.Push(at + 1);
                if (at >= mask.Width) open.Push(at - mask.Width);
                if (at + mask.Width < pixels.Length) open.Push(at + mask.Width);
            }
        }
        return pieces;
    }
}
