using System.Text;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Detection.Tests.Golden;

namespace MaskRcnn.Detection.Tests.Inference;

/// <summary>An image's result, to the last bit, is its own: not of its batch, its company or the number of threads.</summary>
[Collection(nameof(ThreadCounts))]
public sealed class BytesOfResultsTests
{
    private static readonly byte[][] Files = [.. Enumerable.Range(0, 2).Select(i => File.ReadAllBytes(GoldenFile.PathOf($"tiny_img{i}.png")))];

    [Fact]
    public void Detections_are_equal_to_the_byte_for_all_threads_batches_and_company()
    {
        using Detector detector = SmallDetector.Create();
        int before = KernelThreads.Count;
        try
        {
            KernelThreads.Count = 1;
            string[] expected = [Json(detector, [0], 1)[0], Json(detector, [1], 1)[0]];
            Assert.All(expected, json => Assert.Contains("counts", json));
            foreach (int threads in new[] { 1, 2, 3 })
            {
                KernelThreads.Count = threads;
                foreach (int batch in new[] { 1, 2, 4 })
                {
                    foreach (int[] company in new int[][] { [0, 1], [1, 1, 0, 1, 0], [0, 0, 0, 0] })
                        Assert.Equal(company.Select(image => expected[image]), Json(detector, company, batch));
                }
            }
        }
        finally
        {
            KernelThreads.Count = before;
        }
    }

    private static string[] Json(Detector detector, int[] images, int batch)
    {
        Dictionary<int, long> categories = Enumerable.Range(1, detector.Configuration.Classes).ToDictionary(label => label, label => (long)label);
        List<string> found = [];
        new PredictionPipeline(detector, new PredictionOptions { BatchSize = batch, Decoders = 1 }).Run(
            images.Select(image => new PredictionInput($"{image}", () => Files[image])),
            prediction => string.Join('\n', DetectionJson.Lines(prediction.Detections!, 1, categories).Select(Encoding.UTF8.GetString)),
            found.Add);
        return [.. found];
    }
}
