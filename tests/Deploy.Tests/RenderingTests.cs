using k8s.Models;
using MaskRcnn.Deploy.Tests.Rendering;

namespace MaskRcnn.Deploy.Tests;

public sealed class RenderingTests
{
    [Fact]
    public void Kubectl_is_one_whose_kustomize_knows_what_the_files_use()
    {
        (int Major, int Minor) version = Kubectl.Version();
        Assert.True(version.CompareTo((1, 27)) >= 0, Kubectl.TooOld(version));
    }

    [Theory]
    [InlineData("1", "27", 1, 27)]
    [InlineData("1", "32+", 1, 32)]
    public void A_version_is_read_from_what_kubectl_prints(string major, string minor, int expectedMajor, int expectedMinor) =>
        Assert.Equal((expectedMajor, expectedMinor), Kubectl.ReadVersion($$$"""{"clientVersion":{"major":"{{{major}}}","minor":"{{{minor}}}"}}"""));

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public void Every_object_is_one_of_Kubernetes_and_has_no_unknown_field(string name) => Assert.NotEmpty(Overlay.Load(name).Objects);

    [Fact]
    public void Every_folder_with_a_kustomization_is_tested()
    {
        string root = Path.Combine(Repository.Root, "deploy/k8s");
        IEnumerable<string> folders = Directory.EnumerateFiles(root, "kustomization.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, Path.GetDirectoryName(file)!)).Where(folder => !folder.StartsWith("components", StringComparison.Ordinal));
        Assert.Equal(Overlay.All.Select(row => row.Data).Order(), folders.Order());
    }

    [Theory]
    [InlineData("  restartPolice: Always")]
    [InlineData("  terminationGracePeriodSeconds: 60\n  terminationGracePeriodSeconds: 61")]
    [InlineData("  containers:\n  - name: a\n    livenessProbe:\n      httpget: {}")]
    public void A_field_that_Kubernetes_does_not_know_is_found(string wrong)
    {
        const string Pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n";
        Assert.ThrowsAny<Exception>(() => Overlay.Parse(Pod + wrong + "\n"));
        Assert.IsType<V1Pod>(Assert.Single(Overlay.Parse(Pod + "  restartPolicy: Always\n")));
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public void Everything_is_in_the_namespace_and_has_a_name_of_its_own(string name)
    {
        List<(Type, string)> names = [];
        foreach (k8s.IKubernetesObject<V1ObjectMeta> item in Overlay.Load(name).Of<k8s.IKubernetesObject<V1ObjectMeta>>())
        {
            names.Add((item.GetType(), item.Metadata.Name));
            Assert.Equal(item is V1Namespace ? null : "maskrcnn", item.Metadata.NamespaceProperty);
        }
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Equal(Overlay.Load(name).Objects.Count(), names.Count);
    }
}
