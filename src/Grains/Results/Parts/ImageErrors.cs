using System.Text.RegularExpressions;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>
/// Makes errors of exceptions. What they say is a function of the image and the job's parameters alone, so that two runs
/// give the same <c>errors.jsonl</c>: no ETags, hosts, times or paths of a machine.
/// </summary>
public static partial class ImageErrors
{
    /// <summary>The longest detail, in characters.</summary>
    private const int MostDetail = 500;

    /// <summary>The error of an image.</summary>
    /// <param name="exception">What reading, decoding or the model threw.</param>
    /// <param name="image">The image.</param>
    /// <param name="shard">Its shard; the error names the planned one.</param>
    /// <exception cref="ArgumentException">The work was cancelled, which says nothing of the image.</exception>
    public static ImageError Of(Exception exception, ListedImage image, ShardRange shard)
    {
        ArgumentNullException.ThrowIfNull(exception);
        (string cause, string detail) = exception switch
        {
            AggregateException { InnerExceptions: [Exception only] } => Parts(Of(only, image, shard)),
            OperationCanceledException => throw new ArgumentException("A cancelled image is not an error; expected what went wrong with it.", nameof(exception), exception),
            ImageFormatException format => (CauseOf(format.Problem), Line(format.Reason)),
            LimitException limit => (ImageErrorCauses.TooManyBytes, limit.Message),
            ImageNotFoundException => (ImageErrorCauses.NotFound, "the collection names it, and there was no file when it was listed; expected one. Put it there, or take its name out."),
            BlobNotFoundException or FileNotFoundException or DirectoryNotFoundException => (ImageErrorCauses.Vanished, "it was listed, and is not there any more; expected it to stay until the job has ended."),
            BlobChangedException => (ImageErrorCauses.Changed, "it was listed, and is another version now; expected it to stay as it was until the job has ended."),
            IOException or UnauthorizedAccessException or TimeoutException or HttpRequestException =>
                (ImageErrorCauses.Unreadable, "its store could not deliver it, also after trying again; expected to read it. Check the store and the worker's rights."),
            _ when IsOutOfMemory(exception) => (ImageErrorCauses.OutOfMemory, "it does not fit the device's memory, even alone. Make it smaller, cut it into tiles, or take a larger device."),
            _ => (ImageErrorCauses.ModelError, Line(exception.Message)),
        };
        return New(image, shard, cause, detail);
    }

    private static bool IsOutOfMemory(Exception exception)
    {
        // libtorch's memory errors are known by their text alone: "CUDA out of memory. …", "… can't allocate memory: …".
        return exception is OutOfDeviceMemoryException or OutOfMemoryException
            || exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || exception.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
            || exception.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The error of an image for which the model gave a number that JSON has no word for.</summary>
    internal static ImageError NotFinite(ListedImage image, ShardRange shard) =>
        New(image, shard, ImageErrorCauses.ModelError, "the model gave a box, score or keypoint that is not a finite number; expected finite numbers. Check the weights.");

    private static ImageError New(ListedImage image, ShardRange shard, string cause, string detail) =>
        new(image.Name, JobLayout.ShardId(shard.Planned), cause, detail);

    private static (string Cause, string Detail) Parts(ImageError error) => (error.Cause, error.Detail);

    private static string CauseOf(ImageProblem problem) => problem switch
    {
        ImageProblem.Empty => ImageErrorCauses.Empty,
        ImageProblem.UnknownFormat => ImageErrorCauses.UnknownFormat,
        ImageProblem.TooManyPixels => ImageErrorCauses.TooManyPixels,
        ImageProblem.Unsupported => ImageErrorCauses.Unsupported,
        _ => ImageErrorCauses.Damaged,
    };

    /// <summary>The first line, without what differs between machines and runs.</summary>
    private static string Line(string message)
    {
        string line = message.AsSpan().Trim().ToString().Split('\n', 2)[0].TrimEnd();
        line = MachinePath().Replace(line, "…");
        line = Address().Replace(line, "0x…");
        return line.Length <= MostDetail ? line : line[..(char.IsHighSurrogate(line[MostDetail - 1]) ? MostDetail - 1 : MostDetail)] + "…";
    }

    [GeneratedRegex(@"(?<![\w./\\])(?:/[\w.+\-]+){2,}|\b[A-Za-z]:\\[^\s'""]+", RegexOptions.CultureInvariant)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b0x[0-9a-fA-F]{5,}", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
