using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Safetensors;

namespace MaskRcnn.Detection.Tests.Weights;

public sealed class ImportedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_and_keypoints_are_those_of_the_last_layers()
    {
        using WeightFile file = Plain(SmallModel.Configuration);
        ImportedModel model = ImportedModel.Of(file, SmallModel.Configuration with { Classes = 91, KeypointHead = SmallModel.Configuration.KeypointHead! with { Keypoints = 17 } });
        Assert.True(model.Differences.Fits, model.Differences.ToString());
        Assert.Equal((3, 2), (model.Configuration.Classes, model.Configuration.KeypointHead!.Keypoints));
        Assert.Empty(model.Configuration.Categories);
        Assert.Equal(2, model.Notes.Count);
    }

    [Fact]
    public void Batch_norms_become_frozen_ones_without_their_counters()
    {
        using WeightFile file = Plain(SmallModel.Configuration);
        ModelConfiguration frozen = SmallModel.Configuration with { Backbone = SmallModel.Configuration.Backbone with { Norm = new() { Kind = NormKind.FrozenBatch } } };
        ImportedModel model = ImportedModel.Of(file, frozen);
        Assert.True(model.Differences.Fits, model.Differences.ToString());
        Assert.DoesNotContain(model.Weights.Tensors, t => t.Name.EndsWith("num_batches_tracked"));
        Assert.Contains("17 num_batches_tracked are left out", Assert.Single(model.Notes));
    }

    [Fact]
    public void Counters_of_batches_may_be_missing()
    {
        using StateDict weights = SmallModel.Weights(SmallModel.Configuration);
        SafetensorsWriter.Write(_folder["w"], [.. weights.Tensors.Where(t => !t.Name.EndsWith("num_batches_tracked"))], new Dictionary<string, string>());
        using WeightFile file = WeightFile.Open(_folder["w"]);
        ImportedModel model = ImportedModel.Of(file, SmallModel.Configuration);
        Assert.True(model.Differences.Fits, model.Differences.ToString());
        Assert.All(model.Weights.Tensors.Where(t => t.Name.EndsWith("num_batches_tracked")), t => Assert.Equal([0L], t.ToIntegers()));
    }

    [Fact]
    public void A_file_with_metadata_is_what_it_says_unless_it_is_said_to_be_another()
    {
        using StateDict weights = SmallModel.Weights(SmallModel.Configuration);
        ModelConfiguration eps = new NormEps(0.25, "").ApplyTo(SmallModel.Configuration);
        ModelFile.Write(_folder["m"], eps, weights);
        using WeightFile file = WeightFile.Open(_folder["m"]);
        Assert.Equal(("small", 0.25, "the file's own metadata"), Of(null, null));
        Assert.Equal(("small", 0.25, "the file's own metadata"), Of(SmallModel.Configuration, null));
        Assert.Equal(("small", 0.5, "chosen by --bn-eps"), Of(null, 0.5));
        Assert.Equal(("other", 1e-5, "the default; not a published torchvision v1 file"), Of(SmallModel.Configuration with { Name = "other" }, null));

        (string, double, string) Of(ModelConfiguration? architecture, double? normEps)
        {
            ImportedModel model = ImportedModel.Of(file, architecture, normEps);
            Assert.Equal(model.NormEps.Value, model.Configuration.Backbone.Norm.Eps);
            return (model.Configuration.Name, model.NormEps.Value, model.NormEps.Reason);
        }
    }

    private WeightFile Plain(ModelConfiguration configuration)
    {
        using StateDict weights = SmallModel.Weights(configuration);
        SafetensorsWriter.Write(_folder["w"], weights.Tensors, weights.Metadata);
        return WeightFile.Open(_folder["w"]);
    }
}
