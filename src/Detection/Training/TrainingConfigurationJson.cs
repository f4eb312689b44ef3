using System.Text.Json;
using System.Text.Json.Nodes;
using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Detection.Training;

/// <summary>A training configuration as JSON, in the same form as <see cref="ModelConfigurationJson"/>, and changes of single settings.</summary>
public static class TrainingConfigurationJson
{
    private static readonly JsonSerializerOptions Indented = new(ModelConfigurationJson.Options) { WriteIndented = true };

    /// <summary>Writes a configuration, the same text for the same configuration.</summary>
    public static string Serialize(TrainingConfiguration configuration) => JsonSerializer.Serialize(configuration, Indented);

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="ModelConfigurationException">It is not valid; every problem is listed.</exception>
    public static TrainingConfiguration Parse(string json)
    {
        try
        {
            return Checked(JsonNode.Parse(json) as JsonObject ?? throw new ModelConfigurationException(["it is not a JSON object"]));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ModelConfigurationException($"The training configuration is not valid: {exception.Message}", exception);
        }
    }

    /// <summary>Changes settings.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="settings">Each <c>path=value</c>, such as <c>optimizer.learning_rate=0.01</c>; the value is JSON, or text as it is.</param>
    /// <exception cref="ModelConfigurationException">A setting is unknown or its value is not valid; every problem is listed.</exception>
    public static TrainingConfiguration With(TrainingConfiguration configuration, IEnumerable<string> settings)
    {
        JsonObject json = JsonSerializer.SerializeToNode(configuration, ModelConfigurationJson.Options)!.AsObject();
        SettingValues.Apply(json, settings, "optimizer.learning_rate=0.01");
        try
        {
            return Checked(json);
        }
        catch (JsonException exception)
        {
            throw new ModelConfigurationException($"A setting is not valid: {exception.Message} Settings: {string.Join(", ", settings)}.", exception);
        }
    }

    private static TrainingConfiguration Checked(JsonObject json)
    {
        List<string> problems = [];
        UnknownSettings.Find(json, ModelConfigurationJson.Options.GetTypeInfo(typeof(TrainingConfiguration)), "", problems);
        if (problems.Count > 0)
            throw new ModelConfigurationException(problems);
        TrainingConfiguration configuration = json.Deserialize<TrainingConfiguration>(ModelConfigurationJson.Options)!;
        problems.AddRange(TrainingConfigurationRules.Problems(configuration));
        return problems.Count == 0 ? configuration : throw new ModelConfigurationException(problems);
    }
}
