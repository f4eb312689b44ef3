using System.Text.Json.Serialization;

namespace MaskRcnn.Detection.Training.Checkpoints;

/// <summary>Where a run is. Order, augmentation and sampling are functions of seed and step, so that there is no more to it.</summary>
/// <param name="Step">Steps that were made.</param>
/// <param name="EvaluatedAt">The last step that was evaluated; 0 for none.</param>
/// <param name="Best">The best evaluation so far, or null.</param>
/// <param name="Threads">Threads that computed: only with the same number do libtorch's sums have the same bits.</param>
public sealed record RunState(
    [property: JsonPropertyName("step")] long Step,
    [property: JsonPropertyName("evaluated_at")] long EvaluatedAt,
    [property: JsonPropertyName("best")] BestEvaluation? Best,
    [property: JsonPropertyName("threads")] int Threads);

/// <summary>The best evaluation of a run.</summary>
/// <param name="Step">After how many steps.</param>
/// <param name="Ap">AP of masks, or what the model finds.</param>
/// <param name="Ap50">AP at IoU 0.5.</param>
public sealed record BestEvaluation(
    [property: JsonPropertyName("step")] long Step,
    [property: JsonPropertyName("ap")] double Ap,
    [property: JsonPropertyName("ap50")] double Ap50);
