// Submits a job, follows it, and prints the images on which the model missed most.
//
//     maskrcnn up &
//     dotnet run --project samples/SubmitAndWatch -- photos model.safetensors results [instances.json]
//
// The cluster is the one of MASKRCNN_CLUSTER, or of your last 'maskrcnn up'. Ctrl-C stops watching; the job goes on.
using MaskRcnn.Client;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Client.Results;
using MaskRcnn.Grains.Jobs;

if (args is not [var images, var model, var output, ..])
{
    Console.Error.WriteLine("Expected: IMAGES MODEL OUTPUT [ANNOTATIONS]");
    return 2;
}

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancellation.Cancel();
};

try
{
    var options = new MaskRcnnClientOptions { OnWaiting = Console.Error.WriteLine };
    await using MaskRcnnClient client = await MaskRcnnClient.ConnectAsync(ClusterAddress.Resolve(), options, cancellation.Token);

    // Paths are the cluster's: absolute, or URIs such as az://container/photos.
    JobHandle job = await client.SubmitAsync(
        new JobSpecification
        {
            Images = Path.GetFullPath(images),
            Model = Path.GetFullPath(model),
            Output = Path.GetFullPath(output),
            Annotations = args.Length > 3 ? Path.GetFullPath(args[3]) : null,
        },
        cancellation.Token);

    JobState end = JobState.Created;
    await foreach (JobStatus status in job.WatchAsync(cancellation.Token))
    {
        Console.WriteLine($"{status.State}: {status.Images.Done} done, {status.Images.Failed} failed, {status.Images.Left} left");
        end = status.State;
    }

    JobResults results = await job.OpenResultsAsync(cancellation.Token);
    Console.WriteLine($"The result is in {results.Location}");
    List<ResultImage> worst = [];
    await foreach (ResultImage image in results.ListImagesAsync(cancellation.Token))
    {
        if (image.Misses > 0) worst.Add(image);
    }
    foreach (ResultImage image in worst.OrderByDescending(image => image.Misses).Take(10))
        Console.WriteLine($"{image.Image}: {image.Misses} missed, {image.Instances} found");
    return end == JobState.Succeeded ? 0 : 1;
}
catch (Exception exception) when (exception is JobException or ClusterUnavailableException or ResultsNotReadyException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
