namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>Scores as integers whose ascending order is the scores' descending order; 0 and -0 are equal.</summary>
internal static class ScoreOrder
{
    public static ulong Key(double score)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(score + 0.0);
        return (long)bits < 0 ? bits : ~bits & long.MaxValue;
    }
}
