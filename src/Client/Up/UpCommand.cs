using System.CommandLine;
using MaskRcnn.Client.CommandLine;

namespace MaskRcnn.Client.Up;

/// <summary><c>maskrcnn up</c>: a cluster on this machine, with no services.</summary>
internal static class UpCommand
{
    /// <summary>Workers give their shards back, then the coordinator ends. To be stopped so is success: the exit code is 0.</summary>
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        Option<long?> workers = NumberOption.Whole("--workers", "Worker processes; on a machine with GPUs one a GPU, else one. [default: one a device]", 1, 256);
        var data = new Option<string?>("--data") { Description = "The folder of the cluster's state; a later 'up' on it goes on with its jobs. [default: below the user's state folder]", HelpName = "DIR" };
        var inProcess = new Option<bool>("--in-process") { Description = "Coordinator and worker in this one process." };
        Option<long?> threads = NumberOption.Whole("--threads", "Threads that compute, of each worker. [default: the cores, shared among the workers]", 1, 1024);
        Option<double?> lease = NumberOption.Real("--lease-seconds", "How long a lease lives without a sign of life. [default: 15]", 1, 3600);
        Option<double?> renew = NumberOption.Real("--renew-seconds", "How often a lease is renewed. [default: 5]", 0.1, 1200);
        var command = new Command("up", "Run a cluster on this machine, until Ctrl-C: a coordinator, and a worker process a device.");
        foreach (Option option in (Option[])[workers, data, inProcess, threads, lease, renew]) command.Add(option);
        return command.Does("maskrcnn up --workers 2 --data cluster", (arguments, console, cancellation) =>
        {
            var options = new UpOptions
            {
                Workers = (int?)arguments.GetValue(workers),
                Data = Path.GetFullPath(arguments.GetValue(data) ?? UpOptions.DefaultData()),
                InProcess = arguments.GetValue(inProcess),
                Threads = (int?)arguments.GetValue(threads),
                LeaseSeconds = arguments.GetValue(lease) ?? 15,
                RenewSeconds = arguments.GetValue(renew) ?? 5,
            };
            if (options.RenewSeconds > options.LeaseSeconds / 2)
                throw CommandException.Usage(FormattableString.Invariant($"--renew-seconds is {options.RenewSeconds}; expected at most half of --lease-seconds, {options.LeaseSeconds}."));
            new LocalCluster(options, console.Error.WriteLine).Run((cluster, devices) => ClusterAnnouncement.Write(console, options, cluster, devices), cancellation);
            console.Error.WriteLine("stopped; 'maskrcnn up' on the same folder goes on with its jobs.");
            return ExitCode.Ok;
        }, TimeToStop);
    }
}
