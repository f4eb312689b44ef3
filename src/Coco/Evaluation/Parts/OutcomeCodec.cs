using System.Numerics;
using MaskRcnn.Coco.Evaluation.Matching;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>
/// A detection's outcomes in few bytes: two bits for each area range, then what those bits leave open. Most detections
/// are false or ignored at every threshold, or right up to some threshold and false beyond.
/// </summary>
internal readonly struct OutcomeCodec
{
    private const int False = 0, Ignored = 1, TrueUpTo = 2, Explicit = 3;

    private readonly int _ranges;
    private readonly int _maskBytes;
    private readonly ulong _all;

    public OutcomeCodec(EvaluationParameters parameters)
    {
        int thresholds = parameters.IouThresholds.Length;
        _ranges = parameters.AreaRanges.Length;
        _maskBytes = (thresholds + 7) / 8;
        _all = thresholds == 64 ? ulong.MaxValue : (1UL << thresholds) - 1;
    }

    private int CodeBytes => (_ranges + 3) / 4;

    /// <summary>The most bytes that outcomes take.</summary>
    public int MaxBytes => CodeBytes + 2 * _maskBytes * _ranges;

    public void Write(ByteWriter writer, ReadOnlySpan<Outcome> outcomes)
    {
        for (int first = 0; first < _ranges; first += 4)
        {
            int codes = 0;
            for (int a = first; a < Math.Min(first + 4, _ranges); a++) codes |= CodeOf(outcomes[a]) << (2 * (a - first));
            writer.Byte((byte)codes);
        }
        foreach (Outcome outcome in outcomes)
        {
            switch (CodeOf(outcome))
            {
                case TrueUpTo:
                    writer.Byte((byte)BitOperations.TrailingZeroCount(~outcome.TruePositive));
                    break;
                case Explicit:
                    writer.Low(outcome.TruePositive, _maskBytes);
                    writer.Low(outcome.Ignored, _maskBytes);
                    break;
            }
        }
    }

    public void Read(ref ByteReader reader, Span<Outcome> outcomes)
    {
        ReadOnlySpan<byte> codes = reader.Take(CodeBytes);
        for (int a = 0; a < _ranges; a++)
        {
            switch (codes[a >> 2] >> (2 * (a & 3)) & 3)
            {
                case False:
                    outcomes[a] = default;
                    break;
                case Ignored:
                    outcomes[a] = new Outcome(0, _all);
                    break;
                case TrueUpTo:
                    int count = reader.Byte();
                    outcomes[a] = new Outcome(count >= 64 ? _all : ((1UL << count) - 1) & _all, 0);
                    break;
                default:
                    outcomes[a] = new Outcome(reader.Low(_maskBytes) & _all, reader.Low(_maskBytes) & _all);
                    break;
            }
        }
    }

    private int CodeOf(Outcome outcome)
    {
        if (outcome.TruePositive == 0 && outcome.Ignored == 0) return False;
        if (outcome.TruePositive == 0 && outcome.Ignored == _all) return Ignored;
        bool prefix = (outcome.TruePositive & (outcome.TruePositive + 1)) == 0;
        return outcome.Ignored == 0 && prefix ? TrueUpTo : Explicit;
    }
}
