using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Statistics;

namespace MaskRcnn.Client.Coco;

/// <summary><c>maskrcnn coco stats</c>: what is in a data set, in numbers.</summary>
internal static class StatsCommand
{
    public static Command Create()
    {
        var command = new Command("stats", "Count images, objects, classes, areas and sizes.");
        InputPath input = InputPath.AddTo(command, "The data set: a COCO instances or keypoints file.");
        return command.Does("maskrcnn coco stats instances.json", (arguments, output, cancellation) =>
        {
            string path = input.Read(arguments);
            DatasetStatistics statistics = DatasetStatistics.Of(CocoReader.ReadDataset(path, cancellation));
            if (output.Json) output.WriteJson(json => StatsOutput.Write(json, path, statistics));
            else StatsOutput.Write(output, statistics);
            return ExitCode.Ok;
        });
    }
}
