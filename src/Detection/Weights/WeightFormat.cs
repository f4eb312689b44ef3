namespace MaskRcnn.Detection.Weights;

/// <summary>The formats of weight files that are read.</summary>
public enum WeightFormat
{
    /// <summary>safetensors.</summary>
    Safetensors,

    /// <summary>PyTorch 1.6 and newer: a zip file.</summary>
    TorchZip,

    /// <summary>PyTorch before 1.6: pickles in a row.</summary>
    TorchLegacy,
}
