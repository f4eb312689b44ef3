using System.Runtime.CompilerServices;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Evaluation.Parts;

namespace MaskRcnn.Coco.Tests.Evaluation;

/// <summary>The code in docs/evaluation.md, compiled and run.</summary>
public sealed class DocumentedStepsTests
{
    [Fact]
    public void The_documented_steps_give_the_twelve_numbers()
    {
        using var folder = new TemporaryFolder();
        using var Console = new StringWriter();
        long[] categoryIds = [1];
        long imageId = 7;
        var box = new MaskRcnn.Coco.Masks.BoundingBox(1, 1, 4, 4);
        MaskRcnn.Coco.Masks.Rle mask = MaskRcnn.Coco.Masks.PolygonRasterizer.Rasterize(box, 8, 8);
        GroundTruth[] objects = [new GroundTruth { Id = 1, CategoryId = 1, Box = box, Area = 16, Mask = mask }];
        Detection[] detections = [new Detection { CategoryId = 1, Score = .5, Box = box, Area = 16, Mask = mask }];
        string[] paths = [folder.File("part.bin")];
        using (FileStream stream = File.Create(paths[0]))
        {
            var parameters = EvaluationParameters.Default(IouType.Segm);
            var matcher = new ImageMatcher(parameters, categoryIds);             // one a thread
            var builder = new EvaluationPartBuilder(parameters, categoryIds);
            builder.Add(matcher.Match(imageId, objects, detections));            // for each image, also the empty ones
            builder.WriteTo(stream);                                             // on a worker
        }
        EvaluationPart[] parts = [.. paths.Select(p => EvaluationPart.Open(PartData.FromFile(p)))];
        EvaluationResult result = Accumulator.Accumulate(parts);             // anywhere
        foreach (SummaryLine line in EvaluationSummary.Of(result).Lines) Console.WriteLine(line);

        Assert.Equal(12, Console.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("maxDets=100 ] = 1.000", Console.ToString(), StringComparison.Ordinal);
        parts[0].Dispose();
    }

    [Fact]
    public void The_documented_code_is_the_code_above()
    {
        string here = File.ReadAllText(Source());
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Source())!, "../../../docs/evaluation.md"));
        string code = page.Split("```csharp\n")[1].Split("```")[0];
        foreach (string line in code.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Assert.Contains(line.Trim(), here, StringComparison.Ordinal);
    }

    private static string Source([CallerFilePath] string file = "") => file;
}
