namespace MaskRcnn.Samples.Microscopy.Measurement;

/// <summary>Which nuclei touch: a pixel of one shares an edge with a pixel of the other.</summary>
internal static class Contacts
{
    public static HashSet<uint> Touching(ReadOnlySpan<uint> labels, int width, int height)
    {
        var touching = new HashSet<uint>();
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, at++)
            {
                uint label = labels[at];
                if (label == 0) continue;
                if (x > 0) Compare(label, labels[at - 1]);
                if (y > 0) Compare(label, labels[at - width]);
            }
        }
        return touching;

        void Compare(uint label, uint other)
        {
            if (other == 0 || other == label) return;
            touching.Add(label);
            touching.Add(other);
        }
    }
}
