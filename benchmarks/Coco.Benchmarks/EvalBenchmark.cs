using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MaskRcnn.Coco.Benchmarks;

/// <summary>
/// The wall time of fresh <c>./maskrcnn eval … --json</c> processes, from files to statistics, beside pycocotools on the
/// same files where a Python with it is given.
/// </summary>
internal static class EvalBenchmark
{
    private const int Runs = 5;

    public static int Run(string folder, string? python)
    {
        string root = FindRoot();
        foreach (string iouType in new[] { "bbox", "segm" })
        {
            string[] arguments = ["eval", "--gt", Path.Combine(folder, "gt.json"), "--dt", Path.Combine(folder, $"dt-{iouType}.json"), "--iou-type", iouType, "--json"];
            Start(Path.Combine(root, "maskrcnn"), arguments); // builds if stale, warms the page cache
            (double Seconds, double Megabytes, string Out)[] runs = [.. Enumerable.Range(0, Runs).Select(_ => Start(Path.Combine(root, "maskrcnn"), arguments))];
            double median = runs.Select(r => r.Seconds).Order().ElementAt(Runs / 2);
            double[] ours = [.. JsonDocument.Parse(runs[0].Out).RootElement.GetProperty("stats").EnumerateObject().Select(p => p.Value.GetDouble())];
            Print($"{iouType}: maskrcnn {median:F2} s (median of {Runs}: {string.Join(' ', runs.Select(r => r.Seconds.ToString("F2", CultureInfo.InvariantCulture)))}), peak memory {runs.Max(r => r.Megabytes):F0} MB");
            if (python is not null) Compare(root, folder, python, iouType, median, ours);
        }
        return 0;
    }

    private static void Compare(string root, string folder, string python, string iouType, double median, double[] ours)
    {
        string output = Start(python, [Path.Combine(root, "benchmarks", "pycocotools_eval.py"), folder, iouType]).Out;
        JsonElement peer = JsonDocument.Parse(output).RootElement;
        double[] theirs = [.. peer.GetProperty("stats").EnumerateArray().Select(n => n.GetDouble())];
        double seconds = peer.GetProperty("seconds").GetDouble();
        Print($"{iouType}: pycocotools {seconds:F1} s (files already parsed), {seconds / median:F1} times ours; the 12 statistics are {(ours.SequenceEqual(theirs) ? "equal to the last bit" : "DIFFERENT")}");
    }

    private static (double Seconds, double Megabytes, string Out) Start(string program, string[] arguments)
    {
        // GNU time reports the peak memory of the process and its children.
        string usage = Path.GetTempFileName();
        bool hasTime = File.Exists("/usr/bin/time");
        string[] all = hasTime ? ["-f", "%M", "-o", usage, program, .. arguments] : arguments;
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(hasTime ? "/usr/bin/time" : program, all) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}.");
        double megabytes = hasTime ? double.Parse(File.ReadAllText(usage), CultureInfo.InvariantCulture) / 1e3 : double.NaN;
        File.Delete(usage);
        return (seconds, megabytes, output);
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MaskRcnn.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("MaskRcnn.sln is in no folder above the benchmark's.");
    }
}
