using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Tests.Proxy;

namespace MaskRcnn.Chaos.Places;

/// <summary>The emulator of Azure Blob Storage behind a proxy that cuts connections and gives other answers.</summary>
internal sealed class AzuritePlace : IJobPlace
{
    private const double Rate = .25;

    private readonly AzuriteContainer _blobs;
    private readonly FaultProxy _proxy;

    private AzuritePlace(AzuriteContainer blobs) => (_blobs, _proxy) = (blobs, FaultProxy.Start(new Uri(blobs.Uri("in"))));

    public string Images => _proxy.Through(_blobs.Uri("in/images/"));

    public string Model => _proxy.Through(_blobs.Uri("in/model.safetensors"));

    public string Output => _proxy.Through(_blobs.Uri("out"));

    public static async Task<AzuritePlace> CreateAsync(ChaosCollection collection)
    {
        AzuriteContainer blobs = await AzuriteContainer.CreateAsync();
        await blobs.UploadFolderAsync("in/images", collection.Images);
        await blobs.UploadAsync("in/model.safetensors", collection.Model);
        return new AzuritePlace(blobs);
    }

    public IBlobStore Open(string job) => BlobStores.Open(_blobs.Uri($"out/{job}"));

    public Task TakeAwayAsync(TimeSpan time)
    {
        _proxy.CutOff(time);
        return Task.Delay(time, TimeProvider.System, CancellationToken.None);
    }

    public Func<TimeSpan, Task> Disturb(int seed) => async time =>
    {
        _proxy.Plan = new ProxyPlan(seed, Rate, ProxyFault.Error, ProxyFault.ErrorAfter, ProxyFault.Busy, ProxyFault.Conflict, ProxyFault.ConditionFailed, ProxyFault.AnswerLost, ProxyFault.RequestLost);
        await Task.Delay(time, TimeProvider.System, CancellationToken.None);
        _proxy.Plan = null;
    };

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _blobs.DisposeAsync();
    }
}
