using System.Text;
using System.Text.Json;
using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Tests.Proxy;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>Jobs on blob storage behind a proxy that lets it fail.</summary>
public sealed class FaultyServiceTests(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(1)]
    public async Task A_job_on_a_service_that_fails_and_loses_answers_has_the_bytes_of_an_undisturbed_one(int seed)
    {
        await using AzuriteContainer container = await AzuriteContainer.CreateAsync();
        IBlobStore images = BlobStores.Open(container.Uri("in"));
        for (int i = 0; i < UndisturbedRun.Images; i++) await images.WriteAsync($"{i % 7}/{i:D5}.png", Encoding.ASCII.GetBytes($"image {i}"), WriteCondition.Absent, "test", None);
        var plan = new ProxyPlan(seed, .05);
        await using FaultProxy proxy = FaultProxy.Start(new Uri(container.Uri("in")));
        proxy.Plan = plan;
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, silos: 2);
        SubmitReceipt job = await cluster.SubmitAsync(cluster.Specification() with
        {
            Name = $"faulty-service-{seed}", Images = proxy.Through(container.Uri("in")), Output = proxy.Through(container.Uri("out")),
        });
        Assert.Equal(JobState.Succeeded, (await cluster.WaitForEndAsync(job)).State);

        IBlobStore result = BlobStores.Open(container.Uri($"out/{job.Job}/result"));
        foreach ((string name, string bytes) in undisturbed.Result) Assert.Equal(bytes, Convert.ToBase64String((await result.ReadAsync(name, null, None)).Data));
        Assert.True(plan.Happened.Count >= 6, string.Join(", ", plan.Happened));
        JsonElement files = JsonDocument.Parse((await result.ReadAsync("manifest.json", null, None)).Data).RootElement.GetProperty("files");
        Assert.Equal(["masks.tar", "detections.json"], files.EnumerateArray().Where(file => file.TryGetProperty("pieces", out _)).Select(file => file.GetProperty("name").GetString()));
    }
}
