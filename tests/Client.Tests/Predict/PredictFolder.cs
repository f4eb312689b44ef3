using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Client.Tests.Predict;

/// <summary>A folder with the small golden model as a model file, and its two images.</summary>
internal sealed class PredictFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public PredictFolder()
    {
        using WeightFile weights = WeightFile.Open(Golden("tiny_model.safetensors"));
        ModelConfiguration configuration = TinyConfiguration.Value with
        {
            Categories = [.. Enumerable.Range(1, 4).Select(label => new LabelledCategory(label, 10 * label, $"thing {label}"))],
        };
        ModelFile.Write(Model, configuration, weights.Weights);
        AddImage("a/first.png", 0);
        AddImage("b.png", 1);
    }

    public string Model => Path("model.safetensors");

    public string Images => Path("images");

    public string Output => Path("found");

    public string Path(string relative) => System.IO.Path.Combine(_folder.FullName, relative);

    public void AddImage(string relative, int index)
    {
        string file = System.IO.Path.Combine(Images, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.Copy(Golden($"tiny_img{index}.png"), file);
    }

    public string Write(string relative, string text)
    {
        string file = Path(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Runs predict on the images.</summary>
    public CommandRun Predict(params string[] more) => CommandRun.Of(["predict", "--model", Model, "--input", Images, "--output", Output, .. more]);

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Golden(string name) => Repository.File($"tests/data/detection/golden/{name}");
}
