using System.CommandLine;

namespace MaskRcnn.Client.Model;

/// <summary><c>maskrcnn model</c>: tools for model files.</summary>
internal static class ModelCommand
{
    public static Command Create() => new("model", "Inspect and convert weights.")
    {
        InspectCommand.Create(),
        ConvertCommand.Create(),
    };
}
