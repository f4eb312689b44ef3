using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace MaskRcnn.Grains.Placement;

/// <summary>The grain's key begins with a silo's address and a slash: it lives on that silo or not at all.</summary>
[Serializable, GenerateSerializer, Immutable, Alias("maskrcnn.pinned-silo-placement")]
public sealed class PinnedSiloPlacement : PlacementStrategy
{
    /// <summary>The silo of a key.</summary>
    public static SiloAddress SiloOf(string key) => SiloAddress.FromParsableString(key[..key.LastIndexOf('/')]);
}

/// <summary>See <see cref="PinnedSiloPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PinnedSiloPlacementAttribute() : PlacementAttribute(new PinnedSiloPlacement());

/// <summary>See <see cref="PinnedSiloPlacement"/>.</summary>
internal sealed class PinnedSiloDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        string key = target.GrainIdentity.Key.ToString()!;
        SiloAddress wanted = PinnedSiloPlacement.SiloOf(key);
        return context.GetCompatibleSilos(target).FirstOrDefault(silo => silo.Equals(wanted)) is { } silo
            ? Task.FromResult(silo)
            : Task.FromException<SiloAddress>(new SiloUnavailableException($"Worker {key}: its silo is not in the cluster."));
    }
}
