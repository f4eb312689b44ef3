using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Tests.Weights;

/// <summary>Reads files that may be anything, and watches what the reader does.</summary>
internal static class HostileFiles
{
    private const int Floor = 2 << 20;

    private const int Factor = 16;

    /// <summary>Reads all of a file: it must be read or refused, in memory that its size justifies.</summary>
    /// <returns>The error's message, or null when it was read.</returns>
    public static string? Read(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string? error = null;
        try
        {
            (_, StateDict weights) = WeightFile.Read(new MemoryBytes(file, "hostile"), null);
            foreach (StoredTensor tensor in weights.Tensors) tensor.ToBytes();
        }
        catch (WeightFileException exception)
        {
            Assert.Equal("hostile", exception.Path);
            error = exception.Message;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= ((long)file.Length * Factor) + Floor, $"{allocated} bytes were allocated for a file of {file.Length}. {error}");
        return error;
    }

    public static void IsRefused(byte[] file, string message)
    {
        string? error = Read(file);
        Assert.True(error is not null && error.Contains(message, StringComparison.Ordinal), $"Expected the error '{message}', got: {error ?? "none, the file was read"}");
    }
}
