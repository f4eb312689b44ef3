using System.Text;
using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class BlobStorageTests(SharedCluster cluster)
{
    private const string Job = "in-blob-storage";

    [Fact]
    public async Task A_job_by_SAS_has_the_result_of_one_on_folders_and_shows_its_SAS_nowhere()
    {
        await using AzuriteContainer blobs = await AzuriteContainer.CreateAsync();
        await blobs.UploadFolderAsync("in/images", cluster.Collection.Images);
        await blobs.UploadAsync("in/model.safetensors", cluster.Collection.Model);
        await blobs.UploadAsync("in/instances.json", cluster.Collection.Annotations);
        UpProcess up = await cluster.UpAsync();
        List<(string Where, string Text)> shown = [];

        string[] submit =
        [
            "submit", "--name", Job, "--images", blobs.Uri("in/images/"), "--model", blobs.Uri("in/model.safetensors"), "--annotations", blobs.Uri("in/instances.json"),
            "--output", blobs.Uri("out"), "--shard-size", SharedCluster.ShardSize.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ];
        Assert.Equal(TinyCollection.Good + TinyCollection.Bad, (await RunAsync([.. submit, "--dry-run", "--json"])).Exits(0).Json.GetProperty("images").GetInt32());
        string output = (await RunAsync([.. submit, "--json"])).Exits(0).Json.GetProperty("output").GetString()!;
        // A limit is another job: the error names what differs.
        Assert.Contains("limit", (await RunAsync([.. submit, "--limit", "5"])).Exits(1).Error, StringComparison.Ordinal);
        await RunAsync("describe", Job, "--json");

        await using MaskRcnnClient client = await up.ConnectAsync();
        JobHandle job = await client.GetJobAsync(Job);
        Assert.Equal(output, job.Output);
        Assert.EndsWith($"/out/{job.Id}?…", output, StringComparison.Ordinal);
        await SharedCluster.EndAsync(up, job, "a job in blob storage ends");
        string folder = cluster.Collection.Path("from-blob-storage");
        (await RunAsync("results", Job, "--output", folder)).Exits(0);
        new ResultFiles(folder).AreThoseOf(cluster.Undisturbed);

        // The SAS is the silos' to know; people and result files have a mark in its place.
        foreach (string command in (string[])["list", "status", "watch", "describe", "results"])
        {
            string[] of = command == "list" ? [command] : [command, Job];
            await RunAsync(of);
            await RunAsync([.. of, "--json"]);
        }
        foreach ((string name, byte[] content) in await blobs.ReadAllAsync($"out/{job.Id}/")) shown.Add((name, Encoding.Latin1.GetString(content)));
        Assert.Contains(shown, file => file.Where.EndsWith("/job.json", StringComparison.Ordinal) && file.Text.Contains("in/images", StringComparison.Ordinal));
        Assert.Contains(shown, file => file.Where.EndsWith("/manifest.json", StringComparison.Ordinal));
        // One file cannot be read: its lock is what it is for.
        foreach (string file in Directory.EnumerateFiles(cluster.Data, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))) shown.Add((file, await ReadAsync(file)));
        string pointer = Path.Combine("jobs", job.Id + ".json"), secret = Uri.UnescapeDataString(blobs.Signature);
        string[] tell = [.. shown.Where(place => place.Text.Contains(blobs.Signature, StringComparison.Ordinal) || place.Text.Contains(secret, StringComparison.Ordinal)).Select(place => place.Where)];
        Assert.True(tell.Length == 1 && tell[0].EndsWith(pointer, StringComparison.Ordinal), $"The SAS is in {string.Join(", ", tell)}; expected it in {pointer} of the state root alone.");
        await job.DeleteAsync(withOutput: true);
        Assert.Empty(await blobs.ReadAllAsync("out/"));

        async Task<Cli> RunAsync(params string[] arguments)
        {
            Cli run = await Cli.RunAsync(["job", .. arguments, "--cluster", cluster.Data]);
            shown.Add(($"what 'job {arguments[0]}' prints", run.Out + run.Error));
            return run;
        }
    }

    /// <summary>A file that others write to.</summary>
    private static async Task<string> ReadAsync(string file)
    {
        await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
