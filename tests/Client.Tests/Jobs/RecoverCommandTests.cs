using System.Text.Json;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Tests.Jobs;

public sealed class RecoverCommandTests
{
    [Fact]
    public void A_jobs_folder_and_what_opens_its_blobs_are_given_to_the_cluster()
    {
        var cluster = new FakeCluster();
        const string Account = "https://account.blob.core.windows.net", Folder = Account + "/out/job?sig=o", Images = Account + "/in/list.txt?sig=i", Root = Account + "/in?sig=r";
        JsonElement status = JobRun.Of(cluster, "job", "recover", Folder, "--images", Images, "--images-root", Root, "--json").Exits(0).Json;
        Assert.Equal(new JobRecovery { Output = Folder, Images = Images, ImagesRoot = Root }, cluster.Recovered);
        Assert.Equal(FakeCluster.Job, status.GetProperty("job").GetString());
    }

    [Fact]
    public void A_local_folder_must_be_there() => Assert.Contains("does not exist", JobRun.Of(new FakeCluster(), "job", "recover", "/no/such/folder").Exits(1).Error, StringComparison.Ordinal);
}
