using MaskRcnn.Detection.Prediction;

namespace MaskRcnn.Detection.Tests.Prediction;

public sealed class NextBatchTests
{
    [Fact]
    public void The_first_full_batch_goes_first_otherwise_the_oldest_image_and_those_of_its_size()
    {
        StageQueue<PipelineSlot> queue = new();
        foreach (char size in "abbabcb")
            queue.Put(new PipelineSlot(0, new PredictionInput($"{size}", () => [])) { PaddedSize = (size, size) });
        queue.Complete();
        List<string> batches = [];
        while (queue.Take(waiting => NextBatch.Of(waiting, 3)) is { Count: > 0 } batch)
            batches.Add(string.Concat(batch.Select(image => image.Input.Name)));
        Assert.Equal(["bbb", "aa", "c", "b"], batches);
    }
}
