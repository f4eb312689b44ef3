namespace MaskRcnn.Detection.Prediction;

/// <summary>What waits in a pipeline.</summary>
/// <param name="Window">Images that are in flight and not delivered, all those below among them.</param>
/// <param name="Decode">Images that wait to be read.</param>
/// <param name="Infer">Images that wait for the model.</param>
/// <param name="Encode">Images whose detections wait to be encoded.</param>
public readonly record struct PipelineDepths(int Window, int Decode, int Infer, int Encode);
