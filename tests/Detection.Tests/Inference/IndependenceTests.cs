using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;

namespace MaskRcnn.Detection.Tests.Inference;

/// <summary>An image's result is its own: whatever else is computed, and with however many threads.</summary>
[Collection(nameof(ThreadCounts))]
public sealed class IndependenceTests
{
    [Fact]
    public void A_result_does_not_depend_on_the_number_of_threads()
    {
        using Detector detector = SmallDetector.Create();
        int before = KernelThreads.Count;
        try
        {
            KernelThreads.Count = 1;
            ImageDetections alone = detector.Detect([SmallDetector.Image()])[0];
            foreach (int threads in new[] { 2, 3, 7 })
            {
                KernelThreads.Count = threads;
                SmallDetector.AssertSame(alone, detector.Detect([SmallDetector.Image()])[0]);
            }
        }
        finally
        {
            KernelThreads.Count = before;
        }
    }

    [Fact]
    public void Images_of_different_resized_sizes_in_one_padded_size_do_not_disturb_each_other_in_a_batch()
    {
        using Detector detector = SmallDetector.Create();
        // 128×150, 128×158 and 128×160 are all padded to 128×160.
        RgbImage[] images = [SmallDetector.Image(150, 128), SmallDetector.Image(158, 128), SmallDetector.Image(160, 128)];
        Assert.Equal(3, images.Select(image => detector.Transform.SizeOf(image.Height, image.Width)).Distinct().Count());
        Assert.Single(images.Select(image => detector.Transform.PaddedSizeOf(image.Height, image.Width)).Distinct());

        IReadOnlyList<ImageDetections> together = detector.Detect(images);

        for (int i = 0; i < images.Length; i++)
        {
            Assert.NotEmpty(together[i].Instances);
            SmallDetector.AssertSame(detector.Detect([images[i]])[0], together[i]);
        }
    }

    [Fact]
    public async Task Two_models_on_two_threads_find_what_they_find_alone()
    {
        using Detector first = SmallDetector.Create(), second = SmallDetector.Create();
        RgbImage[] images = [SmallDetector.Image(0), SmallDetector.Image(1)];
        ImageDetections[] expected = [.. images.Select(image => first.Detect([image])[0])];
        Task[] runs =
        [
            .. new[] { first, second, first }.Select((detector, which) => Task.Run(() =>
            {
                for (int i = 0; i < 6; i++)
                {
                    int image = (i + which) % 2;
                    SmallDetector.AssertSame(expected[image], detector.Detect([images[image]])[0], 0);
                }
            })),
        ];
        await Task.WhenAll(runs);
    }

    [Fact]
    public void A_tiny_and_a_long_image_are_handled()
    {
        using Detector detector = SmallDetector.Create();
        foreach ((int width, int height) in new[] { (1, 1), (2, 300), (300, 2), (33, 31) })
        {
            ImageDetections found = detector.Detect([SmallDetector.Image(width, height)])[0];
            Assert.All(found.Instances, instance => Assert.Equal((height, width), (instance.Mask!.Height, instance.Mask.Width)));
        }
    }

    [Fact]
    public void Cancellation_ends_inference_between_stages()
    {
        using Detector detector = SmallDetector.Create();
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => detector.Detect([SmallDetector.Image()], cancellation: cancelled.Token));
        Assert.NotEmpty(detector.Detect([SmallDetector.Image()])[0].Instances);
    }
}

/// <summary>Tests that change the number of threads, or measure the process's memory, run alone.</summary>
[CollectionDefinition(nameof(ThreadCounts), DisableParallelization = true)]
public sealed class ThreadCounts;
