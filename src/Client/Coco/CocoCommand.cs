using System.CommandLine;

namespace MaskRcnn.Client.Coco;

/// <summary><c>maskrcnn coco</c>: tools for data sets.</summary>
internal static class CocoCommand
{
    public static Command Create() => new("coco", "Validate, count, edit and convert data sets.")
    {
        ConvertCommand.Create(),
        ValidateCommand.Create(),
        StatsCommand.Create(),
        SampleCommand.Create(),
        SplitCommand.Create(),
        MergeCommand.Create(),
    };
}
