using MaskRcnn.Coco.Formats.Images;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.Masks;

/// <summary>Masks from a label image, all in one pass.</summary>
internal static class LabelMasks
{
    /// <summary>The mask of each number but 0, by number. One number in several places is one mask of several parts.</summary>
    public static SortedDictionary<uint, Rle> Of(LabelImage image)
    {
        // COCO's order is by column, so the runs of a label are its runs down the columns.
        var runs = new Dictionary<uint, Runs>();
        int position = 0, start = 0;
        uint current = 0;
        for (int x = 0; x < image.Width; x++)
        {
            for (int offset = x; offset < image.Labels.Length; offset += image.Width, position++)
            {
                uint label = image.Labels[offset];
                if (label == current) continue;
                Add(current, start, position);
                (current, start) = (label, position);
            }
        }
        Add(current, start, position);
        return new SortedDictionary<uint, Rle>(runs.ToDictionary(r => r.Key, r => r.Value.ToRle(image.Height, image.Width)));

        void Add(uint label, int from, int to)
        {
            if (label == 0) return;
            if (!runs.TryGetValue(label, out Runs? known)) runs.Add(label, known = new Runs());
            known.Add(from, to);
        }
    }

    private sealed class Runs
    {
        private readonly List<uint> _counts = [];
        private int _end;

        public void Add(int from, int to)
        {
            _counts.Add((uint)(from - _end));
            _counts.Add((uint)(to - from));
            _end = to;
        }

        public Rle ToRle(int height, int width)
        {
            if (_end < height * width) _counts.Add((uint)(height * width - _end));
            return Rle.FromTrusted(height, width, [.. _counts]);
        }
    }
}
