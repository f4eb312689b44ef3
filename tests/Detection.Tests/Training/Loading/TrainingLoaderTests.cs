using System.Runtime.InteropServices;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Tests.TensorOperators;
using MaskRcnn.Detection.Tests.Training.Augmentation;
using MaskRcnn.Detection.Training.Augmentation;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Loading;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Training.Loading;

[Collection(nameof(Alone))]
public sealed class TrainingLoaderTests
{
    private const int Steps = 12;

    private static readonly TrainingDataset Data = TrainingDataset.Of([.. Enumerable.Range(0, 13).Select(i => PaintedSample.Create(i) with { ImageId = 100 + i })]);

    private static readonly TrainingLoaderOptions Options = new()
    {
        BatchSize = 3,
        Seed = 5,
        PrefetchedBatches = 3,
        Transform = new TransformConfiguration { MinSizes = [40, 50, 60], MaxSize = 100 },
        Augmentation = new AugmentationConfiguration { HorizontalFlip = 0.5, VerticalFlip = 0.5, QuarterTurns = 0.5, Brightness = 0.3, Contrast = 0.3, Saturation = 0.3, Hue = 0.2, Gamma = 0.3, CopyPaste = 0.5, BlurProbability = 0.3, NoiseProbability = 0.3 },
    };

    [Theory]
    [InlineData(0)]
    [InlineData(48)]
    public void Threads_and_the_first_step_change_nothing(int crop)
    {
        TrainingLoaderOptions options = Options with { Augmentation = Options.Augmentation with { Crop = crop, ScaleHigh = crop > 0 ? 1.6 : 1, ScaleLow = crop > 0 ? 0.6 : 1 } };
        List<(TrainingBatch Batch, byte[] Pixels)> expected = Load(options, Steps);
        Assert.True(expected.Select(e => Convert.ToHexString(e.Pixels)).Distinct().Count() == Steps);
        AssertSame(expected, Load(options with { Threads = 4 }, Steps));
        AssertSame(expected, Load(options with { Threads = 3, PrefetchedBatches = 1 }, Steps));
        AssertSame(expected[7..], Load(options with { FirstStep = 7, Threads = 2 }, Steps - 7));
        Assert.Contains(Load(options with { Seed = 6 }, Steps).Zip(expected), pair => !pair.First.Pixels.AsSpan().SequenceEqual(pair.Second.Pixels));
    }

    [Fact]
    public void Each_image_is_resized_to_one_of_the_sizes()
    {
        HashSet<int> shorter = [];
        foreach ((TrainingBatch batch, _) in Load(Options, Steps))
        {
            for (int i = 0; i < batch.Samples.Count; i++)
            {
                (int height, int width) = (batch.Samples[i].Image.Height, batch.Samples[i].Image.Width);
                Assert.Equal((height, width), batch.Batch.OriginalSizes[i]);
                Assert.Contains(batch.Batch.Sizes[i], ((int[])[40, 50, 60]).Select(size => ResizedSize.Of(height, width, size, 100, ResizeRule.DoublePrecision)));
                shorter.Add(Math.Min(batch.Batch.Sizes[i].Height, batch.Batch.Sizes[i].Width));
            }
        }
        Assert.True(shorter.IsSupersetOf([40, 50, 60]));
    }

    [Fact]
    public void Without_augmentation_a_batch_is_that_of_the_transform()
    {
        TrainingLoaderOptions options = Options with { Augmentation = new AugmentationConfiguration { HorizontalFlip = 0 }, Transform = Options.Transform with { MinSizes = [50] } };
        using TrainingLoader loader = new(Data, options);
        using TrainingBatch batch = loader.Next();
        Assert.All(batch.Samples, sample => PaintedSample.AssertSame(Data.Read((int)sample.ImageId - 100), sample));
        using ImageBatch expected = new ImageTransform(options.Transform).ToBatch([.. batch.Samples.Select(s => s.Image)]);
        Assert.Equal(expected.Sizes, batch.Batch.Sizes);
        Assert.Equal(Bytes(expected.Pixels), Bytes(batch.Batch.Pixels));
    }

    [Fact]
    public void What_goes_wrong_comes_out_in_its_turn_and_names_the_image()
    {
        InvalidDataException cause = new("the disk is gone");
        TrainingDataset broken = new(Data.Images, index => index == 4 ? throw cause : Data.Read(index), Data.Report);
        using TrainingLoader loader = new(broken, Options with { Threads = 4, BatchSize = 1, Augmentation = new AugmentationConfiguration() });
        long delivered = 0;
        TrainingLoadException error = Assert.Throws<TrainingLoadException>(() =>
        {
            for (int i = 0; i < 13; i++)
            {
                using TrainingBatch batch = loader.Next();
                Assert.Equal(delivered++, batch.Step);
            }
        });
        Assert.Equal((delivered, 104L, "image 104"), (error.Step, error.ImageId, error.FileName));
        Assert.Same(cause, error.InnerException);
        Assert.Equal($"Step {delivered}: image 104 (image 104) cannot be loaded: the disk is gone", error.Message);
        Assert.Equal(delivered, Assert.Throws<TrainingLoadException>(() => loader.Next()).Step);
    }

