using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Detection.Tests.Weights;

/// <summary>Files that PyTorch wrote, and what it says they hold.</summary>
public sealed class TorchFileTests
{
    public static TheoryData<string> Readable { get; } = [.. WeightData.Expected.Keys];

    [Theory]
    [MemberData(nameof(Readable))]
    public void A_file_of_PyTorch_has_the_tensors_that_PyTorch_sees(string name)
    {
        using WeightFile file = WeightFile.Open(WeightData.InWeights(name));
        Assert.Equal(name.Contains("legacy") ? WeightFormat.TorchLegacy : WeightFormat.TorchZip, file.Format);
        ExpectedNumbers[] expected = WeightData.Expected[name];
        Assert.Equal(expected.Select(e => e.Name), file.Weights.Tensors.Select(t => t.Name));
        foreach ((ExpectedNumbers numbers, StoredTensor tensor) in expected.Zip(file.Weights.Tensors))
        {
            Assert.Equal((numbers.Type, string.Join(',', numbers.Shape)), (tensor.Type, string.Join(',', tensor.Shape)));
            Assert.Equal(numbers.Values.Select(v => (float)v), tensor.ToFloats());
            if (!tensor.Type.IsFloating()) Assert.Equal(numbers.Values.Select(v => (long)v), tensor.ToIntegers());
        }
    }

    [Theory]
    [InlineData("types_zip.pth")]
    [InlineData("views_zip.pth")]
    [InlineData("views_legacy.pth")]
    public void Parts_of_a_tensor_are_the_bytes_of_the_whole(string name)
    {
        using WeightFile file = WeightFile.Open(WeightData.InWeights(name));
        foreach (StoredTensor tensor in file.Weights.Tensors)
        {
            byte[] whole = tensor.ToBytes();
            for (int at = 0; at < whole.Length; at += tensor.Type.Size())
            {
                byte[] part = new byte[Math.Min(2 * tensor.Type.Size(), whole.Length - at)];
                tensor.Read(at, part);
                Assert.Equal(whole[at..(at + part.Length)], part);
            }
        }
    }

    [Theory]
    [InlineData("refused_module_zip.pth", "torch.nn.modules.container.Sequential")]
    [InlineData("refused_module_legacy.pth", "torch.nn.modules.container.Sequential")]
    [InlineData("refused_numpy_zip.pth", "numpy.core.multiarray.scalar")]
    [InlineData("refused_system_zip.pth", "posix.system")]
    public void A_Python_object_is_refused_by_its_name_with_what_to_do(string name, string global)
    {
        WeightFileException error = Refused(name);
        Assert.Contains(global, error.Message);
        Assert.Contains("torch.save(model.state_dict()", error.Message);
    }

    [Theory]
    [InlineData("refused_tensor_zip.pth", "it holds a tensor; expected a state dict")]
    [InlineData("refused_list_zip.pth", "it holds a list; expected a state dict")]
    [InlineData("expected.json", "it starts with the bytes")]
    public void What_is_no_state_dict_is_refused(string name, string message) => Assert.Contains(message, Refused(name).Message);

    [Fact]
    public void A_missing_file_and_a_folder_are_errors_of_the_system()
    {
        Assert.Throws<FileNotFoundException>(() => WeightFile.Open(WeightData.InWeights("no.pth")));
        Assert.Throws<UnauthorizedAccessException>(() => WeightFile.Open(WeightData.Folder));
    }

    private static WeightFileException Refused(string name)
    {
        var error = Assert.Throws<WeightFileException>(() => WeightFile.Open(WeightData.InWeights(name)));
        Assert.Equal(WeightData.InWeights(name), error.Path);
        Assert.StartsWith(error.Path + ": ", error.Message);
        return error;
    }
}
