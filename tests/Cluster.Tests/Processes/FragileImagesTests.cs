using System.Text.Json;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class FragileImagesTests(FragileImagesCluster cluster) : IClassFixture<FragileImagesCluster>
{
    [Theory]
    [InlineData(FragileImagesCluster.Deadly)]
    [InlineData(FragileImagesCluster.Endless)]
    public void An_image_that_no_worker_survives_is_recorded_as_poisonous(string image)
    {
        JsonElement error = Assert.Single(cluster.Result.Errors, error => error.GetProperty("image").GetString() == image);
        Assert.Equal("poisonous", error.GetProperty("cause").GetString());
        // Twice in its shard of four, at least; three times as the only image in flight.
        Assert.True(cluster.Deaths >= 2 * (2 + 3), $"{cluster.Deaths} deaths\n{cluster.Attempts}");
    }

    [Fact]
    public void All_other_images_have_a_result()
    {
        Assert.Equal((FragileImagesCluster.Images, FragileImagesCluster.Images - 2, 2), (cluster.End.Images.Total, cluster.End.Images.Done, cluster.End.Images.Failed));
        JsonElement[] detections = [.. JsonDocument.Parse(cluster.Result["detections.json"]).RootElement.EnumerateArray()];
        int[] poisonous = [.. new[] { FragileImagesCluster.Deadly, FragileImagesCluster.Endless }.Select(name => int.Parse(name[..2], System.Globalization.CultureInfo.InvariantCulture) + 1)];
        Assert.Equal(Enumerable.Range(1, FragileImagesCluster.Images).Except(poisonous), detections.Select(detection => detection.GetProperty("image_id").GetInt32()));
        Assert.Equal(2, cluster.Result.Errors.Count);
    }

    [Fact]
    public void A_worker_says_which_image_took_too_long() =>
        Assert.Contains($"image {FragileImagesCluster.Endless} has taken", cluster.Log, StringComparison.Ordinal);
}
