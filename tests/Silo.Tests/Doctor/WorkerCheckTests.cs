using MaskRcnn.Silo.Doctor;

namespace MaskRcnn.Silo.Tests.Doctor;

/// <summary>Device, cache and model.</summary>
public sealed class WorkerCheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_CPU_is_there() => Assert.Equal(Verdict.Ok, DeviceCheck.Run("cpu", avx512: false, avx2: true).Verdict);

    [Fact]
    public void An_old_CPU_is_a_warning() => Assert.Equal(Verdict.Warning, DeviceCheck.Run("cpu", avx512: false, avx2: false).Verdict);

    [Fact]
    public void A_GPU_that_cannot_be_had_fails()
    {
        Finding found = DeviceCheck.Run("cuda:97");
        Assert.Equal(Verdict.Failed, found.Verdict);
        Assert.Contains("cuda:97", found.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_is_written_to_and_nothing_stays()
    {
        Assert.NotEqual(Verdict.Failed, CacheCheck.Run(In("a/b")).Verdict);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void A_cache_below_a_file_or_in_the_kernels_folder_fails()
    {
        File.WriteAllText(In("file"), "");
        Assert.Equal(Verdict.Failed, CacheCheck.Run("/proc/self/models").Verdict);
        Assert.Equal(Verdict.Failed, CacheCheck.Run(In("file/cache")).Verdict);
    }

    [Fact]
    public void A_model_that_is_missing_or_none_fails_and_the_programs_own_may_be_missing()
    {
        File.WriteAllText(In("text.safetensors"), "this is a text");
        Assert.Equal(Verdict.Failed, ModelCheck.Run(In("nothing.safetensors"), "cpu").Verdict);
        Finding found = ModelCheck.Run(In("text.safetensors"), "cpu");
        Assert.Equal(Verdict.Failed, found.Verdict);
        Assert.Contains("model inspect", found.Advice, StringComparison.Ordinal);
        Assert.Equal(Verdict.Warning, ModelCheck.Run(null, "cpu").Verdict);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
