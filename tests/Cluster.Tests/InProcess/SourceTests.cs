using System.Formats.Tar;
using System.Text;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>Jobs over files that name or hold the images give what the job over their folder gives.</summary>
public sealed class SourceTests(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("manifest")]
    [InlineData("coco")]
    [InlineData("tar")]
    public async Task A_job_gives_the_same_result_whatever_names_or_holds_its_images(string kind)
    {
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1);
        JobSpecification specification = cluster.Specification() with { Name = kind, Images = await PutAsync(kind), ImagesRoot = kind == "tar" ? null : "/blobs/images" };
        DryRunReport report = await DryRunAsync(cluster, specification);
        Assert.Equal((0, 0L, 0L), (report.Problems.Count, report.NotFound.Count, report.Duplicates.Count));
        SubmitReceipt job = await cluster.SubmitAsync(specification);
        JobStatus status = await cluster.WaitForEndAsync(job);
        Assert.Equal(JobState.Succeeded, status.State);
        Assert.Equal(report.Images, status.Images.Total);
        Assert.Equal(undisturbed.Result, await undisturbed.Blobs.ResultAsync(job));
    }

    [Fact]
    public async Task What_a_manifest_names_in_vain_is_counted_by_a_dry_run_and_fails_alone()
    {
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1);
        string[] names = [.. await NamesAsync()];
        await WriteAsync("vain.txt", Encoding.UTF8.GetBytes(string.Join('\n', [.. names, "gone/1.png", "gone/2.png", names[0]])));
        JobSpecification specification = cluster.Specification() with { Name = "vain", Images = "/blobs/names/vain.txt", ImagesRoot = "/blobs/images" };
        DryRunReport report = await DryRunAsync(cluster, specification);
        Assert.Equal((names.Length + 2L, "gone/1.png,gone/2.png", names[0]), (report.Images, string.Join(',', report.NotFound.Names), string.Join(',', report.Duplicates.Names)));
        SubmitReceipt job = await cluster.SubmitAsync(specification);
        JobStatus status = await cluster.WaitForEndAsync(job);
        Assert.Equal((JobState.CompletedWithErrors, names.Length, 2), (status.State, (int)status.Images.Done, (int)status.Images.Failed));
        string errors = Encoding.UTF8.GetString((await undisturbed.Blobs.Open(job.Output).ReadAsync("result/errors.jsonl", null, None)).Data);
        Assert.Equal(2, errors.Split("\"cause\":\"not-found\"").Length - 1);
    }

    [Fact]
    public async Task A_job_over_a_file_that_leads_out_fails_with_the_line()
    {
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1);
        await WriteAsync("out.txt", "a.png\n../b.png"u8.ToArray());
        JobSpecification specification = cluster.Specification() with { Name = "out", Images = "/blobs/names/out.txt" };
        Assert.Contains("line 2 names '../b.png'", Assert.Single((await DryRunAsync(cluster, specification)).Problems), StringComparison.Ordinal);
        JobStatus status = await cluster.WaitForEndAsync(await cluster.SubmitAsync(specification));
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains("line 2 names '../b.png'", status.Reason, StringComparison.Ordinal);
    }

    private static async Task<DryRunReport> DryRunAsync(JobCluster cluster, JobSpecification specification)
    {
        IDryRunGrain grain = cluster.Grains.GetGrain<IDryRunGrain>(Guid.NewGuid());
        while (true)
        {
            DryRunReport report = await grain.Poll(specification with { Name = null }, None);
            if (report.Done) return report;
        }
    }

    private async Task<List<string>> NamesAsync()
    {
        List<string> names = [];
        await foreach (BlobPage page in undisturbed.Blobs.Open("/blobs/images").ListAsync("", null, 1000, None)) names.AddRange(page.Blobs.Select(blob => blob.Name));
        return names;
    }

    /// <summary>Puts what names or holds the images, in another order than theirs.</summary>
    private async Task<string> PutAsync(string kind)
    {
        List<string> ordered = await NamesAsync(), names = [.. ordered];
        new Random(1).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(names));
        switch (kind)
        {
            case "manifest":
                return await WriteAsync("images.txt", Encoding.UTF8.GetBytes(string.Join("\r\n", names)));
            case "coco":
                // Ids that the folder's images have, too: their places.
                return await WriteAsync("images.json", Encoding.UTF8.GetBytes($$"""{"images":[{{string.Join(',', names.Select(name => $$"""{"file_name":"{{name}}","id":{{ordered.IndexOf(name) + 1}}}"""))}}]}"""));
            default:
                var stream = new MemoryStream();
                await using (var writer = new TarWriter(stream, TarEntryFormat.Gnu, leaveOpen: true))
                {
                    foreach (string name in names)
                    {
                        byte[] data = (await undisturbed.Blobs.Open("/blobs/images").ReadAsync(name, null, None)).Data;
                        await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, "./" + name) { DataStream = new MemoryStream(data) });
                    }
                }
                return await WriteAsync("images.tar", stream.ToArray());
        }
    }

    private async Task<string> WriteAsync(string name, byte[] data)
    {
        await undisturbed.Blobs.Open("/blobs/names").WriteAsync(name, data, WriteCondition.None, "test", None);
        return "/blobs/names/" + name;
    }
}
