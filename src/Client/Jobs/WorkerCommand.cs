using System.CommandLine;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn worker</c>: who does the work.</summary>
internal static class WorkerCommand
{
    public static Command Create(ConnectToCluster connect) => new("worker", "The cluster's workers.")
    {
        new Command("list", "List the workers that were heard of in the last minute.").DoesOnCluster(connect, "maskrcnn worker list", async (_, output, client, cancellation) =>
        {
            IReadOnlyList<WorkerReport> workers = await client.ListWorkersAsync(cancellation);
            if (output.Json) output.WriteJson(json => DescriptionJson.WriteWorkers(json, workers));
            else DescriptionText.WriteWorkers(output, workers, client.Options.TimeProvider.GetUtcNow());
            return 0;
        }),
        WantedCommand.Create(connect),
    };
}
