using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Detection.Tests;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Silo.Hosting;

namespace MaskRcnn.Cluster.Tests.Redis;

/// <summary>Every silo of a cluster is told to end and started again, one after the other, while a job runs.</summary>
[Collection(ProcessTests.Name)]
public sealed class RollingRestartTests : IAsyncLifetime
{
    private const int Images = 400;

    /// <summary>Some 25 s of work, of which few fit the grace.</summary>
    private const int ShardSize = 100;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
    private RedisServer _redis = null!;
    private RedisCluster _cluster = null!;

    private string Cache => Path.Combine(_folder.FullName, "cache");

    /// <summary>As the model in all processes has counted.</summary>
    private long Inferred => Directory.Exists(Cache) ? new DirectoryInfo(Cache).EnumerateFiles("inferred-*").Sum(file => file.Length) : 0;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        TinyModel.Write(Path.Combine(_folder.FullName, "model.safetensors"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "images"));
        for (int i = 0; i < Images; i++)
            await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "images", string.Create(CultureInfo.InvariantCulture, $"{i:D3}.bmp")), BmpFile.Black(20 + i % 11));
        _cluster = await RedisCluster.StartAsync(_redis.Settings, _folder.FullName, program: "MaskRcnn.Cluster.Tests.Host");
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_rolling_restart_of_every_silo_repeats_no_image()
    {
        await using MaskRcnnClient client = await _cluster.ConnectAsync();
        ResultFiles undisturbed = await EndAsync(await SubmitAsync(client, "undisturbed"));
        Assert.Equal(Images, Inferred);

        // Half a second an image, until all silos were restarted.
        string pace = Path.Combine(Cache, "pace");
        await File.WriteAllBytesAsync(pace, new byte[500]);
        JobHandle job = await SubmitAsync(client, "restarted");
        await Patience.UntilAsync("all workers are at work", () => Inferred > Images + 10, Explain);
        // In turns, so that workers leave while coordinators have just moved.
        foreach (string name in (string[])["worker-1", "coordinator-1", "worker-2", "coordinator-2"]) await RestartAsync(name);
        Assert.True(Inferred < 2 * Images, $"All images were done before the last silo was restarted; expected that the job was in its middle.\n{_cluster.Explain()}");
        File.Delete(pace);

        (await EndAsync(job)).AreThoseOf(undisturbed);
        // Each is in the result, so that none was inferred twice.
        Assert.True(Inferred == 2 * Images, $"{Inferred - 2 * Images} images were inferred again.\n{await File.ReadAllTextAsync(Path.Combine(job.Output, "result/attempts.jsonl"))}\n{_cluster.Explain()}");
        Assert.DoesNotContain("\"suspicion\":true", await File.ReadAllTextAsync(Path.Combine(job.Output, "result/attempts.jsonl")), StringComparison.Ordinal);
        string[] cut = [.. Directory.EnumerateFiles(Path.Combine(job.Output, "commits"), "*.0.json").Select(file => Path.GetFileName(file))];
        Assert.True(cut.Length > 0, $"No shard was cut; expected that of the first worker, which had just begun it.\n{_cluster.Explain()}");
    }

    private async Task RestartAsync(string name)
    {
        long start = Stopwatch.GetTimestamp();
        SiloProcess process = _cluster.Process(name);
        int ends = _cluster.Ends.Count;
        await ProcessGroup.SignalAsync("TERM", process.Id);
        await Patience.UntilAsync($"{name} is started again", () => _cluster.Ends.Count > ends && _cluster.Running.Any(running => running.Name == name && !ReferenceEquals(running, process)), Explain);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name} took {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s to leave");
        Assert.Equal(SiloExitCode.Ok, _cluster.Ends.Last(end => end.Name == name).ExitCode);
        await _cluster.Process(name).ReadyAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{name} is back after {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s; {Inferred - Images} of {Images} images");
    }

    private Task<JobHandle> SubmitAsync(MaskRcnnClient client, string name) => client.SubmitAsync(new JobSpecification
    {
        Name = name,
        Images = Path.Combine(_folder.FullName, "images"),
        Model = Path.Combine(_folder.FullName, "model.safetensors"),
        Output = Path.Combine(_folder.FullName, "results"),
        ShardSize = ShardSize,
    });

    private async Task<ResultFiles> EndAsync(JobHandle job)
    {
        JobStatus end = await Patience.ForAsync("the job ends", async () => await job.GetStatusAsync() is { } status && status.State.IsFinal() ? status : null, Explain);
        Assert.True(end is { State: JobState.Succeeded, Images.Done: Images }, $"{end}\n{_cluster.Explain()}");
        return ResultFiles.Read(job);
    }

    private Task<string> Explain() => Task.FromResult(_cluster.Explain());
}
