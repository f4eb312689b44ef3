using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Client.Predict;

/// <summary>The images of a run, and their ids.</summary>
/// <param name="Images">Images and ids, in the order in which they are worked on.</param>
/// <param name="Skipped">Files with another ending than an image.</param>
/// <param name="NotAnnotated">Files that the ground truth does not name; they are left out.</param>
/// <param name="NotGiven">Images of the ground truth that no file was given for.</param>
/// <param name="Empty">Folders and patterns without an image.</param>
internal sealed record PredictedImages(IReadOnlyList<(ImageInput File, long Id)> Images, int Skipped, IReadOnlyList<string> NotAnnotated, IReadOnlyList<string> NotGiven, IReadOnlyList<string> Empty)
{
    private const int NamesInAWarning = 20;

    /// <summary>Finds the images; their ids are those of the ground truth, or 1 to n.</summary>
    /// <exception cref="CommandException">There is no image, or none that the ground truth names.</exception>
    public static PredictedImages Find(IReadOnlyList<string> paths, string outputFolder, string? annotations, CancellationToken cancellationToken)
    {
        ImageInputs inputs = ImageInputs.Find(paths).Without(outputFolder);
        if (annotations is null) return new PredictedImages([.. inputs.Images.Select((file, index) => (file, index + 1L))], inputs.Skipped, [], [], inputs.Empty);

        CocoDataset dataset = CocoReader.ReadDataset(InputPath.ExistingFile(annotations), cancellationToken);
        var names = new AnnotatedNames(dataset.Images);
        List<(ImageInput, long)> images = [];
        List<string> notAnnotated = [];
        HashSet<long> given = [];
        foreach (ImageInput file in inputs.Images)
        {
            if (names.Find(file.RelativePath) is not { } image)
            {
                notAnnotated.Add(file.RelativePath);
                continue;
            }
            if (!given.Add(image.Id))
                throw CommandException.Usage($"{file.RelativePath} is the second file for image {image.Id} ({image.FileName}) of {annotations}; expected one file an image. Give the folder that file_name is relative to.");
            images.Add((file, image.Id));
        }
        if (images.Count == 0)
        {
            throw new CommandException(ExitCode.Error, "no_annotated_images",
                $"{annotations} names none of the {inputs.Images.Count} images given, such as {inputs.Images[0].RelativePath}; its file_name are such as {(dataset.Images.Count > 0 ? dataset.Images[0].FileName : "(it has no images)")}.");
        }
        return new PredictedImages(images, inputs.Skipped, notAnnotated, [.. dataset.Images.Where(image => !given.Contains(image.Id)).Select(image => image.FileName)], inputs.Empty);
    }

    /// <summary>Says what was found and is not used, on stderr.</summary>
    public void Warn(CommandOutput output)
    {
        if (Skipped > 0) output.Error.WriteLine($"{Skipped} files that are not images are skipped.");
        foreach (string path in Empty) output.Warn($"there is no image in {path}.");
        if (NotAnnotated.Count > 0) output.Warn($"{NotAnnotated.Count} files are left out, as the ground truth does not name them: {Names(NotAnnotated)}.");
        if (NotGiven.Count > 0) output.Warn($"{NotGiven.Count} images of the ground truth were not given: {Names(NotGiven)}. The evaluation is over the {Images.Count} images given.");
    }

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamesInAWarning)) + (names.Count > NamesInAWarning ? $" and {names.Count - NamesInAWarning} more" : "");

    /// <summary>Images by file name: as a whole, or by the last part where that is unique.</summary>
    private sealed class AnnotatedNames
    {
        private readonly Dictionary<string, CocoImage> _whole = [];
        private readonly Dictionary<string, CocoImage?> _last = [];

        public AnnotatedNames(IReadOnlyList<CocoImage> images)
        {
            foreach (CocoImage image in images)
            {
                _whole[image.FileName] = image;
                string last = image.FileName.Split('/')[^1];
                if (!_last.TryAdd(last, image)) _last[last] = null;
            }
        }

        public CocoImage? Find(string relativePath) =>
            _whole.TryGetValue(relativePath, out CocoImage? image) ? image : _last.GetValueOrDefault(relativePath.Split('/')[^1]);
    }
}
