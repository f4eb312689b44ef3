using System.Xml.Linq;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Deploy.Tests.Images;

public sealed class DockerfileTests
{
    private const string Cpu = "cpu.Dockerfile", Cuda = "cuda.Dockerfile";

    [Theory]
    [InlineData(Cpu)]
    [InlineData(Cuda)]
    public void Whatever_is_copied_is_there_and_is_sent_to_the_build(string name)
    {
        string[] listed = [.. Repository.Text(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..].Trim())];
        Assert.NotEmpty(Dockerfile.Load(name).Sources);
        foreach (string source in Dockerfile.Load(name).Sources)
        {
            Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), $"{name} copies {source}, which is not there.");
            Assert.True(listed.Any(entry => source == entry || source.StartsWith(entry + "/", StringComparison.Ordinal)), $"{name} copies {source}; .dockerignore does not list it ('!{source}').");
        }
    }

    [Fact]
    public void Nothing_is_sent_to_the_build_that_is_not_listed() => Assert.Equal("*", Repository.Text(".dockerignore").Split('\n').First(line => line.Length > 0 && line[0] != '#'));

    [Theory]
    [InlineData(Cpu)]
    [InlineData(Cuda)]
    public void The_projects_of_a_silo_are_copied_before_the_restore(string name)
    {
        Dockerfile file = Dockerfile.Load(name);
        IEnumerable<string> early = file.Instructions.TakeWhile(i => i.Name != "RUN").Where(i => i.Name == "COPY").SelectMany(i => i.Words[..^1]);
        foreach (string project in Closure("Silo"))
        {
            Assert.Contains($"src/{project}/MaskRcnn.{project}.csproj", early);
            Assert.Contains($"src/{project}/packages.lock.json", early);
        }
    }

    [Theory]
    [InlineData(Cpu)]
    [InlineData(Cuda)]
    public void The_entry_point_is_what_the_project_builds_on_the_runtime_that_it_needs(string name)
    {
        Dockerfile file = Dockerfile.Load(name);
        XDocument project = Project("Silo");
        Assert.Equal(["dotnet", Value(project, "AssemblyName") + ".dll"], file.One("silo", "ENTRYPOINT").Array);
        Assert.Equal("silo", file.LastStage);
        // ASP.NET Core's image, as health is served by it; Ubuntu 24.04, whose libstdc++ TorchSharp wants.
        Assert.Contains(project.Descendants("FrameworkReference"), reference => (string)reference.Attribute("Include")! == "Microsoft.AspNetCore.App");
        string version = Value(XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")), "TargetFramework")["net".Length..];
        Assert.Equal($"mcr.microsoft.com/dotnet/aspnet:{version}-noble", file.Base("silo"));
        Assert.Equal($"mcr.microsoft.com/dotnet/sdk:{version}-noble", file.Base("build"));
    }

    [Fact]
    public void The_clients_entry_point_is_what_its_project_builds()
    {
        Dockerfile file = Dockerfile.Load(Cpu);
        Assert.Equal(["maskrcnn"], file.One("client", "ENTRYPOINT").Array);
        Assert.Contains(file.Of("client", "COPY"), copy => copy.Words is ["deploy/docker/maskrcnn", "/usr/local/bin/maskrcnn"]);
        Assert.Contains($"/app/{Value(Project("Client"), "AssemblyName")}.dll", Repository.Text("deploy/docker/maskrcnn"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Cpu, "silo")]
    [InlineData(Cpu, "client")]
    [InlineData(Cuda, "silo")]
    public void The_user_is_a_number_and_not_root(string name, string stage)
    {
        string[] user = Dockerfile.Load(name).One(stage, "USER").Arguments.Split(':');
        Assert.All(user, id => Assert.True(uint.TryParse(id, out uint number) && number > 0, $"{name}: USER {id}"));
    }

    [Theory]
    [InlineData(Cpu)]
    [InlineData(Cuda)]
    public void What_a_silo_writes_by_default_goes_to_volumes(string name)
    {
        Dockerfile file = Dockerfile.Load(name);
        SiloSettings settings = SettingsSources.Read(["--Storage:State", "/state"], file.Variables("silo"), Path.GetTempPath() + "no-such-folder");
        string[] volumes = file.One("silo", "VOLUME").Array;
        Assert.Contains(settings.Worker.Cache, volumes);
        Assert.Contains("/tmp", volumes);
    }

    [Theory]
    [InlineData(Cpu, false)]
    [InlineData(Cuda, true)]
    public void Restore_and_publish_are_for_the_same_device(string name, bool isCuda)
    {
        string[] commands = [.. Dockerfile.Load(name).Of("build", "RUN").Select(i => i.Arguments).Where(a => a.StartsWith("dotnet", StringComparison.Ordinal))];
        Assert.Equal(2, commands.Length);
        Assert.All(commands, command => Assert.Equal(isCuda, command.Contains("-p:TorchBackend=cuda", StringComparison.Ordinal)));
        Assert.All(commands, command => Assert.Contains("src/Silo/MaskRcnn.Silo.csproj", command, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Cpu, "silo")]
    [InlineData(Cpu, "client")]
    [InlineData(Cuda, "silo")]
    public void Libtorch_is_a_layer_below_our_own_code(string name, string stage)
    {
        string[] copies = [.. Dockerfile.Load(name).Of(stage, "COPY").Select(i => i.Words[0])];
        Assert.Equal("/libtorch/", copies[0]);
        Assert.DoesNotContain("/libtorch/", copies[1..]);
    }

    private static HashSet<string> Closure(string project)
    {
        HashSet<string> found = [project];
        foreach (string reference in Project(project).Descendants("ProjectReference").Select(r => Path.GetFileName(Path.GetDirectoryName((string)r.Attribute("Include")!))!))
            found.UnionWith(Closure(reference));
        return found;
    }

    private static XDocument Project(string name) => XDocument.Load(Path.Combine(Repository.Root, $"src/{name}/MaskRcnn.{name}.csproj"));

    private static string Value(XDocument project, string element) => project.Descendants(element).First().Value;
}
