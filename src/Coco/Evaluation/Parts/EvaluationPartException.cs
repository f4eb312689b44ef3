namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>A part that cannot be read, or parts that cannot be merged; the message names the part and the reason.</summary>
public sealed class EvaluationPartException : FormatException
{
    /// <inheritdoc/>
    public EvaluationPartException(string message) : base(message) { }

    /// <inheritdoc/>
    public EvaluationPartException(string message, Exception innerException) : base(message, innerException) { }

    /// <inheritdoc/>
    public EvaluationPartException() { }
}
