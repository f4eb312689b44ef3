using System.Globalization;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class SampleTests(SharedCluster cluster)
{
    [Fact]
    public async Task The_sample_submits_a_job_follows_it_and_lists_the_images_with_most_misses()
    {
        await cluster.UpAsync();
        string output = cluster.Collection.Path("sample");
        // It finds the cluster as the user's last 'maskrcnn up'. Three images are broken, so it does not succeed.
        Cli run = (await Cli.RunProgramAsync(Repository.Built("MaskRcnn.Samples.SubmitAndWatch"), cluster.StateHome, cluster.Collection.Images, cluster.Collection.Model, output, cluster.Collection.Annotations)).Exits(1);
        string[] lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int end = Array.FindIndex(lines, line => line.StartsWith("The result is in ", StringComparison.Ordinal));
        Assert.True(end > 0, run.Out + run.Error);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"CompletedWithErrors: {TinyCollection.Good} done, {TinyCollection.Bad} failed, 0 left"), lines[end - 1]);
        Assert.True(File.Exists(Path.Combine(lines[end]["The result is in ".Length..], "manifest.json")), run.Out);
        Assert.Equal(10, lines[(end + 1)..].Length);
        Assert.All(lines[(end + 1)..], line => Assert.Matches(@"^\S+: \d+ missed, \d+ found$", line));
    }
}
