using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Client.Up;

/// <summary>
/// A coordinator's process and the workers' processes, each started again when it ends. The coordinator keeps the list of
/// members, so without it the workers are of no use: they are started again with it, and the jobs go on from what is stored.
/// </summary>
internal sealed class Supervisor(UpOptions options, SiloSettings coordinator, IReadOnlyList<SiloSettings> workers, Action<string> say)
{
    private static readonly TimeSpan GoodOrder = TimeSpan.FromSeconds(8);

    private readonly BackOff _coordinatorBackOff = new();
    private readonly Slot[] _workers = [.. workers.Select((silo, i) => new Slot(silo, $"worker-{i + 1}"))];
    private bool _announced;

    /// <summary>Runs them until it is told to stop.</summary>
    /// <param name="ready">Called once, when all are ready for the first time.</param>
    /// <param name="stop">Tells to stop.</param>
    public void Run(Action ready, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
        while (!stop.IsCancellationRequested)
        {
            using ChildProcess child = Start("coordinator", coordinator);
            try
            {
                if (Task.WaitAny([child.Ready, child.Exited, stopped.Task], CancellationToken.None) == 0) RunWorkers(child, ready, stopped.Task);
            }
            finally
            {
                // Without a coordinator there is nobody to give a shard back to.
                EndWorkers(inGoodOrder: stop.IsCancellationRequested);
                if (stop.IsCancellationRequested) EndInGoodOrder([child]);
                child.Kill();
            }
            if (stop.IsCancellationRequested) return;
            child.Exited.Wait(CancellationToken.None);
            TimeSpan wait = _coordinatorBackOff.After(Stopwatch.GetElapsedTime(child.Started));
            say($"the coordinator {child.Ending}; it and the workers are started again in {Seconds(wait)}. Its log is in {options.Logs}");
            stop.WaitHandle.WaitOne(wait);
        }
    }

    /// <summary>Keeps the workers running as long as the coordinator runs.</summary>
    private void RunWorkers(ChildProcess child, Action ready, Task stopped)
    {
        while (!child.Exited.IsCompleted && !stopped.IsCompleted)
        {
            foreach (Slot slot in _workers)
            {
                if (slot.Process is { Exited.IsCompleted: true } ended)
                {
                    TimeSpan wait = slot.BackOff.After(Stopwatch.GetElapsedTime(ended.Started));
                    say($"{slot.Name} {ended.Ending}; it is started again in {Seconds(wait)}. Its log is in {options.Logs}");
                    ended.Dispose();
                    slot.Process = null;
                    slot.Wait = Task.Delay(wait, TimeProvider.System);
                }
                if (slot.Process is null && slot.Wait.IsCompleted) slot.Process = Start(slot.Name, slot.Silo);
            }
            if (!_announced && _workers.All(slot => slot.Process is { Ready.IsCompleted: true }))
            {
                _announced = true;
                ready();
            }
            Task.WaitAny([child.Exited, stopped, .. _workers.Select(slot => slot.Process is null ? slot.Wait : _announced ? slot.Process.Exited : Task.WhenAny(slot.Process.Exited, NotReadyYet(slot.Process)))]);
        }
    }

    /// <summary>Becomes done when a process is ready; never for one that was seen to be.</summary>
    private static Task NotReadyYet(ChildProcess process) => process.Ready.IsCompleted ? new TaskCompletionSource().Task : process.Ready;

    private void EndWorkers(bool inGoodOrder)
    {
        ChildProcess[] running = [.. _workers.Select(slot => slot.Process).OfType<ChildProcess>()];
        if (inGoodOrder) EndInGoodOrder(running);
        foreach (ChildProcess process in running) process.Kill();
        Task.WaitAll([.. running.Select(process => process.Exited)], CancellationToken.None);
        foreach (Slot slot in _workers)
        {
            slot.Process?.Dispose();
            slot.Process = null;
            slot.Wait = Task.CompletedTask;
        }
    }

    private static void EndInGoodOrder(IReadOnlyList<ChildProcess> processes)
    {
        foreach (ChildProcess process in processes) process.Terminate();
        Task.WaitAll([.. processes.Select(process => process.Exited)], GoodOrder);
    }

    private ChildProcess Start(string name, SiloSettings silo)
    {
        string log = Path.Combine(options.Logs, name + ".log");
        return new ChildProcess(name, SettingsArguments.Of(silo with { Supervised = true }), log);
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    /// <summary>A worker's place: its process, or the wait before the next one.</summary>
    private sealed class Slot(SiloSettings silo, string name)
    {
        public SiloSettings Silo { get; } = silo;

        public string Name { get; } = name;

        public BackOff BackOff { get; } = new();

        public ChildProcess? Process { get; set; }

        public Task Wait { get; set; } = Task.CompletedTask;
    }
}
