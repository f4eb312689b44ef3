using System.CommandLine;

namespace MaskRcnn.Client.Coco;

/// <summary>The seed of commands that draw at random.</summary>
internal static class SeedOption
{
    public static Option<int> Create() => new("--seed") { Description = "The same seed gives the same images. [default: 0]", HelpName = "S" };
}
