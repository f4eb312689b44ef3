using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary>A job's status for people.</summary>
internal static class JobText
{
    /// <summary>A block with everything.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="status">The status.</param>
    /// <param name="pricePerHour">What an hour of a device costs; null: the cost is not shown.</param>
    public static void Write(TextWriter output, JobStatus status, double? pricePerHour = null)
    {
        Line("Job", DescriptionText.Title(status.Name, status.Job));
        Line("State", status.State.ToString() + (status.Generation == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", generation {status.Generation}")));
        if (status.Reason is { } reason) Line("Reason", PlainText.WithoutControls(reason));
        Line("Images", Counts(status) + string.Create(CultureInfo.InvariantCulture, $" of {status.Images.Total:N0}") + (status.ListingDone || status.State.IsFinal() ? "" : " listed so far"));
        if (!status.State.IsFinal()) Line("Speed", Speed(status));
        if (status.AveragePrecision.Count > 0) Line("AP", Precision(status, "F4") + (status.State.IsFinal() ? "" : ", so far"));
        foreach ((int number, string line) in DeviceTimeText.Lines(status.DeviceTime, status.Images.Done, pricePerHour).Index()) Line(number == 0 ? "Devices" : "", line);
        Line("Created", Time(status.Created));
        if (status.Deadline is { } deadline && !status.State.IsFinal()) Line("Deadline", Time(deadline));
        if (status.Finished is { } finished) Line("Finished", Time(finished));
        Line("Output", PlainText.WithoutControls(status.Output));

        void Line(string name, string value) => output.WriteLine($"{name,-9}{value}");
    }

    /// <summary>One line, for a job that is followed.</summary>
    public static string Progress(JobStatus status, DateTimeOffset now)
    {
        string listing = status.ListingDone ? "" : " so far";
        string ap = status.AveragePrecision.Count > 0 ? $", mAP {Precision(status, "F3")}" : "";
        string reason = status.Reason is { } text && !status.State.IsFinal() ? $", {PlainText.WithoutControls(text)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{status.State}: {Counts(status)} of {status.Images.Total:N0}{listing}, {Speed(status)}{ap}, last update {Ago(now - status.Updated)}{reason}");
    }

    /// <summary>How long ago something was.</summary>
    public static string Ago(TimeSpan age) => $"{Span(age)} ago";

    /// <summary>A span in its largest units.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalSeconds} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} days"),
    };

    /// <summary>Images a second.</summary>
    public static string Rate(double imagesPerSecond) => imagesPerSecond.ToString(imagesPerSecond < 10 ? "N2" : "N0", CultureInfo.InvariantCulture);

    private static string Counts(JobStatus status) =>
        string.Create(CultureInfo.InvariantCulture, $"{status.Images.Done:N0} done, {status.Images.Failed:N0} failed, {status.Images.Left:N0} left");

    private static string Speed(JobStatus status)
    {
        string rate = $"{Rate(status.ImagesPerSecond)} images/s";
        // A week and longer: nobody's clock has that format, and no estimate is so good.
        return status.EtaSeconds is { } eta and >= 0 ? eta < 100 * 3600 ? $"{rate}, {TimeLeft(eta)} left" : $"{rate}, {Span(TimeSpan.FromSeconds(Math.Min(eta, 1e9)))} left" : rate;
    }

    private static string TimeLeft(double seconds)
    {
        long whole = (long)Math.Ceiling(seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{whole / 3600:D2}:{whole / 60 % 60:D2}:{whole % 60:D2}");
    }

    private static string Precision(JobStatus status, string format) =>
        string.Join(", ", status.AveragePrecision.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value.ToString(format, CultureInfo.InvariantCulture)}"));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
