using System.Text.Encodings.Web;
using System.Text.Json;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Instances;
using MaskRcnn.Detection.Training.Evaluation;

namespace MaskRcnn.Detection.Training.Progress;

/// <summary>
/// <c>metrics.jsonl</c>: a line for each step and for each evaluation. Apart from times, a run that was interrupted and
/// resumed has the lines of one that was not, each once.
/// </summary>
internal sealed class MetricsFile : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FileStream _stream;

    /// <summary>Opens the file and keeps its lines up to a step.</summary>
    /// <param name="path">The file.</param>
    /// <param name="step">Steps that were made; later lines are of steps that will be made again.</param>
    /// <param name="evaluatedAt">The last step whose evaluation is kept.</param>
    public MetricsFile(string path, long step, long evaluatedAt)
    {
        string[] kept = File.Exists(path) ? [.. File.ReadLines(path).Where(line => IsOf(line, step, evaluatedAt))] : [];
        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream);
            foreach (string line in kept)
                writer.Write(line + '\n');
        });
        _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 1);
    }

    /// <summary>Adds a step.</summary>
    public void Add(TrainingStep step, double seconds) => Write(json =>
    {
        json.WriteNumber("step", step.Step);
        json.WriteNumber("learning_rate", step.LearningRate);
        json.WriteNumber("loss", step.Total);
        foreach ((string name, double loss) in step.Losses)
            json.WriteNumber(name, loss);
        json.WriteNumber("gradient_norm", step.GradientNorm);
        json.WriteNumber("images", step.Images);
        json.WriteNumber("images_per_second", step.Images / seconds);
    });

    /// <summary>Adds an evaluation.</summary>
    public void Add(ValidationReport report) => Write(json =>
    {
        json.WriteNumber("step", report.Step);
        json.WriteStartObject("evaluation");
        foreach ((IouType type, EvaluationSummary summary) in report.Summaries)
        {
            json.WriteStartObject(type.ToString().ToLowerInvariant());
            foreach (SummaryLine line in summary.Lines)
                json.WriteNumber(line.Key, line.Value);
            json.WriteEndObject();
        }

        if (report.Instances is { } instances)
        {
            InstanceScore half = instances.Scores[0];
            json.WriteNumber("instance_score_50", half.Score);
            json.WriteNumber("true_positives_50", half.TruePositives);
            json.WriteNumber("false_positives_50", half.FalsePositives);
            json.WriteNumber("false_negatives_50", half.FalseNegatives);
            json.WriteNumber("dsb_score", instances.DsbScore);
        }

        json.WriteEndObject();
        json.WriteNumber("seconds", report.Seconds);
    });

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static bool IsOf(string line, long step, long evaluatedAt)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("step").GetInt64() <= (json.RootElement.TryGetProperty("evaluation", out _) ? evaluatedAt : step);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // The line that was being written when the process was killed.
            return false;
        }
    }

    private void Write(Action<Utf8JsonWriter> members)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        _stream.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
        _stream.Flush();
    }
}
