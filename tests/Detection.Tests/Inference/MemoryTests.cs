using MaskRcnn.Detection.Inference;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Inference;

[Collection(nameof(ThreadCounts))]
public sealed class MemoryTests
{
    private const int Images = 500, Sizes = 50, WarmUp = 50;

    [Fact]
    public void Memory_stays_flat_over_many_images_of_many_sizes()
    {
        using Detector detector = SmallDetector.Create();
        long tensors = 0, resident = 0, most = 0;
        for (int i = 0; i < Images; i++)
        {
            int size = i % Sizes;
            detector.Detect([SmallDetector.Image(100 + 7 * (size % 10) + size, 90 + 11 * (size / 10))]);
            if (i < WarmUp - 1)
                continue;
            if (i == WarmUp - 1)
            {
                tensors = ProcessMemory.LiveTensors();
                resident = ProcessMemory.Resident();
            }

            Assert.Equal(tensors, torch.Tensor.TotalCount);
            if (i % 10 == 0)
                most = Math.Max(most, ProcessMemory.Resident());
        }

        Assert.True(most <= resident * 1.05, $"resident memory grew from {resident >> 20} MB after {WarmUp} images to {most >> 20} MB");
    }
}
