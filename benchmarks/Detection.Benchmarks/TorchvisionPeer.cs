using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>torchvision in a process beside ours, which runs an image when it is asked to.</summary>
internal sealed class TorchvisionPeer : IDisposable
{
    private readonly Process _process;

    public TorchvisionPeer(string python, string weights, string image, int height, int width, int threads)
    {
        string script = Path.Combine(Directory.GetCurrentDirectory(), "benchmarks", "torchvision_maskrcnn.py");
        ProcessStartInfo start = new(python, [script, weights, image, height.ToString(CultureInfo.InvariantCulture), width.ToString(CultureInfo.InvariantCulture), threads.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OPENBLAS_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["PYTHONWARNINGS"] = "ignore";
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
    }

    public ModelRun Run()
    {
        _process.StandardInput.WriteLine("run");
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The peer ended; see its error above.");
        JsonElement run = JsonDocument.Parse(line).RootElement;
        return new ModelRun(run.GetProperty("total").GetDouble(), run.GetProperty("detections").GetInt32(), run.GetProperty("stages").EnumerateObject().ToDictionary(s => s.Name, s => s.Value.GetDouble()));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>One image through a model.</summary>
internal sealed record ModelRun(double Total, int Detections, IReadOnlyDictionary<string, double> Stages);
