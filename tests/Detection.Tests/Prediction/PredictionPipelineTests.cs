using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Tests.Inference;

namespace MaskRcnn.Detection.Tests.Prediction;

public sealed class PredictionPipelineTests : IDisposable
{
    private static readonly byte[][] Files = [.. Enumerable.Range(0, 2).Select(i => File.ReadAllBytes(GoldenFile.PathOf($"tiny_img{i}.png")))];
    private readonly Detector _detector = SmallDetector.Create();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Results_come_in_order_and_are_those_of_each_image_alone(int batchSize)
    {
        ImageDetections[] expected = [.. Enumerable.Range(0, 2).Select(i => _detector.Detect([SmallDetector.Image(i)])[0])];
        PredictionPipeline pipeline = new(_detector, new PredictionOptions { BatchSize = batchSize, Decoders = 3 });
        int count = 0;
        await foreach (MaskRcnn.Detection.Prediction.Prediction prediction in pipeline.RunAsync(Inputs(11), p => p))
        {
            Assert.Equal(count, prediction.Index);
            Assert.Null(prediction.Error);
            SmallDetector.AssertSame(expected[count % 2], prediction.Detections!);
            count++;
        }

        Assert.Equal(11, count);
    }

    [Fact]
    public async Task A_bad_image_is_a_result_and_stops_nothing()
    {
        PredictionInput[] inputs = [.. Inputs(2), new("bad.png", () => Files[0][..100]), new("gone.png", () => throw new FileNotFoundException("gone.png is not there.")), .. Inputs(1)];
        List<MaskRcnn.Detection.Prediction.Prediction> predictions = await AllAsync(inputs, new PredictionOptions { BatchSize = 2 });
        Assert.Equal([false, false, true, true, false], predictions.Select(p => p.Error is not null));
        Assert.IsType<ImageFormatException>(predictions[2].Error);
        Assert.Contains("bad.png", predictions[2].Error!.Message);
        Assert.IsType<FileNotFoundException>(predictions[3].Error);
        Assert.NotEmpty(predictions[4].Detections!.Instances);
    }

    [Fact]
    public async Task No_input_gives_no_result() => Assert.Empty(await AllAsync([], new PredictionOptions()));

    [Fact]
    public async Task Inputs_are_read_only_as_far_ahead_as_the_window()
    {
        int read = 0;
        PredictionPipeline pipeline = new(_detector, new PredictionOptions { Decoders = 1 });
        IAsyncEnumerator<int> results = pipeline.RunAsync(Inputs(1000, () => Interlocked.Increment(ref read)), p => p.Index).GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        await results.DisposeAsync();
        Assert.InRange(read, 1, 20);
    }

    [Fact]
    public async Task Cancellation_ends_the_run_and_all_its_threads()
    {
        using CancellationTokenSource cancellation = new();
        PredictionPipeline pipeline = new(_detector, new PredictionOptions());
        int seen = 0, open = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int index in pipeline.RunAsync(Inputs(1000, () => Interlocked.Increment(ref open)), p => p.Index, cancellation.Token))
            {
                if (++seen == 3)
                    await cancellation.CancelAsync();
            }
        });
        int opened = open;
        Assert.InRange(seen, 3, 20);
        Assert.NotEmpty(_detector.Detect([SmallDetector.Image()])[0].Instances);
        Assert.Equal(opened, open);
    }

    [Fact]
    public async Task An_error_of_the_callers_reaches_the_caller()
    {
        PredictionPipeline pipeline = new(_detector, new PredictionOptions());
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (int _ in pipeline.RunAsync<int>(Inputs(5), p => p.Index == 2 ? throw new InvalidOperationException("the disk is full") : p.Index))
            {
            }
        });
        Assert.Equal("the disk is full", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_error_of_the_inputs_reaches_the_caller(bool afterTheResults)
    {
        using ManualResetEventSlim received = new(initialState: !afterTheResults);
        PredictionPipeline pipeline = new(_detector, new PredictionOptions());
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (int _ in pipeline.RunAsync(Failing(), p => p.Index))
                received.Set();
        });
        Assert.Contains("the listing broke", error.Message);

        IEnumerable<PredictionInput> Failing()
        {
            yield return Inputs(1).Single();
            received.Wait();
            throw new IOException("the listing broke");
        }
    }

    public void Dispose() => _detector.Dispose();

    private static IEnumerable<PredictionInput> Inputs(int count, Action? onRead = null) =>
        Enumerable.Range(0, count).Select(i => new PredictionInput($"{i}.png", () =>
        {
            onRead?.Invoke();
            return Files[i % 2];
        }));

    private async Task<List<MaskRcnn.Detection.Prediction.Prediction>> AllAsync(IEnumerable<PredictionInput> inputs, PredictionOptions options)
    {
        List<MaskRcnn.Detection.Prediction.Prediction> all = [];
        await foreach (MaskRcnn.Detection.Prediction.Prediction prediction in new PredictionPipeline(_detector, options).RunAsync(inputs, p => p))
            all.Add(prediction);
        return all;
    }
}
