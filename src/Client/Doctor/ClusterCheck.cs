using System.Globalization;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Silo.Doctor;
using MaskRcnn.Transport;

namespace MaskRcnn.Client.Doctor;

/// <summary>Whether a cluster answers, and has workers.</summary>
internal static class ClusterCheck
{
    private const string Name = "cluster";

    public static async Task<Finding> RunAsync(string cluster, TlsFiles? tls, ConnectToCluster connect, CancellationToken cancellation)
    {
        try
        {
            await using MaskRcnnClient client = await connect(cluster, tls, _ => { }, cancellation);
            IReadOnlyList<WorkerReport> workers = await client.ListWorkersAsync(cancellation);
            return workers.Count > 0
                ? new Finding(Name, Verdict.Ok, string.Create(CultureInfo.InvariantCulture, $"{cluster} answers, and has {workers.Count} {(workers.Count == 1 ? "worker" : "workers")}."))
                : new Finding(Name, Verdict.Warning, $"{cluster} answers, and has no worker.", "Start a silo with the role 'worker'; if there is one, look at its log and its /health/ready.");
        }
        catch (Exception exception) when (exception is ClusterUnavailableException or TlsFilesException or TimeoutException or ArgumentException or OrleansException or IOException)
        {
            return new Finding(Name, Verdict.Failed, $"{cluster}: {exception.Message}", "Are there coordinators, do they listen there ('ss -ltn'), and do the cluster's id and the certificates fit?");
        }
    }
}
