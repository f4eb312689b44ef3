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

    /// <summary>How many bytes the outcomes take that start here.</summary>
    public int LengthOf(ReadOnlySpan<byte> bytes)
    {
        int length = CodeBytes;
        if (length == 1 && (bytes[0] & 0xaa) == 0) return 1;
        for (int i = 0; i < CodeBytes; i++) length += BitOperations.PopCount(bytes[i] & 0xaau) + (2 * _maskBytes - 1) * BitOperations.PopCount((uint)(bytes[i] & (bytes[i] >> 1)) & 0x55);
        return length;
    }

    /// <summary>The codes of up to four area ranges, if all are decided without further bytes: bit 2a says that range a is ignored.</summary>
    /// <returns>Whether they are.</returns>
    public bool TryReadSimple(ReadOnlySpan<byte> bytes, out uint ignored)
    {
        ignored = bytes[0];
        return _ranges <= 4 && (ignored & 0xaa) == 0;
    }

    /// <summary>Reads outcomes whose length is known to be right.</summary>
    public void Read(ReadOnlySpan<byte> bytes, Span<Outcome> outcomes)
    {
        int next = CodeBytes;
        for (int a = 0; a < _ranges; a++)
        {
            switch (bytes[a >> 2] >> (2 * (a & 3)) & 3)
            {
                case False:
                    outcomes[a] = default;
                    break;
                case Ignored:
                    outcomes[a] = new Outcome(0, _all);
                    break;
                case TrueUpTo:
                    int count = bytes[next++];
                    outcomes[a] = new Outcome(count >= 64 ? _all : ((1UL << count) - 1) & _all, 0);
                    break;
                default:
                    outcomes[a] = new Outcome(Mask(bytes, ref next), Mask(bytes, ref next));
                    break;
            }
        }
    }

    private ulong Mask(ReadOnlySpan<byte> bytes, ref int next)
    {
        ulong value = 0;
        for (int i = 0; i < _maskBytes; i++) value |= (ulong)bytes[next++] << (8 * i);
        return value & _all;
    }

    private int CodeOf(Outcome outcome)
    {
        if (outcome.TruePositive == 0 && outcome.Ignored == 0) return False;
        if (outcome.TruePositive == 0 && outcome.Ignored == _all) return Ignored;
        bool prefix = (outcome.TruePositive & (outcome.TruePositive + 1)) == 0;
        return outcome.Ignored == 0 && prefix ? TrueUpTo : Explicit;
    }
}
