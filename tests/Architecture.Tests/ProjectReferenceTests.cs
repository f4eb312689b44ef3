using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace MaskRcnn.Architecture.Tests;

/// <summary>Which project may know of which: docs/architecture.md as a test.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly string[] Torch = ["TorchSharp", "TorchSharp-cpu", "TorchSharp-cuda-linux", "libtorch-cpu"];

    /// <summary>The projects of src, those still to come too, and what each may reference.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Coco"] = [],
        ["Detection"] = ["Coco"],
        ["Samples"] = ["Coco"],
        ["Storage"] = [],
        ["Transport"] = [],
        ["Grains.Abstractions"] = ["Coco"],
        ["Grains"] = ["Grains.Abstractions", "Storage", "Detection", "Coco"],
        ["Silo"] = ["Grains", "Grains.Abstractions", "Storage", "Transport", "Detection", "Coco"],
        ["Client.Library"] = ["Grains.Abstractions", "Storage", "Transport", "Coco"],
        ["Client"] = ["Client.Library", "Silo", "Grains", "Grains.Abstractions", "Storage", "Transport", "Samples", "Detection", "Coco"],
    };

    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../.."));

    [Fact]
    public void Every_project_of_src_has_its_place_in_the_architecture()
    {
        string[] unknown = [.. Projects().Keys.Where(name => !Allowed.ContainsKey(name))];
        Assert.True(unknown.Length == 0, $"src/{string.Join(", src/", unknown)}: say in docs/architecture.md and here what it may reference.");
    }

    [Fact]
    public void A_project_references_only_what_the_architecture_allows()
    {
        foreach ((string name, XDocument project) in Projects())
        {
            foreach (string reference in Values(project, "ProjectReference").Select(r => Path.GetFileName(Path.GetDirectoryName(r.Replace('\\', '/')))!))
                Assert.True(Allowed[name].Contains(reference), $"src/{name} references src/{reference}; it may reference only: {string.Join(", ", Allowed[name])}.");
        }
    }

    [Fact]
    public void Coco_knows_neither_torch_nor_Orleans()
    {
        string[] packages = [.. Values(Projects()["Coco"], "PackageReference")];
        Assert.DoesNotContain(packages, package => Torch.Contains(package) || package.StartsWith("Microsoft.Orleans", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_model_and_the_silo_know_torch()
    {
        foreach ((string name, XDocument project) in Projects().Where(p => p.Key is not ("Detection" or "Silo")))
            Assert.DoesNotContain(Values(project, "PackageReference"), package => Torch.Contains(package));
    }

    [Fact]
    public void Weight_files_and_configurations_are_read_without_torch()
    {
        // Commands that only look at a file must not load 480 MB of libraries.
        foreach (string file in new[] { "Weights", "Configuration" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Root, "src/Detection", f), "*.cs", SearchOption.AllDirectories)))
            Assert.DoesNotContain("TorchSharp", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_does_not_know_Orleans()
    {
        foreach ((string name, XDocument project) in Projects().Where(p => p.Key is "Detection" or "Storage" or "Coco"))
            Assert.DoesNotContain(Values(project, "PackageReference"), package => package.StartsWith("Microsoft.Orleans", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_project_of_the_tree_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(Root, "MaskRcnn.sln"));
        foreach (string file in new[] { "src", "tests", "benchmarks" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories)))
            Assert.True(solution.Contains(Path.GetFileName(file), StringComparison.Ordinal), $"{file} is not in MaskRcnn.sln; add it with 'dotnet sln add'.");
    }

    private static Dictionary<string, XDocument> Projects() => Directory.EnumerateDirectories(Path.Combine(Root, "src"))
        .ToDictionary(folder => Path.GetFileName(folder), folder => XDocument.Load(Directory.EnumerateFiles(folder, "*.csproj").Single()));

    private static IEnumerable<string> Values(XDocument project, string element) => project.Descendants(element).Select(e => (string)e.Attribute("Include")!);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
