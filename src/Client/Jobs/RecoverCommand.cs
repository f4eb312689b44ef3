using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job recover</c>.</summary>
internal static class RecoverCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        var folder = new Argument<string>("folder") { Description = "The job's folder, '<output>/<job>': a path or URI.", HelpName = "URI" };
        Option<string?> images = Secret("--images", "images"), model = Secret("--model", "model"), annotations = Secret("--annotations", "annotations"), imagesRoot = Secret("--images-root", "images' root");
        var command = new Command("recover", "Take in a job whose folder is there, though the cluster does not know it: it goes on, or is listed as it ended.") { folder, images, model, annotations, imagesRoot };
        return command.DoesOnCluster(connect, "maskrcnn job recover results/20261122-153000-k3f9x2", async (arguments, output, client, cancellation) =>
        {
            JobHandle job = await client.RecoverAsync(new JobRecovery
            {
                Output = JobUri.ExistingFolder(arguments.GetRequiredValue(folder), "the folder"),
                Images = arguments.GetValue(images),
                Model = arguments.GetValue(model),
                Annotations = arguments.GetValue(annotations),
                ImagesRoot = arguments.GetValue(imagesRoot),
            }, cancellation);
            StatusCommand.Write(await job.GetStatusAsync(cancellation), output);
            return ExitCode.Ok;
        });
    }

    private static Option<string?> Secret(string name, string what) =>
        new(name) { Description = $"The job's {what} with their SAS, if it was submitted with one: the folder does not have it.", HelpName = "URI" };
}
