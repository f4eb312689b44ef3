using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Results;
using MaskRcnn.Grains.State;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Placement;
using Orleans.Runtime.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Serialization;

namespace MaskRcnn.Grains;

/// <summary>Adds the grains to a silo.</summary>
public static class SiloBuilderExtensions
{
    /// <summary>Adds everything that the grains need.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="roles">What it is for: <see cref="SiloRoles"/>.</param>
    /// <param name="options">What the grains are built with.</param>
    public static ISiloBuilder AddMaskRcnn(this ISiloBuilder silo, IReadOnlyList<string> roles, GrainsOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(roles);
        ArgumentNullException.ThrowIfNull(options);
        IServiceCollection services = silo.Services;
        // Whatever goes wrong in a grain is told to its caller by its own message.
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add(nameof(MaskRcnn)));
        silo.UseSiloMetadata(roles.ToDictionary(role => role, _ => "yes"));
        services.AddPlacementFilter<RequireSiloRoleStrategy, RequireSiloRoleDirector>(ServiceLifetime.Transient);
        silo.AddPlacementDirector<PinnedSiloPlacement, PinnedSiloDirector>();
        if (options.AddGrainState is { } addGrainState) addGrainState(silo);
        else services.AddGrainStorage(GrainState.Provider, (provider, _) => new BlobGrainStorage(options.State, provider.GetRequiredService<Serializer>()));
        services.TryAddSingleton(TimeProvider.System);
        if (options.Scheduling.Problems() is { Count: > 0 } wrong) throw new ArgumentException(string.Join(" ", wrong), nameof(options));
        if (options.Limits.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        var stores = new Stores(options.OpenStore, new StorageRoots(options.Roots), options.Limits);
        services.AddSingleton(options.State);
        services.AddSingleton(stores);
        services.AddSingleton(options.Leases);
        services.AddSingleton(options.Scheduling);
        services.AddSingleton(options.Workers);
        services.AddSingleton(options.Retention);
        services.AddSingleton(provider => new JobDirectory(options.State, stores, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new ModelFiles(stores, options.Workers.Cache));
        services.AddSingleton(provider => new Submission(options.State, stores, provider.GetRequiredService<ModelFiles>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Recovery(options.State, stores, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ReductionRunner>();
        services.AddSingleton<WorkerServices>();
        services.AddSingleton<LocalWorkers>();
        services.TryAddSingleton<IModelLoader, DetectorLoader>();
        services.TryAddSingleton<IProcessEnd, ProcessEnd>();
        if (roles.Contains(SiloRoles.Coordinator)) services.AddHostedService<CoordinatorService>();
        if (roles.Contains(SiloRoles.Worker)) services.AddHostedService<WorkerService>();
        return silo;
    }
}
