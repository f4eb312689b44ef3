using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MaskRcnn.Detection.Configuration;

/// <summary>
/// A configuration as JSON: the names of its settings in snake_case, and <c>schema</c>, the number of the layout. What is
/// left out has its default. Settings that are unknown are errors, since they would not be obeyed.
/// </summary>
public static class ModelConfigurationJson
{
    /// <summary>The newest layout that is read, and the one that is written.</summary>
    public const int Schema = 1;

    private const string SchemaName = "schema";

    internal static readonly JsonSerializerOptions Options = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Writes a configuration, the same text for the same configuration.</summary>
    /// <exception cref="ModelConfigurationException">It is not valid.</exception>
    public static string Serialize(ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Check(configuration, []);
        var json = new JsonObject { [SchemaName] = Schema };
        foreach ((string name, JsonNode? value) in JsonSerializer.SerializeToNode(configuration, Options)!.AsObject()) json[name] = value?.DeepClone();
        return json.ToJsonString(Options);
    }

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="ModelConfigurationException">
    /// It is no JSON, of a newer schema, has unknown settings, or is not valid; every problem is listed.
    /// </exception>
    public static ModelConfiguration Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            if (JsonNode.Parse(json, documentOptions: new() { MaxDepth = Options.MaxDepth, AllowDuplicateProperties = false }) is not JsonObject root)
                throw new ModelConfigurationException(["it is not a JSON object"]);
            CheckSchema(root);
            root.Remove(SchemaName);
            return Checked(root);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ModelConfigurationException($"The configuration is not valid: {exception.Message}", exception);
        }
    }

    /// <summary>Changes settings.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="settings">Each <c>path=value</c>, such as <c>post_processing.score_threshold=0.3</c>; the value is JSON, or text as it is.</param>
    /// <exception cref="ModelConfigurationException">A setting is unknown or its value is not valid; every problem is listed.</exception>
    public static ModelConfiguration With(ModelConfiguration configuration, IReadOnlyList<string> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        JsonObject json = JsonSerializer.SerializeToNode(configuration, Options)!.AsObject();
        SettingValues.Apply(json, settings, "post_processing.score_threshold=0.3");
        try
        {
            return Checked(json);
        }
        catch (JsonException exception)
        {
            throw new ModelConfigurationException($"A setting is not valid: {exception.Message} Settings: {string.Join(", ", settings)}.", exception);
        }
    }

    private static ModelConfiguration Checked(JsonObject json)
    {
        var unknown = new List<string>();
        UnknownSettings.Find(json, Options.GetTypeInfo(typeof(ModelConfiguration)), "", unknown);
        ModelConfiguration configuration = json.Deserialize<ModelConfiguration>(Options)!;
        Check(configuration, unknown);
        return configuration;
    }

    private static void CheckSchema(JsonObject root)
    {
        if (root[SchemaName] is not JsonValue value || !value.TryGetValue(out int schema) || schema < 1)
            throw new ModelConfigurationException([$"{SchemaName} is {root[SchemaName]?.ToJsonString() ?? "missing"}; expected a number from 1 to {Schema}"]);
        if (schema > Schema)
            throw new ModelConfigurationException([$"{SchemaName} is {schema}, which a newer version of this program wrote; this one reads up to {Schema}. Update it"]);
    }

    private static void Check(ModelConfiguration configuration, IReadOnlyList<string> unknown)
    {
        string[] problems = [.. unknown, .. ModelConfigurationRules.Problems(configuration)];
        if (problems.Length > 0) throw new ModelConfigurationException(problems);
    }
}
