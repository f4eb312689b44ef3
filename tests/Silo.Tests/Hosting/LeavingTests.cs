using MaskRcnn.Silo.Hosting;
using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MaskRcnn.Silo.Tests.Hosting;

public sealed class LeavingTests : IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("maskrcnn-leaving");

    public void Dispose() => _state.Delete(recursive: true);

    /// <summary>
    /// The fault harness found a coordinator that left for 30 s, in which all jobs stood still: it took its grains out of a directory some of which was at workers that had died a moment before.
    /// The hang itself depends on where grains are registered, so that it is not made again here.
    /// </summary>
    [Fact]
    public void A_silo_that_leaves_does_not_wait_for_others_until_its_jobs_have_stood_still_for_30_seconds()
    {
        using IHost host = SiloHost.Build(new SiloSettings { Storage = new StorageSettings { State = _state.FullName } });
        TimeSpan grains = host.Services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value.DeactivationTimeout;
        TimeSpan answers = host.Services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value.SystemResponseTimeout;
        // What a job's recovery takes beside it: a death is noticed, and the grains begin elsewhere.
        Assert.InRange(grains + answers, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
    }
}
