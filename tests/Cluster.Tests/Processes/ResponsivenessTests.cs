using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Client;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains;
using MaskRcnn.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class ResponsivenessTests(SharedCluster cluster)
{
    /// <summary>Windows that have to be good, and how many may be tried: other programs use the machine, too, and only ever make it slower.</summary>
    private const int GoodWindows = 3, MostWindows = 8;

    private const int CallsAWindow = 300;
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Grains_answer_within_50_ms_while_the_pipeline_is_saturated()
    {
        // The same weights on images that are enlarged: a second and more an image on two cores.
        string model = cluster.Collection.Path("large.safetensors");
        TinyCollection.WriteModel(model, side: 1200);
        UpProcess up = await cluster.UpAsync();
        await using MaskRcnnClient client = await up.ConnectAsync();
        string worker = Assert.Single(await client.ListWorkersAsync(), w => up.Members.Any(m => m.Id == w.ProcessId)).Worker;
        using IHost orleans = await ConnectAsync();
        IWorkerGrain grain = orleans.Services.GetRequiredService<IClusterClient>().GetGrain<IWorkerGrain>(worker);
        TimeSpan idle = await PercentileAsync(grain);

        JobHandle job = await cluster.SubmitAsync(client, model: model);
        await Patience.ForAsync("the worker has finished images", async () => await grain.GetReport() is { Images: > 0, State: "working" } report ? report : null, async () => $"{await job.GetStatusAsync()}\n{up.Explain()}");
        long before = (await grain.GetReport()).Images, start = Stopwatch.GetTimestamp();
        List<TimeSpan> windows = [];
        while (windows.Count(w => w < Limit) < GoodWindows && windows.Count < MostWindows) windows.Add(await PercentileAsync(grain));
        WorkerReport after = await grain.GetReport();
        double rate = (after.Images - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await job.CancelAsync();

        string figures = string.Create(CultureInfo.InvariantCulture,
            $"p99 of a grain's answer: {string.Join(", ", windows.Select(w => $"{w.TotalMilliseconds:F1}"))} ms at {rate:F1} images/s; {idle.TotalMilliseconds:F1} ms when idle.");
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(after.State == "working", $"The worker is {after.State}; expected that it was at work all the time. {figures}");
        Assert.True(windows.Count(w => w < Limit) >= GoodWindows, figures);
    }

    private static async Task<TimeSpan> PercentileAsync(IWorkerGrain grain)
    {
        List<TimeSpan> times = [];
        using var timer = new PeriodicTimer(BetweenCalls);
        while (times.Count < CallsAWindow && await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            long start = Stopwatch.GetTimestamp();
            await grain.GetReport();
            times.Add(Stopwatch.GetElapsedTime(start));
        }
        return times.Order().ElementAt(CallsAWindow * 99 / 100);
    }

    /// <summary>A client without what the library does about calls that fail.</summary>
    private async Task<IHost> ConnectAsync()
    {
        string gateway = ClusterFile.TryRead(cluster.Data)!.Gateways[0];
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(orleans =>
        {
            orleans.UseStaticClustering(System.Net.IPEndPoint.Parse(gateway));
            orleans.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (ClusterConstants.ClusterId, ClusterConstants.ServiceId));
        });
        IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }
}
