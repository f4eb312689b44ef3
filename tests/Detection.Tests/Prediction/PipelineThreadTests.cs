using System.Collections.Concurrent;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Detection.Tests.Kernels;

namespace MaskRcnn.Detection.Tests.Prediction;

/// <summary>On which threads the work is done, and what one may ask meanwhile.</summary>
public sealed class PipelineThreadTests
{
    private readonly ConcurrentDictionary<(string Stage, Thread Thread), bool> _seen = [];

    [Fact]
    public async Task No_stage_runs_on_the_thread_pool()
    {
        PredictionPipeline pipeline = new(new FakeModel(_ => See("model")), new PredictionOptions());
        await foreach (int _ in pipeline.RunAsync(Inputs(30), Finish))
        {
        }

        ThreadTeamTests.OnThreads(1, _ => pipeline.Run(Inputs(30), Finish, _ => See("deliver")));

        Assert.Equal(["deliver", "finish", "inputs", "model", "read"], _seen.Keys.Select(key => key.Stage).Distinct().Order());
        Assert.All(_seen, entry => Assert.False(entry.Value, $"{entry.Key.Stage} was on the thread pool."));
    }

    [Fact]
    public async Task All_threads_end_when_the_enumeration_is_abandoned()
    {
        PredictionPipeline pipeline = new(new FakeModel(_ => See("model")), new PredictionOptions());
        await foreach (int index in pipeline.RunAsync(Inputs(1000), Finish))
        {
            if (index == 5)
                break;
        }

        Assert.Equal(["finish", "inputs", "model", "read"], _seen.Keys.Select(key => key.Stage).Distinct().Order());
        Assert.All(_seen.Keys, key => Assert.True(key.Thread.Join(FakeModel.Patience), $"{key.Stage} goes on."));
        Assert.Empty(pipeline.InFlight);
    }

    [Fact]
    public void One_may_ask_which_images_are_worked_on_and_since_when()
    {
        using ManualResetEventSlim entered = new(), released = new();
        FakeModel model = new(_ =>
        {
            entered.Set();
            Assert.True(released.Wait(FakeModel.Patience));
        });
        PredictionPipeline pipeline = new(model, new PredictionOptions());
        Thread run = new(() => pipeline.Run([new PredictionInput("slow.png", () => FakeModel.Bmp()) { Tag = 17 }], p => p, _ => { }));
        run.Start();
        Assert.True(entered.Wait(FakeModel.Patience));

        InFlightImage image = Assert.Single(pipeline.InFlight);
        Assert.Equal(("slow.png", (object?)17), (image.Name, image.Tag));
        Assert.True(SpinWait.SpinUntil(() => pipeline.InFlight[0].Age > image.Age, FakeModel.Patience));

        released.Set();
        Assert.True(run.Join(FakeModel.Patience));
        Assert.Empty(pipeline.InFlight);
    }

    [Fact]
    public void Each_prediction_says_how_long_its_stages_took()
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(5);
        FakeModel model = new(_ => Pause());
        PredictionInput[] inputs =
        [
            new("good", () =>
            {
                Pause();
                return FakeModel.Bmp(200, 200);
            }),
            new("bad", () => throw new IOException()),
        ];
        PredictionTimings[] times = [.. PipelineFlowTests.All(inputs, model).Select(p => p.Timings)];
        Assert.True(times[0].Read >= pause && times[0].Infer >= pause && times[0].Decode > TimeSpan.Zero && times[0].Encode > TimeSpan.Zero, times[0].ToString());
        Assert.Equal(new PredictionTimings(times[1].Read, default, default, default) { ReadEnd = times[1].ReadEnd }, times[1]);

        void Pause()
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            SpinWait.SpinUntil(() => System.Diagnostics.Stopwatch.GetElapsedTime(start) >= pause);
        }
    }

    private IEnumerable<PredictionInput> Inputs(int count)
    {
        for (int i = 0; i < count; i++)
        {
            See("inputs");
            yield return new PredictionInput($"{i}", () =>
            {
                See("read");
                return FakeModel.Bmp();
            });
        }
    }

    private int Finish(MaskRcnn.Detection.Prediction.Prediction prediction)
    {
        See("finish");
        return prediction.Index;
    }

    private void See(string stage) => _seen[(stage, Thread.CurrentThread)] = Thread.CurrentThread.IsThreadPoolThread;
}
