using System.Text.Json;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Client.Model;

/// <summary><c>model inspect</c> as JSON.</summary>
internal static class InspectJson
{
    public static void Write(Utf8JsonWriter json, Inspection inspection)
    {
        json.WriteString("file", inspection.File.Path);
        json.WriteString("format", inspection.File.Format switch { WeightFormat.Safetensors => "safetensors", WeightFormat.TorchZip => "torch-zip", _ => "torch-legacy" });
        json.WriteNumber("tensors", inspection.File.Weights.Tensors.Count);
        json.WriteNumber("numbers", inspection.Numbers);
        json.WriteStartObject("types");
        foreach ((TensorType type, int tensors) in inspection.Types) json.WriteNumber(type.ToString(), tensors);
        json.WriteEndObject();
        json.WriteStartObject("metadata");
        foreach ((string key, string text) in inspection.File.Weights.Metadata.Where(m => m.Key != ModelFile.ConfigurationKey)) json.WriteString(key, text);
        json.WriteEndObject();
        json.WriteString("architecture", inspection.Model?.Configuration.Name);
        json.WriteString("architectureFrom", inspection.Source switch { ArchitectureSource.Option => "option", ArchitectureSource.Metadata => "metadata", _ => "keys" });
        Strings(json, "fittingPresets", inspection.Fitting);
        if (inspection.Model is { } model) Write(json, model);
    }

    /// <summary>The members that say what a file is as a model.</summary>
    public static void Write(Utf8JsonWriter json, ImportedModel model)
    {
        json.WritePropertyName("configuration");
        json.WriteRawValue(ModelConfigurationJson.Serialize(model.Configuration));
        json.WriteStartObject("normEps");
        json.WriteNumber("value", model.NormEps.Value);
        json.WriteString("reason", model.NormEps.Reason);
        json.WriteEndObject();
        Strings(json, "notes", model.Notes);
        json.WriteBoolean("fits", model.Differences.Fits);
        Strings(json, "differences", model.Differences.Lines);
    }

    private static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
