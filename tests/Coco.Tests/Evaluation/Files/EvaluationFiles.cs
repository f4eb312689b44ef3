using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Coco.Tests.Evaluation.Files;

/// <summary>Evaluates small files written as text.</summary>
internal sealed class EvaluationFiles : IDisposable
{
    public const string Categories = """ "categories": [{"id": 1, "name": "nucleus"}, {"id": 3, "name": "cell"}] """;
    public const string Images = """ "images": [{"id": 1, "file_name": "a.png", "height": 40, "width": 60}, {"id": 2, "file_name": "b.png", "height": 40, "width": 60}] """;
    public const string Square = """ "bbox": [10, 10, 20, 20], "segmentation": [[10, 10, 10, 30, 30, 30, 30, 10]] """;

    private readonly TemporaryFolder _folder = new();

    public string GroundTruthPath => _folder.File("gt.json");

    public string ResultsPath => _folder.File("dt.json");

    public void Dispose() => _folder.Dispose();

    public static string DataSet(params string[] annotations) => $$"""{ {{Images}}, {{Categories}}, "annotations": [{{string.Join(",\n", annotations)}}] }""";

    public FileEvaluationReport Run(string groundTruth, string results, EvaluationParameters? parameters = null) => FileEvaluation.Run(new FileEvaluationOptions
    {
        GroundTruthPath = _folder.Write("gt.json", groundTruth),
        ResultsPath = _folder.Write("dt.json", results),
        Parameters = parameters ?? EvaluationParameters.Default(IouType.Bbox),
    });
}