    [Fact]
    public void All_tensors_go_with_the_loader_and_its_batches()
    {
        new TrainingLoader(Data, Options).Dispose();
        long before = ProcessMemory.LiveTensors();
        for (int round = 0; round < 3; round++)
        {
            using TrainingLoader loader = new(Data, Options with { Threads = 3 });
            for (int i = 0; i < round; i++) loader.Next().Dispose();
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void A_wait_can_be_cancelled_and_disposal_waits_for_one_image_only()
    {
        using ManualResetEventSlim open = new(), reading = new();
        int reads = 0;
        TrainingDataset slow = new(Data.Images, index =>
        {
            Interlocked.Increment(ref reads);
            reading.Set();
            open.Wait();
            return Data.Read(index);
        }, Data.Report);
        TrainingLoader loader = new(slow, Options with { BatchSize = 10_000, Threads = 2 });
        reading.Wait();
        using CancellationTokenSource cancellation = new();
        Thread cancel = new(cancellation.Cancel);
        cancel.Start();
        Assert.Throws<OperationCanceledException>(() => loader.Next(cancellation.Token));
        cancel.Join();
        Thread dispose = new(loader.Dispose);
        dispose.Start();
        // Whether disposal has begun shows in this, and in nothing else.
        while (Record.Exception(() => loader.Next(new CancellationToken(canceled: true))) is not ObjectDisposedException) Thread.Yield();
        open.Set();
        dispose.Join();
        Assert.InRange(reads, 1, 2);
        Assert.Throws<ObjectDisposedException>(() => loader.Next());
    }

    [Fact]
    public void No_more_is_made_ahead_than_asked()
    {
        int reads = 0;
        TrainingDataset counting = new(Data.Images, index =>
        {
            Interlocked.Increment(ref reads);
            return Data.Read(index);
        }, Data.Report);
        using (TrainingLoader loader = new(counting, Options with { PrefetchedBatches = 2, Threads = 4, Augmentation = new AugmentationConfiguration() }))
        {
            for (int i = 0; i < 5; i++) loader.Next().Dispose();
        }
        Assert.InRange(reads, 5 * 3, 7 * 3);
    }

    [Fact]
    public void Options_that_cannot_be_are_listed()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new TrainingLoader(Data, new TrainingLoaderOptions { BatchSize = 0, Threads = 0, PrefetchedBatches = 0, FirstStep = -1, Augmentation = new AugmentationConfiguration { Hue = 3 } }));
        foreach (string part in (string[])["batch_size is 0", "threads is 0", "prefetched_batches is 0", "first_step is -1", "augmentation.hue is 3"]) Assert.Contains(part, error.Message);
    }

    private static List<(TrainingBatch Batch, byte[] Pixels)> Load(TrainingLoaderOptions options, int steps)
    {
        using TrainingLoader loader = new(Data, options);
        List<(TrainingBatch, byte[])> batches = [];
        for (int i = 0; i < steps; i++)
        {
            Assert.Equal(options.FirstStep + i, loader.NextStep);
            using TrainingBatch batch = loader.Next();
            Assert.Equal(options.FirstStep + i, batch.Step);
            Assert.All(batch.Samples, PaintedSample.AssertSound);
            batches.Add((batch, Bytes(batch.Batch.Pixels)));
        }
        return batches;
    }

    private static void AssertSame(List<(TrainingBatch Batch, byte[] Pixels)> expected, List<(TrainingBatch Batch, byte[] Pixels)> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (((TrainingBatch e, byte[] expectedPixels), (TrainingBatch a, byte[] pixels)) in expected.Zip(actual))
        {
            Assert.Equal(e.Step, a.Step);
            Assert.True(expectedPixels.AsSpan().SequenceEqual(pixels));
            Assert.Equal(e.Batch.Sizes, a.Batch.Sizes);
            Assert.All(e.Samples.Zip(a.Samples), pair => PaintedSample.AssertSame(pair.First, pair.Second));
        }
    }

    private static byte[] Bytes(torch.Tensor tensor)
    {
        using torch.Tensor contiguous = tensor.contiguous();
        return MemoryMarshal.AsBytes(contiguous.data<float>().ToArray().AsSpan()).ToArray();
    }
}
