using System.Text;
using System.Text.Json;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Prediction;

namespace MaskRcnn.Detection.Tests.Prediction;

public sealed class DetectionJsonTests
{
    private static readonly DetectedInstance Instance = new() { Label = 2, Score = .5f, Box = new Box(1, 2, 4.5f, 8), Keypoints = [1, 2, 1] };

    [Fact]
    public void A_line_is_a_detection_in_COCOs_results_format()
    {
        ImageDetections detections = new(10, 10, [Instance, Instance with { Label = 1, Keypoints = null, Mask = Rle.FromCounts(2, 2, [0, 1, 3]) }]);
        string[] lines = [.. DetectionJson.Lines(detections, 7, new Dictionary<int, long> { [1] = 40, [2] = 90 }).Select(Encoding.UTF8.GetString)];
        Assert.Equal("""{"image_id":7,"category_id":90,"bbox":[1,2,3.5,6],"score":0.5,"keypoints":[1,2,1]}""", lines[0]);
        Assert.Equal("""{"image_id":7,"category_id":40,"bbox":[1,2,3.5,6],"score":0.5,"segmentation":{"size":[2,2],"counts":"013"}}""", lines[1]);
    }

    [Fact]
    public void An_instance_may_have_members_before_and_after()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
            DetectionJson.WriteInstance(json, Instance, 3, before: writer => writer.WriteNumber("id", 1), after: writer => writer.WriteString("category", "dog"));
        Assert.Equal("""{"id":1,"category_id":3,"bbox":[1,2,3.5,6],"score":0.5,"keypoints":[1,2,1],"category":"dog"}""", Encoding.UTF8.GetString(stream.ToArray()));
    }
}
