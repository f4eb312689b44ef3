using System.Runtime.CompilerServices;

namespace MaskRcnn.Client.Library.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public void The_program_of_the_page_is_the_sample_that_is_compiled()
    {
        string page = File.ReadAllText(Repository("docs/client.md"));
        string sample = File.ReadAllText(Repository("samples/SubmitAndWatch/Program.cs"));
        Assert.Contains($"```csharp\n{sample}```", page, StringComparison.Ordinal);
    }

    private static string Repository(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../..", path);
}
