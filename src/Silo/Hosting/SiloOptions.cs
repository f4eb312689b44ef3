using System.Net;
using MaskRcnn.Grains.Placement;

namespace MaskRcnn.Silo.Hosting;

/// <summary>What a silo is for and where it listens.</summary>
public sealed record SiloOptions
{
    /// <summary>See <see cref="SiloRoles"/>; at least one.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Port for the other silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Port for clients; 0 for none.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The silo that keeps the list of members; null: this one.</summary>
    public IPEndPoint? Primary { get; init; }

    /// <summary>The state root.</summary>
    public required string State { get; init; }

    /// <summary>Devices of a worker: <c>cpu</c>, <c>cuda:0</c>; a worker grain each.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Threads that compute; null: the cores.</summary>
    public int? Threads { get; init; }

    /// <summary>A folder for models from blob storage.</summary>
    public required string Cache { get; init; }

    /// <summary>How long a lease lives without being renewed, seconds; default 15.</summary>
    public double LeaseSeconds { get; init; } = 15;

    /// <summary>How often it is renewed, seconds; default 5.</summary>
    public double RenewSeconds { get; init; } = 5;

    /// <summary>Everything that is wrong with the options, a sentence each.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(Roles.Count > 0 && Roles.All(r => r is SiloRoles.Coordinator or SiloRoles.Worker), $"Roles are '{string.Join(", ", Roles)}'; expected {SiloRoles.Coordinator}, {SiloRoles.Worker} or both.");
        Check(SiloPort is > 0 and <= ushort.MaxValue, $"The silo's port is {SiloPort}; expected 1 to 65535.");
        Check(GatewayPort is >= 0 and <= ushort.MaxValue, $"The gateway's port is {GatewayPort}; expected 0 to 65535.");
        Check(!Roles.Contains(SiloRoles.Worker) || Devices.Count > 0, "A worker has no device; expected 'cpu' or 'cuda:N'.");
        Check(Threads is null or >= 1, $"Threads are {Threads}; expected at least 1.");
        Check(RenewSeconds > 0 && LeaseSeconds > RenewSeconds, $"A lease lives {LeaseSeconds} s and is renewed every {RenewSeconds} s; expected it to live longer than that.");
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds) problems.Add(problem);
        }
    }
}
