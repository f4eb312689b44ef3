using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Silo.Doctor;

/// <summary>Whether a model loads on a device.</summary>
internal static class ModelCheck
{
    private const string Name = "model";
    private const string Own = "models/nuclei.safetensors";

    public static Finding Run(string? named, string device)
    {
        string path = named ?? Path.Combine(AppContext.BaseDirectory, Own);
        if (!File.Exists(path))
        {
            return named is null
                ? new Finding(Name, Verdict.Warning, $"No model was loaded: this program comes without {Own}.", "Name one with --model FILE.")
                : new Finding(Name, Verdict.Failed, $"{named} is not there.", "Give the path of a model file: 'maskrcnn model inspect FILE' shows what it holds.");
        }
        long start = Stopwatch.GetTimestamp();
        try
        {
            using ModelFile file = ModelFile.Read(path);
            using Detector detector = Detector.Load(file.Configuration, file.Weights, path, new ExecutionPlan(ComputeDevice.Parse(device), Precision.Fp32));
            return new Finding(Name, Verdict.Ok, string.Create(CultureInfo.InvariantCulture, $"{path} loads on {device} in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s: {file.Configuration.Name}."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or WeightFileException or StateDictMismatchException or ModelConfigurationException or NotSupportedException)
        {
            return new Finding(Name, Verdict.Failed, exception.Message, "'maskrcnn model inspect FILE' shows what it holds, 'maskrcnn model convert' makes a model of weights.");
        }
        catch (Exception exception) when (exception is TorchLibraryException or ComputeDeviceException || exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase))
        {
            return new Finding(Name, Verdict.Failed, $"{path} does not load on {device}: {exception.Message.Split('\n')[0]}", "First make the device right; what else uses its memory?");
        }
    }
}
