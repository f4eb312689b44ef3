using System.Runtime.CompilerServices;

namespace MaskRcnn.Client.Exports;

/// <summary>What a format needs of an export: the images, where files go, what is counted.</summary>
internal sealed class ExportRun(ExportSource source, ExportSurvey survey, ExportOutput output, IReadOnlyList<ExportCategory> categories, ExportOptions options)
{
    private const int MostParallel = 16;

    private readonly int _parallel = options.Parallelism > 0 ? options.Parallelism : Math.Min(Environment.ProcessorCount, MostParallel);
    private long _images;

    public ExportSource Source => source;

    public ExportSurvey Survey => survey;

    public ExportOutput Output => output;

    /// <summary>The job's categories, those too whose detections are left out, by ascending id.</summary>
    public IReadOnlyList<ExportCategory> Categories => categories;

    public ExportTally Tally { get; } = new();

    /// <summary>The job, as it is called in what is written.</summary>
    public required string Job { get; init; }

    /// <summary>The images in their order.</summary>
    public async IAsyncEnumerable<ExportImage> ImagesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (ExportImage image in source.ImagesAsync(survey, cancellation).ConfigureAwait(false))
        {
            yield return image;
            Report();
        }
    }

    /// <summary>Does something with each image, several at once; gives what came of it in the images' order.</summary>
    public async IAsyncEnumerable<T> EachAsync<T>(Func<ExportImage, CancellationToken, Task<T>> work, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pending = new Queue<Task<T>>();
        try
        {
            await foreach (ExportImage image in source.ImagesAsync(survey, cancellation).ConfigureAwait(false))
            {
                if (pending.Count == _parallel) yield return await NextAsync().ConfigureAwait(false);
                // A folder writes on the calling thread, and so does the encoder of pictures.
                pending.Enqueue(Task.Run(() => work(image, stop.Token), stop.Token));
            }
            while (pending.Count > 0) yield return await NextAsync().ConfigureAwait(false);
        }
        finally
        {
            // What was begun ends before the caller goes on: nothing of it is written later.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(pending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<T> NextAsync()
        {
            T result = await pending.Peek().ConfigureAwait(false);
            _ = pending.Dequeue();
            Report();
            return result;
        }
    }

    private void Report() => options.Progress?.Report(new ExportProgress(++_images, survey.Images));
}
