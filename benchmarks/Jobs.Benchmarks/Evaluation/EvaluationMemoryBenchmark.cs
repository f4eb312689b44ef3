using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Jobs.Benchmarks.Evaluation;

/// <summary>
/// What the evaluation of a whole job takes of the reducer's memory, and what a dry run says that it takes: the parts of shards, which <c>coco parts</c> has made,
/// are read one after the other, merged in groups and accumulated, as the reducer does it.
/// </summary>
internal static class EvaluationMemoryBenchmark
{
    private const int WarmUpParts = 4;

    /// <param name="folder">With <c>part-*.bin</c>.</param>
    public static int Run(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "part-*.bin").Order(StringComparer.Ordinal)];
        // The code is compiled, and its libraries are loaded.
        Evaluate(files[..Math.Min(WarmUpParts, files.Length)]);
        GC.Collect();
        double before = Megabytes("VmRSS");
        // The peak begins anew.
        File.WriteAllText("/proc/self/clear_refs", "5");
        long start = Stopwatch.GetTimestamp();
        (EvaluationResult result, long detections) = Evaluate(files);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        double peak = Megabytes("VmHWM");
        long stated = EvaluationMemory.Bytes(
            new JobSpecification { Images = "", Model = "", Output = "", Annotations = "" }, new ModelDocument("", "", 0, "", "", ["bbox"]), result.CategoryIds.Count, result.ImageCount, files.Length);
        Console.WriteLine(FormattableString.Invariant(
            $"{result.ImageCount:N0} images, {detections:N0} detections, {result.CategoryIds.Count} categories in {files.Length:N0} parts: {peak - before:F0} MB more at most (stated: {stated / 1e6:F0} MB), {time.TotalSeconds:F0} s, AP {EvaluationSummary.Of(result).AveragePrecision:R}"));
        return 0;
    }

    private static (EvaluationResult Result, long Detections) Evaluate(string[] files)
    {
        using var groups = new PartGroups(JobEvaluation.GroupBytes, CancellationToken.None);
        long detections = 0;
        foreach (string file in files)
        {
            EvaluationPart part = EvaluationPart.Open(PartData.FromMemory(File.ReadAllBytes(file), file));
            detections += part.DetectionCount;
            groups.Add(part);
        }
        return (Accumulator.Accumulate(groups.All()), detections);
    }

    private static double Megabytes(string name) =>
        double.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
}
