namespace MaskRcnn.Grains.Workers;

/// <summary>Faults after which a GPU answers nothing any more in this process: the next images are not to blame.</summary>
internal static class DeviceFault
{
    private static readonly string[] Marks = ["CUDA error", "CUDNN_STATUS", "CUBLAS_STATUS", "device-side assert"];

    /// <summary>Whether an error is such a fault. Being out of memory is none.</summary>
    public static bool IsCauseOf(Exception error) =>
        Marks.Any(mark => error.Message.Contains(mark, StringComparison.OrdinalIgnoreCase)) && !error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);
}
