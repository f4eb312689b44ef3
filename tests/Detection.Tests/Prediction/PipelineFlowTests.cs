using MaskRcnn.Detection.Prediction;
using Predicted = MaskRcnn.Detection.Prediction.Prediction;

namespace MaskRcnn.Detection.Tests.Prediction;

/// <summary>Inputs that block, fail and are dropped.</summary>
public sealed class PipelineFlowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_is_in_flight_comes_out_while_the_inputs_block(int batchSize)
    {
        using ManualResetEventSlim threeCame = new();
        List<int> delivered = [];
        new PredictionPipeline(new FakeModel(), new PredictionOptions { BatchSize = batchSize }).Run(Inputs(), p => p.Index, index =>
        {
            delivered.Add(index);
            if (index == 2)
                threeCame.Set();
        });
        Assert.Equal([0, 1, 2, 3], delivered);

        IEnumerable<PredictionInput> Inputs()
        {
            for (int i = 0; i < 4; i++)
            {
                if (i == 3)
                    Assert.True(threeCame.Wait(FakeModel.Patience), "The results did not come while the inputs waited.");
                yield return new PredictionInput($"{i}", () => FakeModel.Bmp());
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failure_ends_the_run_though_the_inputs_block(bool theyWatchTheToken)
    {
        using ManualResetEventSlim released = new(), ended = new();
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            new PredictionPipeline(new FakeModel(), new PredictionOptions()).Run<int>(Inputs, _ => throw new InvalidDataException("the disk is full"), _ => { }));
        Assert.Equal("the disk is full", error.Message);
        if (!theyWatchTheToken)
            released.Set();
        Assert.True(ended.Wait(FakeModel.Patience));

        IEnumerable<PredictionInput> Inputs(CancellationToken stop)
        {
            try
            {
                yield return new PredictionInput("a", () => FakeModel.Bmp());
                released.Wait(theyWatchTheToken ? stop : CancellationToken.None);
            }
            finally
            {
                ended.Set();
            }
        }
    }

    [Fact]
    public void Cancellation_ends_a_run_whose_inputs_block()
    {
        using CancellationTokenSource cancellation = new();
        OperationCanceledException error = Assert.ThrowsAny<OperationCanceledException>(() =>
            new PredictionPipeline(new FakeModel(), new PredictionOptions()).Run(Inputs, p => p, _ => cancellation.Cancel(), cancellation.Token));
        Assert.Equal(cancellation.Token, error.CancellationToken);

        static IEnumerable<PredictionInput> Inputs(CancellationToken stop)
        {
            yield return new PredictionInput("a", () => FakeModel.Bmp());
            stop.WaitHandle.WaitOne();
        }
    }

    [Fact]
    public void An_error_of_the_one_who_takes_the_results_reaches_the_caller()
    {
        IEnumerable<PredictionInput> inputs = Enumerable.Range(0, 100).Select(i => new PredictionInput($"{i}", () => FakeModel.Bmp()));
        Assert.Throws<InvalidDataException>(() => new PredictionPipeline(new FakeModel(), new PredictionOptions()).Run(inputs, p => p, _ => throw new InvalidDataException()));
    }

    [Fact]
    public void Whatever_reading_throws_is_the_images_error()
    {
        Exception[] reasons = [new TimeoutException("slow"), new NotSupportedException("odd"), new OperationCanceledException("the request was cancelled"), new InsufficientMemoryException()];
        Predicted[] found = All([.. reasons.Select(reason => new PredictionInput("a", () => throw reason)), new PredictionInput("good", () => FakeModel.Bmp())]);
        Assert.Equal(reasons, found.Take(reasons.Length).Select(p => p.Error));
        Assert.Null(found[^1].Error);
    }

    [Fact]
    public void An_input_dropped_before_it_is_read_is_not_read()
    {
        int reads = 0;
        Predicted[] found = All([Input("a"), Input("b") with { Dropped = new CancellationToken(canceled: true), Tag = "mine" }, Input("c")]);
        Assert.Equal(2, reads);
        Assert.Equal([false, true, false], found.Select(p => p.Error is OperationCanceledException));
        Assert.Equal("mine", found[1].Tag);
        Assert.Null(found[1].Detections);

        PredictionInput Input(string name) => new(name, () =>
        {
            Interlocked.Increment(ref reads);
            return FakeModel.Bmp();
        });
    }

    [Fact]
    public void An_input_dropped_while_it_is_read_is_not_decoded()
    {
        using CancellationTokenSource drop = new();
        PredictionInput input = new("a", () =>
        {
            drop.Cancel();
            return "this is no image"u8.ToArray();
        }) { Dropped = drop.Token };
        Predicted found = All([input])[0];
        Assert.Equal(drop.Token, Assert.IsType<OperationCanceledException>(found.Error).CancellationToken);
        Assert.Equal(TimeSpan.Zero, found.Timings.Decode);
    }

    [Fact]
    public void An_input_dropped_before_its_batch_is_not_seen_by_the_model()
    {
        using CancellationTokenSource drop = new();
        // The second image's size is its own, so that it is in a batch of its own.
        FakeModel model = new(images =>
        {
            Assert.Equal(8, images[0].Width);
            drop.Cancel();
        });
        Predicted[] found = All([new("a", () => FakeModel.Bmp()), new("b", () => FakeModel.Bmp(100)) { Dropped = drop.Token }], model, new PredictionOptions { Inferences = 1, Decoders = 1 });
        Assert.Null(found[0].Error);
        Assert.IsType<OperationCanceledException>(found[1].Error);
        Assert.Single(model.Batches);
    }

    [Fact]
    public void A_model_that_needs_no_pixels_has_its_images_read_but_not_decoded()
    {
        FakeModel model = new() { NeedsPixels = false };
        Predicted[] found = All([new("a", () => "no image"u8.ToArray()), new("b", () => throw new FileNotFoundException())], model);
        Assert.Null(found[0].Error);
        Assert.Null(found[0].Image);
        Assert.Equal((0, 0, 0), (found[0].Detections!.Width, found[0].Detections!.Height, found[0].Detections!.Instances.Count));
        Assert.IsType<FileNotFoundException>(found[1].Error);
        Assert.Empty(model.Batches);
    }

    internal static Predicted[] All(IEnumerable<PredictionInput> inputs, FakeModel? model = null, PredictionOptions? options = null)
    {
        List<Predicted> all = [];
        new PredictionPipeline(model ?? new FakeModel(), options ?? new PredictionOptions()).Run(inputs, p => p, all.Add);
        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(p => p.Index));
        return [.. all];
    }
}
