using System.Globalization;
using MaskRcnn.Detection.Prediction;

namespace MaskRcnn.Grains.Workers;

/// <summary>
/// Looks every second whether an image is over its time budget. Native code cannot be interrupted, so its worker's process
/// ends; that is a suspicion against the shard, as any death is.
/// </summary>
internal static class ImageWatch
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Watches until it is stopped.</summary>
    public static void Run(Func<IReadOnlyList<InFlightImage>> inFlight, IProcessEnd process, CancellationToken stop)
    {
        while (!stop.WaitHandle.WaitOne(Period))
        {
            foreach (InFlightImage image in inFlight())
            {
                double budget = ((ImagePlace)image.Tag!).Shard.Job.Document.Specification.ImageSeconds;
                if (image.Age.TotalSeconds > budget)
                    process.Now(ProcessEnd.Fault, string.Create(CultureInfo.InvariantCulture, $"image {image.Name} has taken {image.Age.TotalSeconds:F0} s; expected at most {budget} s (--image-seconds)"));
            }
        }
    }
}
