using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Inference;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;

namespace MaskRcnn.Client.Bench;

/// <summary><c>maskrcnn bench</c>: how fast a model is on this machine, stage by stage.</summary>
internal static class BenchCommand
{
    private const int WarmUpRuns = 2;

    private const int LargestSide = 20_000;

    public static Command Create()
    {
        var model = new InferenceOptions(proceduralWeights: true);
        var input = new Option<string?>("--input", "-i") { Description = "The image.", HelpName = "IMAGE" };
        var size = new Option<string?>("--size") { Description = "Size of a made image, before the transform. [default: 800x1088]", HelpName = "HxW" };
        Option<long?> runs = NumberOption.Whole("--runs", "Timed runs. [default: 5]", 1, 1_000_000);
        var command = new Command("bench", "Time a model from decoded pixels to encoded masks.");
        foreach (Option option in (Option[])[.. model.All, input, size, runs]) command.Add(option);
        return command.Does("maskrcnn bench --arch maskrcnn_resnet50_fpn --size 800x1088 --precision bf16", (arguments, output, cancellation) =>
        {
            RgbImage image = Image(arguments.GetValue(input), arguments.GetValue(size));
            using LoadedModel loaded = model.Load(arguments, output);
            BenchReport report = Measure(loaded.Detector, image, (int)(arguments.GetValue(runs) ?? 5), cancellation);
            if (output.Json) output.WriteJson(report.Write);
            else report.Write(output.Out);
            return ExitCode.Ok;
        });
    }

    private static BenchReport Measure(Detector detector, RgbImage image, int runs, CancellationToken cancellationToken)
    {
        var timed = new List<(double Seconds, StageClock Clock)>();
        UnencodedDetections found = detector.Infer([image], cancellation: cancellationToken)[0];
        for (int run = 1 - WarmUpRuns; run <= runs; run++)
        {
            var clock = new StageClock();
            long start = Stopwatch.GetTimestamp();
            detector.Detect([image], clock, cancellationToken);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (run > 0) timed.Add((seconds, clock));
        }
        timed.Sort((a, b) => a.Seconds.CompareTo(b.Seconds));
        // The median run itself, so that its stages belong to its total.
        (double median, StageClock stages) = timed[(timed.Count - 1) / 2];
        (int height, int width) = detector.Transform.SizeOf(image.Height, image.Width);
        return new BenchReport(median, stages.Seconds, height, width, found.Proposals, found.Detections, KernelThreads.Count);
    }

    private static RgbImage Image(string? path, string? size)
    {
        if (path is not null && size is not null) throw CommandException.Usage("--input and --size are both given; expected one.");
        if (path is not null) return ImageDecoder.DecodeFile(InputPath.ExistingFile(path)).Image;
        size ??= "800x1088";
        string[] sides = size.Split('x', 'X');
        if (sides.Length != 2 || !Side(sides[0], out int height) || !Side(sides[1], out int width))
            throw CommandException.Usage($"--size {size} is not possible; expected height x width in pixels, each from 1 to {LargestSide}, such as 800x1088.");
        byte[] pixels = new byte[height * width * 3];
        new Random(1).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    private static bool Side(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is >= 1 and <= LargestSide;
}
