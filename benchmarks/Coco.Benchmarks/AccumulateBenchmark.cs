using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Parts;

namespace MaskRcnn.Coco.Benchmarks;

/// <summary>How fast, and in how much memory, parts are accumulated or merged.</summary>
internal static class AccumulateBenchmark
{
    public static int Accumulate(string folder)
    {
        using var parts = new OpenParts(folder);
        long start = Stopwatch.GetTimestamp();
        EvaluationResult result = Accumulator.Accumulate(parts.Parts);
        Report("accumulated", parts, Stopwatch.GetElapsedTime(start));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"AP {EvaluationSummary.Of(result).AveragePrecision:R}"));
        return 0;
    }

    public static int Merge(string folder, string output)
    {
        using var parts = new OpenParts(folder);
        long start = Stopwatch.GetTimestamp();
        using (FileStream file = File.Create(output)) EvaluationPartMerger.Merge(parts.Parts, file);
        Report("merged", parts, Stopwatch.GetElapsedTime(start));
        return 0;
    }

    private static void Report(string what, OpenParts parts, TimeSpan time)
    {
        double megabytes = parts.Parts.Sum(p => p.Length) / 1e6;
        long images = parts.Parts.Sum(p => (long)p.ImageIds.Count), detections = parts.Parts.Sum(p => p.DetectionCount);
        using Process process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what} {parts.Parts.Count} parts, {images} images, {detections} detections, {megabytes:F0} MB in {time.TotalSeconds:F2} s: {megabytes / time.TotalSeconds:F0} MB/s, peak memory {process.PeakWorkingSet64 / 1e6:F0} MB"));
    }

    private sealed class OpenParts(string folder) : IDisposable
    {
        public List<EvaluationPart> Parts { get; } = [.. Directory.EnumerateFiles(folder, "part-*.bin").Order(StringComparer.Ordinal).Select(path => EvaluationPart.Open(PartData.FromFile(path)))];

        public void Dispose() => Parts.ForEach(p => p.Dispose());
    }
}
