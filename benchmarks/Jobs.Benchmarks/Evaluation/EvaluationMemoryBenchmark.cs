using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Coco.Benchmarks;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Jobs.Benchmarks.Evaluation;

/// <summary>
/// What the evaluation of a whole job takes of the reducer's memory, and what a dry run says that it takes: parts of shards as workers leave them,
/// merged in groups and accumulated as the reducer does it. The parts are made one after the other, and are never all in memory.
/// </summary>
internal static class EvaluationMemoryBenchmark
{
    /// <param name="images">Of the job.</param>
    /// <param name="shardSize">Images of a part.</param>
    /// <param name="detections">Detections of an image.</param>
    public static int Run(int images, int shardSize, int detections)
    {
        // The code is compiled, and its libraries are loaded.
        Evaluate(shardSize, shardSize, detections);
        GC.Collect();
        double before = Megabytes("VmRSS");
        File.WriteAllText("/proc/self/clear_refs", "5");
        long start = Stopwatch.GetTimestamp();
        double precision = Evaluate(images, shardSize, detections);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        double peak = Megabytes("VmHWM");
        long stated = EvaluationMemory.Bytes(
            new JobSpecification { Images = "", Model = "", Output = "", Annotations = "" }, new ModelDocument("", "", 0, "", "", ["bbox"]), SyntheticParts.Categories, images, (images + shardSize - 1) / shardSize);
        Console.WriteLine(FormattableString.Invariant($"{images} images, {(long)images * detections} detections, {SyntheticParts.Categories} categories, parts of {shardSize} images: {peak - before:F0} MB at most (stated: {stated / 1e6:F0} MB), {time.TotalSeconds:F0} s with the making of the parts, AP {precision:R}"));
        return 0;
    }

    private static double Evaluate(int images, int shardSize, int detections)
    {
        using var groups = new PartGroups(JobEvaluation.GroupBytes, CancellationToken.None);
        for (int first = 0; first < images; first += shardSize) groups.Add(SyntheticParts.Part(first, Math.Min(images, first + shardSize), detections).Build());
        return EvaluationSummary.Of(Accumulator.Accumulate(groups.All())).AveragePrecision;
    }

    private static double Megabytes(string name) =>
        double.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
}
