using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Results;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job watch</c>.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan BetweenTicks = TimeSpan.FromSeconds(1);

    public static Command Create(ConnectToCluster connect)
    {
        Argument<string> job = ClusterCommand.Job();
        var lines = new Option<bool>("--jsonl") { Description = "Print one JSON document a line, for every change." };
        var command = new Command("watch", "Follow a job to its end. Exits with 0 when it succeeded, 3 when it was cancelled, else 5.") { job, lines };
        return command.DoesOnCluster(
            connect, "maskrcnn job watch photos",
            async (arguments, output, client, cancellation) =>
            {
                JobHandle handle = await client.GetJobAsync(arguments.GetRequiredValue(job), cancellation);
                return arguments.GetValue(lines) ? await StreamAsync(handle, output, cancellation) : await FollowAsync(handle, client, output, cancellation);
            },
            arguments =>
            {
                if (arguments.GetValue(lines) && arguments.GetValue<bool>("--json")) throw CommandException.Usage("--json prints one document at the end, --jsonl one for every change; expected one of them.");
            });
    }

    /// <summary>Shows the job's progress on stderr until it ends, then prints its status.</summary>
    public static async Task<int> FollowAsync(JobHandle job, MaskRcnnClient client, CommandOutput output, CancellationToken cancellation)
    {
        var line = new StatusLine(output.Error, client.Options.TimeProvider);
        JobStatus last;
        try
        {
            // A program that reads one document has no use for lines; a person at a terminal has.
            bool silent = output.Json && !StatusLine.IsTerminal(output.Error);
            last = await ToEndAsync(job, client.Options.TimeProvider, silent ? null : line, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            line.Clear();
            SayItGoesOn(job, output);
            throw;
        }
        finally
        {
            line.Clear();
        }
        StatusCommand.Write(last, output);
        if (!output.Json && last.IsWritingResult) output.Out.WriteLine("Result   what is finished is being written; 'maskrcnn job results' has it then");
        else if (!output.Json && last.State is (JobState.Succeeded or JobState.CompletedWithErrors)) output.Out.WriteLine($"Result   {PlainText.WithoutControls(BlobUri.Join(last.Output, JobResults.Folder(last.Generation).TrimEnd('/')))}");
        return Code(last.State);
    }

    private static async Task<int> StreamAsync(JobHandle job, CommandOutput output, CancellationToken cancellation)
    {
        JobStatus? last = null;
        try
        {
            await foreach (JobStatus status in job.WatchAsync(cancellation))
            {
                output.WriteJson(json => JobJson.Write(json, status));
                last = status;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            SayItGoesOn(job, output);
            throw;
        }
        return Code(last!.State);
    }

    /// <summary>The line is kept up while there is no answer, so that it says since when.</summary>
    private static async Task<JobStatus> ToEndAsync(JobHandle job, TimeProvider time, StatusLine? line, CancellationToken cancellation)
    {
        JobStatus? last = null;
        await using IAsyncEnumerator<JobStatus> statuses = job.PollAsync(cancellation).GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            Task<bool> next = statuses.MoveNextAsync().AsTask();
            while (await Task.WhenAny(next, Task.Delay(BetweenTicks, time, cancellation)) != next && !cancellation.IsCancellationRequested)
            {
                if (last is not null) line?.Show(JobText.Progress(last, time.GetUtcNow()));
            }
            if (!await next) return last!;
            line?.Show(JobText.Progress(statuses.Current, time.GetUtcNow()), important: last?.State != statuses.Current.State);
            last = statuses.Current;
        }
    }

    private static int Code(JobState state) => state switch
    {
        JobState.Succeeded => ExitCode.Ok,
        JobState.Cancelled => ExitCode.Cancelled,
        _ => ExitCode.Partial,
    };

    private static void SayItGoesOn(JobHandle job, CommandOutput output) =>
        output.Error.WriteLine($"Job {DescriptionText.Title(job.Name, job.Id)} goes on; 'maskrcnn job cancel' would end it.");
}
