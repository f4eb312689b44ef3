using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Client.Predict;

/// <summary>The results against their ground truth, for each kind of output that the model has.</summary>
/// <param name="Images">Images that were evaluated: those given.</param>
/// <param name="Summaries">The familiar numbers by kind.</param>
internal sealed record PredictEvaluation(int Images, IReadOnlyList<(IouType Type, EvaluationSummary Summary)> Summaries)
{
    /// <summary>Evaluates a finished run; null without ground truth.</summary>
    public static PredictEvaluation? Run(ModelConfiguration model, PredictRequest request, PredictedImages images, CommandOutput output, CancellationToken cancellationToken)
    {
        if (request.Annotations is not { } annotations) return null;
        List<(IouType, EvaluationSummary)> summaries = [];
        foreach (IouType type in (IouType[])[IouType.Bbox, .. model.MaskHead is null ? [] : new[] { IouType.Segm }, .. model.KeypointHead is null ? [] : new[] { IouType.Keypoints }])
        {
            FileEvaluationReport evaluated = FileEvaluation.Run(
                new FileEvaluationOptions
                {
                    GroundTruthPath = annotations,
                    ResultsPath = request.ResultsFile,
                    Parameters = EvaluationParameters.Default(type),
                    ImageIds = [.. images.Images.Select(image => image.Id)],
                },
                progress: null, cancellationToken);
            foreach (string warning in evaluated.Warnings) output.Warn(warning);
            summaries.Add((type, evaluated.Summary));
        }
        return new PredictEvaluation(images.Images.Count, summaries);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("evaluation");
        json.WriteNumber("images", Images);
        foreach ((IouType type, EvaluationSummary summary) in Summaries)
        {
            json.WriteStartObject(Name(type));
            foreach (SummaryLine line in summary.Lines) json.WriteNumber(line.Key, line.Value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    public void Write(TextWriter output)
    {
        foreach ((IouType type, EvaluationSummary summary) in Summaries)
        {
            output.WriteLine();
            output.WriteLine($"{Name(type)}, over {Images} images");
            foreach (SummaryLine line in summary.Lines) output.WriteLine(line.ToString());
        }
    }

    private static string Name(IouType type) => type.ToString().ToLowerInvariant();
}
