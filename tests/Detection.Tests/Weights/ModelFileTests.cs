using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Bytes;
using MaskRcnn.Detection.Weights.Layout;
using MaskRcnn.Detection.Weights.Safetensors;

namespace MaskRcnn.Detection.Tests.Weights;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_is_read_as_it_was_written_and_written_again_as_the_same_bytes()
    {
        using StateDict weights = SmallModel.Weights(SmallModel.Configuration);
        ModelFile.Write(_folder["a.safetensors"], SmallModel.Configuration, weights);
        using (ModelFile model = ModelFile.Read(_folder["a.safetensors"]))
        {
            Assert.Equal(ModelConfigurationJson.Serialize(SmallModel.Configuration), ModelConfigurationJson.Serialize(model.Configuration));
            Assert.Equal(weights.Tensors.Select(t => t.ToString()), model.Weights.Tensors.Select(t => t.ToString()));
            Assert.All(weights.Tensors, tensor => Assert.Equal(tensor.ToBytes(), model.Weights[tensor.Name].ToBytes()));
            ModelFile.Write(_folder["b.safetensors"], model.Configuration, model.Weights);
        }
        Assert.Equal(File.ReadAllBytes(_folder["a.safetensors"]), File.ReadAllBytes(_folder["b.safetensors"]));
    }

    [Theory]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    [InlineData(TensorType.F64)]
    public void Numbers_are_rounded_to_the_type_and_counters_stay(TensorType type)
    {
        using StateDict weights = SmallModel.Weights(SmallModel.Configuration);
        ModelFile.Write(_folder["a.safetensors"], SmallModel.Configuration, weights, type);
        using ModelFile model = ModelFile.Read(_folder["a.safetensors"]);
        foreach (StoredTensor tensor in weights.Tensors)
        {
            StoredTensor written = model.Weights[tensor.Name];
            Assert.Equal(tensor.Type.IsFloating() ? type : TensorType.I64, written.Type);
            Assert.Equal(tensor.ToFloats().Select(v => type == TensorType.BF16 && tensor.Type.IsFloating() ? FloatCodec.FromBFloat16(FloatCodec.ToBFloat16(v)) : v), written.ToFloats());
        }
    }

    [Fact]
    public void A_number_too_large_for_fp16_is_an_error_that_names_its_tensor()
    {
        StateDict weights = SmallModel.Weights(SmallModel.Configuration);
        weights = weights.With([.. weights.Tensors.Select((t, i) => i == 0 ? new StoredTensor(t.Name, t.Type, t.Shape, [.. Enumerable.Repeat(70000f, (int)t.Count).SelectMany(BitConverter.GetBytes)]) : t)]);
        var error = Assert.Throws<WeightFileException>(() => ModelFile.Write(_folder["a.safetensors"], SmallModel.Configuration, weights, TensorType.F16));
        Assert.Contains("'backbone.body.conv1.weight' has the number 70000", error.Message);
        Assert.False(File.Exists(_folder["a.safetensors"]));
    }

    [Fact]
    public void Weights_that_do_not_fit_are_not_written()
    {
        using StateDict weights = SmallModel.Weights(SmallModel.Configuration);
        var error = Assert.Throws<StateDictMismatchException>(() => ModelFile.Write(_folder["a.safetensors"], SmallModel.Configuration with { Classes = 4 }, weights));
        Assert.Contains("roi_heads.box_predictor.cls_score.weight is 3×2, expected 4×2", error.Message);
    }

    [Fact]
    public void Weights_without_a_configuration_are_no_model_and_the_error_says_what_to_do()
    {
        using StateDict weights = SmallModel.Weights(SmallModel.Configuration);
        SafetensorsWriter.Write(_folder["a.safetensors"], weights.Tensors, weights.Metadata);
        var error = Assert.Throws<WeightFileException>(() => ModelFile.Read(_folder["a.safetensors"]));
        Assert.Contains("maskrcnn model convert --arch NAME", error.Message);
    }

    [Fact]
    public void A_model_of_a_newer_program_says_so()
    {
        using StateDict weights = SmallModel.Weights(SmallModel.Configuration);
        SafetensorsWriter.Write(_folder["a.safetensors"], weights.Tensors, new Dictionary<string, string> { [ModelFile.ConfigurationKey] = """{"schema":2,"new":true}""" });
        Assert.Contains("schema is 2, which a newer version of this program wrote", Assert.Throws<WeightFileException>(() => ModelFile.Read(_folder["a.safetensors"])).Message);
    }
}
