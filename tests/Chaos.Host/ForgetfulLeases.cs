using MaskRcnn.Grains.State;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace MaskRcnn.Chaos.Host;

/// <summary>Grain state as the product's, but for partitions, which lose theirs with their activation.</summary>
internal sealed class ForgetfulLeases(IGrainStorage inner) : IGrainStorage
{
    private const string Partition = "partition";

    /// <summary>Puts it in place of the product's.</summary>
    public static void Replace(IServiceCollection services)
    {
        ServiceDescriptor product = services.Last(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, GrainState.Provider));
        services.AddKeyedSingleton<IGrainStorage>(GrainState.Provider, (provider, key) => new ForgetfulLeases((IGrainStorage)product.KeyedImplementationFactory!(provider, key)));
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (stateName != Partition) return inner.ReadStateAsync(stateName, grainId, grainState);
        (grainState.State, grainState.RecordExists, grainState.ETag) = (Activator.CreateInstance<T>(), false, null);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        stateName == Partition ? Task.CompletedTask : inner.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        stateName == Partition ? Task.CompletedTask : inner.ClearStateAsync(stateName, grainId, grainState);
}
