using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>torchvision in a process beside ours, which runs when it is asked to.</summary>
internal sealed class TorchvisionPeer : IDisposable
{
    private readonly Process _process;

    /// <param name="python">The interpreter that has torchvision.</param>
    /// <param name="script">Name of the script in benchmarks/.</param>
    /// <param name="files">Its input.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Their width.</param>
    /// <param name="threads">Threads that compute.</param>
    public TorchvisionPeer(string python, string script, IReadOnlyList<string> files, int height, int width, int threads)
    {
        ProcessStartInfo start = new(python, [Path.Combine(Directory.GetCurrentDirectory(), "benchmarks", script), .. files, Text(height), Text(width), Text(threads)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OPENBLAS_NUM_THREADS"] = Text(threads);
        start.Environment["PYTHONWARNINGS"] = "ignore";
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
    }

    /// <summary>One run of the script; its numbers.</summary>
    public JsonElement Run()
    {
        _process.StandardInput.WriteLine("run");
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The peer ended; see its error above.");
        return JsonDocument.Parse(line).RootElement;
    }

    /// <summary>One image through the model.</summary>
    public ModelRun RunModel()
    {
        JsonElement run = Run();
        return new ModelRun(run.GetProperty("total").GetDouble(), run.GetProperty("detections").GetInt32(), run.GetProperty("stages").EnumerateObject().ToDictionary(s => s.Name, s => s.Value.GetDouble()));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One image through a model.</summary>
internal sealed record ModelRun(double Total, int Detections, IReadOnlyDictionary<string, double> Stages);
