using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;
using Orleans.Metadata;

namespace MaskRcnn.Grains.Placement;

/// <summary>The grain lives only on silos that have a role.</summary>
/// <param name="role">See <see cref="SiloRoles"/>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequireSiloRoleAttribute(string role) : PlacementFilterAttribute(new RequireSiloRoleStrategy(role));

/// <summary>What a silo may be for. A silo may have both.</summary>
public static class SiloRoles
{
    /// <summary>It holds jobs, partitions and what else coordinates.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>It holds workers.</summary>
    public const string Worker = "worker";
}

/// <summary>See <see cref="RequireSiloRoleAttribute"/>.</summary>
/// <remarks>Orleans' own metadata filter compares a candidate with the silo that places, which is not what is wanted here.</remarks>
public sealed class RequireSiloRoleStrategy(string role) : PlacementFilterStrategy(order: 0)
{
    private const string Property = "required-silo-role";

    /// <summary>For Orleans, which then calls <see cref="AdditionalInitialize"/>.</summary>
    public RequireSiloRoleStrategy() : this("")
    {
    }

    /// <summary>The role.</summary>
    public string Role { get; private set; } = role;

    /// <inheritdoc/>
    public override void AdditionalInitialize(GrainProperties properties) => Role = GetPlacementFilterGrainProperty(Property, properties)!;

    /// <inheritdoc/>
    protected override IEnumerable<KeyValuePair<string, string>> GetAdditionalGrainProperties(
        IServiceProvider services, Type grainClass, GrainType grainType, IReadOnlyDictionary<string, string> existingProperties) => [new(Property, Role)];
}

/// <summary>See <see cref="RequireSiloRoleAttribute"/>.</summary>
internal sealed class RequireSiloRoleDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        string role = ((RequireSiloRoleStrategy)filterStrategy).Role;
        return silos.Where(silo => metadata.GetSiloMetadata(silo).Metadata.ContainsKey(role));
    }
}
