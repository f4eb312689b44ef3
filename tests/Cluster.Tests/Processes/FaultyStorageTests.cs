using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Storage.Tests.Proxy;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class FaultyStorageTests(SharedCluster cluster)
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_job_on_a_service_that_fails_loses_answers_and_goes_away_has_the_result_of_an_undisturbed_one()
    {
        await using AzuriteContainer blobs = await AzuriteContainer.CreateAsync();
        await blobs.UploadFolderAsync("in/images", cluster.Collection.Images);
        await blobs.UploadAsync("in/model.safetensors", cluster.Collection.Model);
        await blobs.UploadAsync("in/instances.json", cluster.Collection.Annotations);
        var plan = new ProxyPlan(seed: 11, rate: .05);
        await using FaultProxy proxy = FaultProxy.Start(new Uri(blobs.Uri("in")));
        UpProcess up = await cluster.UpAsync();

        (await Cli.RunAsync(
            "job", "submit", "--cluster", cluster.Data, "--name", "through-faults", "--images", Uri("in/images/"), "--model", Uri("in/model.safetensors"), "--annotations", Uri("in/instances.json"),
            "--output", Uri("out"), "--shard-size", SharedCluster.ShardSize.ToString(CultureInfo.InvariantCulture))).Exits(0);
        proxy.Plan = plan;
        await using MaskRcnnClient client = await up.ConnectAsync();
        JobHandle job = await client.GetJobAsync("through-faults");
        await Patience.ForAsync("the job's first images", async () => (await job.GetStatusAsync()).Images.Done >= 10 ? "yes" : null, () => Task.FromResult(up.Explain()));
        proxy.CutOff(Away);
        await SharedCluster.EndAsync(up, job, "a job on a faulty service ends");
        proxy.Plan = null;

        string folder = cluster.Collection.Path("through-faults");
        (await Cli.RunAsync("job", "results", "through-faults", "--output", folder, "--cluster", cluster.Data)).Exits(0);
        new ResultFiles(folder).AreThoseOf(cluster.Undisturbed);
        Assert.True(proxy.Refused > 0);
        Assert.True(plan.Happened.Count >= 6, string.Join(", ", plan.Happened));
        JsonElement files = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "manifest.json"))).RootElement.GetProperty("files");
        Assert.Equal(["masks.tar", "detections.json"], files.EnumerateArray().Where(file => file.TryGetProperty("pieces", out _)).Select(file => file.GetProperty("name").GetString()));
        await job.DeleteAsync(withOutput: true);
        Assert.Empty(await blobs.ReadAllAsync("out/"));

        string Uri(string name) => proxy.Through(blobs.Uri(name));
    }
}
