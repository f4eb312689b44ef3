using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Masks;
using MaskRcnn.Detection.RoiHeads;

namespace MaskRcnn.Detection.Inference;

/// <summary>The network's output at the size of the image: boxes scaled back, masks as runs, keypoints as points.</summary>
internal sealed class DetectionEncoder(ModelConfiguration configuration)
{
    /// <summary>Encodes the detections of one image.</summary>
    public ImageDetections Encode(NetworkOutput output, int image, (int Height, int Width) original, (int Height, int Width) resized)
    {
        RegionDetections detections = output.Detections[image];
        DetectedInstance[] instances = new DetectedInstance[detections.Boxes.Length];
        float ratioX = (float)original.Width / resized.Width, ratioY = (float)original.Height / resized.Height;
        KernelThreads.For(instances.Length, i =>
        {
            Box region = detections.Boxes[i];
            Box box = BoxGeometry.Scale(region, ratioX, ratioY);
            instances[i] = new DetectedInstance
            {
                Label = detections.Labels[i],
                Score = detections.Scores[i],
                Box = box,
                Mask = output.Masks is { } masks ? masks[image].Encode(i, box, original) : null,
                Keypoints = output.KeypointMaps is { } maps ? Keypoints(maps[image], i, region, ratioX, ratioY) : null,
            };
        });
        return new ImageDetections(original.Width, original.Height, configuration.PostProcessing.MaskNmsThreshold is { } threshold ? MaskSuppression.Run(instances, threshold) : instances);
    }

    private float[] Keypoints(float[] maps, int index, Box region, float ratioX, float ratioY)
    {
        int side = 4 * configuration.KeypointHead!.PooledSize, count = configuration.KeypointHead.Keypoints;
        float[] points = new float[3 * count];
        for (int k = 0; k < count; k++)
        {
            (float x, float y, _) = KeypointDecoder.Decode(maps.AsSpan((index * count + k) * side * side, side * side), side, region);
            (points[3 * k], points[3 * k + 1], points[3 * k + 2]) = (x * ratioX, y * ratioY, 1);
        }

        return points;
    }
}
