using System.Globalization;
using MaskRcnn.Client.Demo.Page;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Samples.Microscopy;
using MaskRcnn.Samples.Microscopy.Measurement;

namespace MaskRcnn.Client.Demo;

/// <summary>The demo from images to page. What can be done side by side is: the cluster starts while images are made, and ends while overlays are drawn.</summary>
internal sealed class DemoRun(DemoOptions options, DemoFolder folder, DemoProgress progress)
{
    public async Task<DemoReport> RunAsync(CancellationToken cancellation)
    {
        folder.Begin();
        folder.CheckSpace(options.Count);
        DemoReport report;
        try
        {
            report = await RunAsync(new DemoCluster(folder.Cluster, progress.Say), cancellation);
        }
        catch (OperationCanceledException)
        {
            // Its user has stopped it: there is nothing to be looked up in the logs.
            folder.RemoveCluster();
            throw;
        }
        folder.Finish();
        progress.Done("page", folder.Page);
        return report;
    }

    private async Task<DemoReport> RunAsync(DemoCluster cluster, CancellationToken cancellation)
    {
        using (cluster)
        {
            progress.Show("making images, starting the cluster");
            SampleReport samples = folder.Samples.Write(new MicroscopyOptions { Count = options.Count, Seed = options.Seed }, progress, cancellation);
            progress.Done("images", string.Create(CultureInfo.InvariantCulture, $"{samples.Images} made, with {samples.Nuclei:N0} nuclei"));
            progress.Show("starting the cluster");
            IReadOnlyList<string> devices = await cluster.Ready.WaitAsync(cancellation);
            progress.Done("cluster", $"a coordinator and {devices.Count} workers ({string.Join(", ", devices)})");
            (JobStatus status, bool hasMasks) = await DemoJob.RunAsync(cluster.Address, options, folder, progress, cancellation);
            progress.Done("job", string.Create(CultureInfo.InvariantCulture, $"{status.State}: {status.Images.Done} images done, {status.Images.Failed} failed"));
            cluster.Stop();
            progress.Show("evaluating");
            DemoScores scores = DemoScores.Of(folder.Samples.Annotations, Path.Combine(folder.Result, "detections.json"), hasMasks, cancellation);
            IReadOnlyList<DemoImage> images = await new DemoPictures(folder, scores.Images).DrawAsync(new Drawn(progress), cancellation);
            progress.Done("overlays", $"{2 * images.Count} drawn");
            var report = new DemoReport(options, folder, samples, scores, images, status.Images.Failed, devices);
            AtomicFile.Write(folder.Picture, stream => stream.Write(SummaryPicture.Render(report)), cancellation);
            AtomicFile.Write(folder.Page, stream => DemoPage.Write(stream, report), cancellation);
            return report;
        }
    }

    private sealed class Drawn(DemoProgress progress) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => progress.Show($"overlays of {value.Done} of {value.Total} images drawn");
    }
}
