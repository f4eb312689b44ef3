using System.Globalization;
using MaskRcnn.Client.Results;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Tests;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>Generations: what has no result is done again, and the result is what a job over the mended collection gives.</summary>
public sealed class RetryTests : IDisposable
{
    private const int Images = 30, FirstWidth = 40;

    /// <summary>In the first shard, all of the second, and at both ends of the third.</summary>
    private static readonly int[] Damaged = [3, .. Enumerable.Range(10, 10), 20, 29];

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SharedBlobs _blobs = new();
    private readonly CountingModelLoader _models;
    private IReadOnlyCollection<int>? _damaged;

    public RetryTests() => _models = new CountingModelLoader(_blobs);

    public void Dispose() => _blobs.Dispose();

    [Fact]
    public async Task What_failed_is_done_again_and_what_did_not_is_taken_as_it_is()
    {
        await PutImagesAsync(Damaged);
        await using JobCluster cluster = await JobCluster.StartAsync(_blobs, silos: 1, models: _models);
        SubmitReceipt job = await cluster.SubmitAsync(Specification(cluster, "mended"));
        Assert.Equal((JobState.CompletedWithErrors, Damaged.Length), await EndAsync(cluster, job));
        Assert.Equal(Images - Damaged.Length, _models.Take().Count);
        Dictionary<string, string> first = await FilesAsync(job, 1);

        await PutImagesAsync([]);
        JobStatus retried = await RetryAsync(cluster, job);
        Assert.Equal((job.Job, 2, 0L), (retried.Job, retried.Generation, retried.Images.Failed));
        Assert.Equal((JobState.Succeeded, 0), await EndAsync(cluster, job));
        Assert.Equal(Damaged.Select(image => FirstWidth + image), _models.Take());

        Assert.Equal(await FilesOfWholeAsync(cluster), await FilesAsync(job, 2));
        Assert.Equal(first, await FilesAsync(job, 1));

        // Whoever opens the folder gets the newest, and can have the earlier one.
        JobResults newest = await JobResults.OpenAsync(_blobs.Open(job.Output)), earlier = await JobResults.OpenAsync(_blobs.Open(job.Output), 1);
        Assert.Equal((2, 1), (newest.Manifest.Generation, earlier.Manifest.Generation));
        Assert.Null((await earlier.FindImageAsync(Name(3)))!.Offset);
        Assert.NotNull((await newest.FindImageAsync(Name(3)))!.Offset);
        JobStateException refused = await Assert.ThrowsAsync<JobStateException>(() => RetryAsync(cluster, job));
        Assert.Contains("every image has a result", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_may_be_retried_until_every_image_has_a_result()
    {
        await PutImagesAsync(Damaged);
        await using JobCluster cluster = await JobCluster.StartAsync(_blobs, silos: 1, models: _models);
        SubmitReceipt job = await cluster.SubmitAsync(Specification(cluster, "again"));
        await EndAsync(cluster, job);
        await PutImagesAsync(Damaged[4..]);
        await RetryAsync(cluster, job);
        Assert.Equal((JobState.CompletedWithErrors, Damaged.Length - 4), await EndAsync(cluster, job));
        _models.Take();
        await PutImagesAsync([]);
        Assert.Equal(3, (await RetryAsync(cluster, job, onlyFailed: true)).Generation);
        Assert.Equal((JobState.Succeeded, 0), await EndAsync(cluster, job));
        Assert.Equal(Damaged[4..].Select(image => FirstWidth + image), _models.Take());
        Dictionary<string, string> whole = await FilesOfWholeAsync(cluster);
        Assert.Equal(whole, await FilesAsync(job, 3));
        Assert.NotEqual(whole, await FilesAsync(job, 2));
    }

    [Fact]
    public async Task A_cancelled_job_that_is_retried_goes_on_where_it_was()
    {
        await PutImagesAsync([Damaged[0]]);
        var never = new TaskCompletionSource();
        string? first = null;
        SubmitReceipt job;
        await using (JobCluster cancelled = await JobCluster.StartAsync(_blobs, silos: 1, models: _models, wrap: (silo, _, store) => new StoreHook(store, silo, step =>
        {
            if (!step.Name.StartsWith("parts/", StringComparison.Ordinal)) return Task.CompletedTask;
            string shard = step.Name.Split('/')[1];
            return (Interlocked.CompareExchange(ref first, shard, null) ?? shard) == shard ? Task.CompletedTask : never.Task;
        })))
        {
            job = await cancelled.SubmitAsync(Specification(cancelled, "cancelled"));
            await cancelled.WaitAsync(job, "a shard to be done", status => status.ListingDone && status.Images.Done + status.Images.Failed > 0);
            await cancelled.Grains.GetGrain<IJobGrain>(job.Job).Cancel(None);
            await cancelled.WaitAsync(job, "the result of what is finished", status => status.State == JobState.Cancelled && !status.IsWritingResult);
            JobStateException refused = await Assert.ThrowsAsync<JobStateException>(() => RetryAsync(cancelled, job, onlyFailed: true));
            Assert.Contains("20 of its images were not processed", refused.Message, StringComparison.Ordinal);
        }
        _models.Take();
        await PutImagesAsync([]);
        await using JobCluster cluster = await JobCluster.StartAsync(_blobs, silos: 1, models: _models);
        await RetryAsync(cluster, job);
        Assert.Equal((JobState.Succeeded, 0), await EndAsync(cluster, job));
        never.SetResult();
        // The zombies of the first cluster may have been computing still.
        Assert.Superset(new HashSet<int>([FirstWidth + Damaged[0]]), _models.Take().ToHashSet());
        Assert.Equal(await FilesOfWholeAsync(cluster), await FilesAsync(job, 2));
    }

    [Fact]
    public async Task A_retry_that_is_cancelled_takes_nothing_away()
    {
        await PutImagesAsync(Damaged);
        var never = new TaskCompletionSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        SubmitReceipt job;
        await using (JobCluster cancelled = await JobCluster.StartAsync(_blobs, silos: 1, models: _models, wrap: (silo, _, store) => new StoreHook(store, silo, step =>
        {
            if (!step.Name.StartsWith("generations/2/commits/", StringComparison.Ordinal)) return Task.CompletedTask;
            begun.TrySetResult();
            return never.Task;
        })))
        {
            job = await cancelled.SubmitAsync(Specification(cancelled, "twice"));
            await EndAsync(cancelled, job);
            await PutImagesAsync([]);
            await RetryAsync(cancelled, job);
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
            Assert.Equal(JobState.Cancelled, (await cancelled.Grains.GetGrain<IJobGrain>(job.Job).Cancel(None)).State);
        }
        Assert.Equal(1, (await JobResults.OpenAsync(_blobs.Open(job.Output))).Manifest.Generation);
        _models.Take();
        await using JobCluster cluster = await JobCluster.StartAsync(_blobs, silos: 1, models: _models);
        Assert.Equal(3, (await RetryAsync(cluster, job)).Generation);
        Assert.Equal((JobState.Succeeded, 0), await EndAsync(cluster, job));
        Assert.Subset(Damaged.Select(image => FirstWidth + image).ToHashSet(), _models.Take().ToHashSet());
        never.SetResult();
        Assert.Equal(await FilesOfWholeAsync(cluster), await FilesAsync(job, 3));
    }

    [Fact]
    public async Task A_cluster_that_is_killed_in_a_retry_goes_on_with_it()
    {
        await PutImagesAsync(Damaged);
        var never = new TaskCompletionSource();
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int commits = 0;
        JobCluster killed = await JobCluster.StartAsync(_blobs, silos: 1, models: _models, wrap: (silo, _, store) => new StoreHook(store, silo, step =>
        {
            if (!step.Name.StartsWith("generations/2/commits/", StringComparison.Ordinal) || step.After) return Task.CompletedTask;
            if (Interlocked.Increment(ref commits) == 1) return Task.CompletedTask;
            second.TrySetResult();
            return never.Task;
        }));
        SubmitReceipt job = await killed.SubmitAsync(Specification(killed, "killed"));
        await EndAsync(killed, job);
        await PutImagesAsync([]);
        await RetryAsync(killed, job);
        await second.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        await killed.KillAllAsync();
        await using JobCluster cluster = await JobCluster.StartAsync(_blobs, silos: 1, models: _models);
        Assert.Equal((JobState.Succeeded, 0), await EndAsync(cluster, job));
        never.SetResult();
        await killed.DisposeAsync();
        Assert.Equal(await FilesOfWholeAsync(cluster), await FilesAsync(job, 2));
    }

    [Fact]
    public async Task Without_its_parts_a_job_is_not_retried()
    {
        await PutImagesAsync(Damaged);
        await using JobCluster cluster = await JobCluster.StartAsync(_blobs, silos: 1, models: _models);
        SubmitReceipt job = await cluster.SubmitAsync(Specification(cluster, "gone") with { KeepPartsSeconds = 0 });
        await EndAsync(cluster, job);
        JobStateException refused = await Assert.ThrowsAsync<JobStateException>(() => RetryAsync(cluster, job));
        Assert.Contains("its parts were deleted", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--keep-parts", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_ended_long_ago_is_listed_no_more_and_is_taken_in_again_from_its_folder()
    {
        await PutImagesAsync([]);
        await using JobCluster cluster = await JobCluster.StartAsync(_blobs, silos: 1, models: _models, retention: new RetentionOptions { State = TimeSpan.FromSeconds(10) });
        IJobIndexGrain index = cluster.Grains.GetGrain<IJobIndexGrain>(0);
        SubmitReceipt job = await cluster.SubmitAsync(Specification(cluster, "old") with { KeepPartsSeconds = 0 });
        for (long start = TimeProvider.System.GetTimestamp(); !await IsForgottenAsync(); await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System))
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(90));
        await Assert.ThrowsAsync<JobNotFoundException>(() => index.Resolve("old", None));
        Assert.Equal(1, (await JobResults.OpenAsync(_blobs.Open(job.Output))).Manifest.Generation);
        Assert.Equal(job.Job, (await index.Recover(new JobRecovery { Output = job.Output }, None)).Job);
        // It is listed as long again.
        IJobIndexCoordinatorGrain coordinator = cluster.Grains.GetGrain<IJobIndexCoordinatorGrain>(0);
        await coordinator.WakeAll();
        await coordinator.TidySome();
        Assert.Equal(job.Job, Assert.Single((await index.List(new JobFilter(), None)).Jobs).Job);

        async Task<bool> IsForgottenAsync() => await _blobs.Open(job.Output).FindAsync("end.json", None) is not null && (await index.List(new JobFilter(), None)).Jobs.Count == 0;
    }

    [Fact]
    public async Task Deleting_outputs_deletes_what_the_job_wrote_and_nothing_else()
    {
        await PutImagesAsync(Damaged);
        await using JobCluster cluster = await JobCluster.StartAsync(_blobs, silos: 1, models: _models);
        SubmitReceipt job = await cluster.SubmitAsync(Specification(cluster, "deleted"));
        await EndAsync(cluster, job);
        await PutImagesAsync([]);
        await RetryAsync(cluster, job);
        await EndAsync(cluster, job);
        IBlobStore folder = _blobs.Open(job.Output);
        foreach (string mine in (string[])["notes.txt", "result/notes.txt", "result-2/notes.txt"]) await folder.WriteAsync(mine, new byte[1], WriteCondition.Absent, "user", None);
        await cluster.Grains.GetGrain<IJobIndexGrain>(0).Delete(job.Job, withOutput: true, None);
        List<string> left = [];
        await foreach (BlobPage page in folder.ListAsync("", null, 1000, None)) left.AddRange(page.Blobs.Select(blob => blob.Name));
        Assert.Equal(["notes.txt", "result-2/notes.txt", "result/notes.txt"], left);
        await Assert.ThrowsAsync<JobNotFoundException>(() => cluster.Grains.GetGrain<IJobIndexGrain>(0).Resolve("deleted", None));
    }

    private static Task<JobStatus> RetryAsync(JobCluster cluster, SubmitReceipt job, bool onlyFailed = false) => cluster.Grains.GetGrain<IJobIndexGrain>(0).Retry(job.Job, onlyFailed, None);

    private static async Task<(JobState State, int Failed)> EndAsync(JobCluster cluster, SubmitReceipt job)
    {
        JobStatus end = await cluster.WaitForEndAsync(job);
        Assert.Equal(Images, end.Images.Done + end.Images.Failed);
        return (end.State, (int)end.Images.Failed);
    }

    private static string Name(int image) => string.Create(CultureInfo.InvariantCulture, $"{image:D3}.bmp");

    private JobSpecification Specification(JobCluster cluster, string name) =>
        cluster.Specification() with { Name = name, Thumbnails = true, Png = true, Annotations = Path.Combine(Path.GetDirectoryName(_blobs.Model)!, "truth.json") };

    /// <summary>Puts the images, some of them cut off; those that are there as they should be stay.</summary>
    private async Task PutImagesAsync(IReadOnlyCollection<int> damaged)
    {
        var random = new Random(7);
        List<string> images = [], annotations = [];
        for (int i = 0; i < Images; i++)
        {
            int width = FirstWidth + i, height = 36;
            byte[] pixels = new byte[width * height * 3];
            random.NextBytes(pixels);
            byte[] file = BmpFile.Of(new RgbImage(width, height, pixels));
            if (_damaged?.Contains(i) != damaged.Contains(i)) await _blobs.Open("/blobs/images").WriteAsync(Name(i), damaged.Contains(i) ? file.AsMemory(0, 60) : file, WriteCondition.None, Guid.NewGuid().ToString("N"), None);
            images.Add($$"""{"id":{{100 + i}},"file_name":"{{Name(i)}}","width":{{width}},"height":{{height}}}""");
            annotations.Add($$"""{"id":{{1 + i}},"image_id":{{100 + i}},"category_id":1,"bbox":[4,4,20,20],"area":400,"iscrowd":0,"segmentation":[[4,4,24,4,24,24,4,24]]}""");
        }
        _damaged = damaged;
        await File.WriteAllTextAsync(
            Path.Combine(Path.GetDirectoryName(_blobs.Model)!, "truth.json"),
            $$"""{"images":[{{string.Join(',', images)}}],"annotations":[{{string.Join(',', annotations)}}],"categories":[{"id":1,"name":"thing"}]}""");
    }

    /// <summary>The files of a job that does the images as they are now from the beginning.</summary>
    private async Task<Dictionary<string, string>> FilesOfWholeAsync(JobCluster cluster)
    {
        SubmitReceipt whole = await cluster.SubmitAsync(Specification(cluster, "whole"));
        Assert.Equal((JobState.Succeeded, 0), await EndAsync(cluster, whole));
        return await FilesAsync(whole, 1);
    }

    /// <summary>The files of a generation's result that must be the same in every run.</summary>
    private async Task<Dictionary<string, string>> FilesAsync(SubmitReceipt job, int generation)
    {
        string folder = generation == 1 ? "result/" : string.Create(CultureInfo.InvariantCulture, $"result-{generation}/");
        var files = new Dictionary<string, string>();
        foreach (string name in (string[])["masks.tar", "detections.json", "report.json", "errors.jsonl"])
            files[name] = Convert.ToBase64String((await _blobs.Open(job.Output).ReadAsync(folder + name, null, None)).Data);
        return files;
    }
}
