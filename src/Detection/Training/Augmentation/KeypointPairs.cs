using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>Which keypoints a mirror image swaps.</summary>
internal sealed class KeypointPairs
{
    private const int CocoKeypoints = 17;

    /// <summary>COCO's: eyes, ears, shoulders, elbows, wrists, hips, knees and ankles; the nose is alone.</summary>
    private static readonly int[][] Coco = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12], [13, 14], [15, 16]];

    private readonly IReadOnlyList<IReadOnlyList<int>>? _pairs;

    /// <param name="pairs">The pairs; null for COCO's where an object has 17 keypoints.</param>
    public KeypointPairs(IReadOnlyList<IReadOnlyList<int>>? pairs = null) => _pairs = pairs;

    /// <summary>Swaps in place.</summary>
    public void Swap(Keypoint[] keypoints)
    {
        foreach (IReadOnlyList<int> pair in _pairs ?? (keypoints.Length == CocoKeypoints ? Coco : []))
        {
            if (Math.Max(pair[0], pair[1]) >= keypoints.Length)
                throw new ArgumentException($"Keypoints {pair[0]} and {pair[1]} are a pair, but an object has {keypoints.Length}; expected pairs within them.", nameof(keypoints));
            (keypoints[pair[0]], keypoints[pair[1]]) = (keypoints[pair[1]], keypoints[pair[0]]);
        }
    }
}
