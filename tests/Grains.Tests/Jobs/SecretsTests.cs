using System.Text;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Tests.Results.Parts;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Jobs;

public sealed class SecretsTests
{
    private const string Account = "https://acc.blob.core.windows.net/c";
    private const string Sas = "?sv=2025-01-05&sig=SECRET%2Bsecret%3D";

    private static readonly JobSpecification WithSas = new()
    {
        Name = "n", Images = $"{Account}/images{Sas}1", Model = $"{Account}/m.safetensors{Sas}2", Output = $"{Account}/out/{Sas}3", Annotations = $"{Account}/gt.json{Sas}4",
        ImagesRoot = $"{Account}/root{Sas}5",
    };

    private readonly MemoryBlobStore _state = new();
    private readonly Dictionary<string, MemoryBlobStore> _opened = [];
    private readonly Stores _stores;

    public SecretsTests() => _stores = new Stores(uri => _opened.TryGetValue(uri, out MemoryBlobStore? store) ? store : _opened[uri] = new MemoryBlobStore());

    [Fact]
    public async Task A_SAS_is_written_down_below_the_state_root_and_nowhere_else()
    {
        SubmitReceipt receipt = await SubmitAsync(WithSas);
        Assert.Equal($"{Account}/out/{receipt.Job}?…", receipt.Output);
        // The job's folder was opened with the SAS, which stands behind the whole path.
        (string uri, MemoryBlobStore output) = Assert.Single(_opened);
        Assert.Equal($"{Account}/out/{receipt.Job}{Sas}3", uri);
        string job = await TextAsync(output, JobLayout.Job), name = await TextAsync(_state, JobLayout.JobName("n")), pointer = await TextAsync(_state, JobLayout.JobPointer(receipt.Job));
        Assert.DoesNotContain("SECRET", job, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", name, StringComparison.Ordinal);
        Assert.Equal(5, pointer.Split("SECRET").Length - 1);
        foreach (string shown in (string[])["images?…", "m.safetensors?…", "out/?…", "gt.json?…", "root?…"]) Assert.Contains(shown, job, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cluster_finds_again_what_opens_a_jobs_blobs()
    {
        SubmitReceipt receipt = await SubmitAsync(WithSas);
        JobContext job = await new JobDirectory(_state, _stores, TimeProvider.System).OpenAsync(receipt.Job, TestContext.Current.CancellationToken);
        Assert.Equal(new JobAddresses(WithSas.Images, WithSas.Model, $"{Account}/out/{receipt.Job}{Sas}3", WithSas.Annotations, WithSas.ImagesRoot), job.Addresses);
        Assert.DoesNotContain("SECRET", job.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_without_secrets_is_written_down_as_it_was_asked_for()
    {
        JobSpecification plain = new() { Images = "/data/images", Model = "az://c/m.safetensors", Output = "/data/out" };
        SubmitReceipt receipt = await SubmitAsync(plain);
        Assert.DoesNotContain("addresses", await TextAsync(_state, JobLayout.JobPointer(receipt.Job)), StringComparison.Ordinal);
        JobContext job = await new JobDirectory(_state, _stores, TimeProvider.System).OpenAsync(receipt.Job, TestContext.Current.CancellationToken);
        Assert.Equal(plain, job.Document.Specification);
        Assert.Equal(new JobAddresses("/data/images", "az://c/m.safetensors", $"/data/out/{receipt.Job}", null), job.Addresses);
    }

    [Fact]
    public async Task The_same_job_by_another_SAS_is_the_same_job()
    {
        SubmitReceipt first = await SubmitAsync(WithSas);
        SubmitReceipt again = await SubmitAsync(WithSas with { Output = $"{Account}/out/?sig=renewed", Images = $"{Account}/images?sig=renewed" });
        Assert.Equal((first.Job, true), (again.Job, again.Existed));
        JobConflictException conflict = await Assert.ThrowsAsync<JobConflictException>(() => SubmitAsync(WithSas with { Images = $"{Account}/others{Sas}" }));
        Assert.Contains("others?…", conflict.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", conflict.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_names_no_secret()
    {
        // There is nothing in these stores, and one URI is of a kind that nobody knows.
        JobRejectedException rejected = Assert.Throws<JobRejectedException>(() => Submission().Draft(WithSas, gpu: false, TestContext.Current.CancellationToken));
        Assert.True(rejected.Problems.Count >= 3, rejected.Message);
        JobRejectedException unknown = Assert.Throws<JobRejectedException>(() => Submission().Draft(WithSas with { Images = $"s3://bucket/x{Sas}" }, gpu: false, TestContext.Current.CancellationToken));
        foreach (JobRejectedException refusal in new[] { rejected, unknown }) Assert.DoesNotContain("SECRET", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_crosses_the_wire_and_may_be_logged_tells_no_secret()
    {
        Assert.DoesNotContain("SECRET", WithSas.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", new OutputAddress(WithSas.Output).ToString(), StringComparison.Ordinal);
    }

    private Submission Submission() => new(_state, _stores, new ModelFiles(_stores, "unused"), TimeProvider.System);

    private Task<SubmitReceipt> SubmitAsync(JobSpecification specification)
    {
        JobDocument sample = SampleShard.Job();
        var draft = new JobDraft(sample.Model, sample.ShardSize, new CategoryMatching(sample.Categories, [], []), null, null);
        return Submission().WriteAsync(specification, draft, TestContext.Current.CancellationToken);
    }

    private static async Task<string> TextAsync(MemoryBlobStore store, string name) =>
        Encoding.UTF8.GetString((await store.ReadAsync(name, null, TestContext.Current.CancellationToken)).Data);
}
