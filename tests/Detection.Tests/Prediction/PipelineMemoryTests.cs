using MaskRcnn.Detection.Prediction;
using Predicted = MaskRcnn.Detection.Prediction.Prediction;

namespace MaskRcnn.Detection.Tests.Prediction;

/// <summary>A model whose device runs out of memory, or fails otherwise.</summary>
public sealed class PipelineMemoryTests
{
    public static TheoryData<string> Messages =>
    [
        "CUDA out of memory. Tried to allocate 2.00 GiB",
        "[enforce fail at alloc_cpu.cpp:114] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes.",
        "DefaultCPUAllocator: not enough memory: you tried to allocate 99 bytes.",
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_batch_that_does_not_fit_is_halved_and_batches_stay_that_small(string message)
    {
        const int Images = 60, Fitting = 2;
        int read = 0, results = 0;
        List<int> told = [];
        FakeModel model = new(images =>
        {
            // The first image waits until a whole batch can be made of the next ones.
            Assert.True(images.Count > 1 || SpinWait.SpinUntil(() => Volatile.Read(ref read) > 12, FakeModel.Patience));
            if (images.Count > Fitting)
                throw new InvalidOperationException(message);
        });
        PredictionOptions options = new() { BatchSize = 8, Inferences = 1, Decoders = 1, BatchHalved = told.Add };
        PredictionPipeline pipeline = new(model, options);
        Assert.Equal(8, pipeline.LargestBatch);
        pipeline.Run(Inputs(Images), p => p, p =>
        {
            Assert.Null(p.Error);
            results++;
        });
        Assert.Equal(Images, results);
        Assert.Equal([4, 2], told);
        Assert.Equal(2, pipeline.LargestBatch);
        Assert.Equal([8, 4], model.Batches.Where(count => count > Fitting));

        IEnumerable<PredictionInput> Inputs(int count) => Enumerable.Range(0, count).Select(i => new PredictionInput($"{i}", () =>
        {
            Interlocked.Increment(ref read);
            return FakeModel.Bmp();
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_image_that_does_not_fit_alone_is_an_error_that_names_its_size(int inferences)
    {
        FakeModel model = new(images =>
        {
            if (images.Any(image => image.Width == 20))
                throw new InsufficientMemoryException();
        });
        Predicted[] found = PipelineFlowTests.All([Input(8), Input(20), Input(9)], model, new PredictionOptions { BatchSize = 4, Inferences = inferences });
        OutOfDeviceMemoryException error = Assert.IsType<OutOfDeviceMemoryException>(found[1].Error);
        Assert.Equal(("20.bmp", 20, 8), (error.Name, error.Width, error.Height));
        Assert.Contains("20.bmp", error.Message);
        Assert.Contains("20×8", error.Message);
        Assert.Equal([true, false, true], found.Select(p => p.Error is null));

        static PredictionInput Input(int width) => new($"{width}.bmp", () => FakeModel.Bmp(width));
    }

    [Fact]
    public void Images_that_fit_alone_but_not_two_at_a_time_all_have_results()
    {
        using CountdownEvent both = new(2);
        int inside = 0;
        FakeModel model = new(_ =>
        {
            bool first = Interlocked.Increment(ref inside) == 1;
            try
            {
                if (!both.IsSet)
                {
                    both.Signal();
                    Assert.True(both.Wait(FakeModel.Patience));
                }

                if (!first)
                    throw new InsufficientMemoryException();
            }
            finally
            {
                Interlocked.Decrement(ref inside);
            }
        });
        Predicted[] found = PipelineFlowTests.All(Enumerable.Range(0, 30).Select(i => new PredictionInput($"{i}", () => FakeModel.Bmp())), model);
        Assert.Equal(30, found.Length);
        Assert.All(found, p => Assert.Null(p.Error));
        Assert.True(both.IsSet);
    }

    [Fact]
    public void Of_a_batch_that_fails_otherwise_only_the_image_that_fails_is_lost()
    {
        int read = 0;
        FakeModel model = new(images =>
        {
            Assert.True(images.Count > 1 || Volatile.Read(ref read) > 4 || SpinWait.SpinUntil(() => Volatile.Read(ref read) > 4, FakeModel.Patience));
            if (images.Any(image => image.Width == 20))
                throw new InvalidOperationException("shape mismatch");
        });
        PredictionPipeline pipeline = new(model, new PredictionOptions { BatchSize = 4, Inferences = 1, Decoders = 1 });
        List<Exception?> errors = [];
        pipeline.Run(Enumerable.Range(0, 12).Select(i => new PredictionInput($"{i}", () =>
        {
            Interlocked.Increment(ref read);
            return FakeModel.Bmp(i == 6 ? 20 : 8);
        })), p => p.Error, errors.Add);
        Assert.Equal(6, errors.FindIndex(error => error is not null));
        Assert.IsType<InvalidOperationException>(Assert.Single(errors, error => error is not null));
        Assert.Equal(4, pipeline.LargestBatch);
    }
}
