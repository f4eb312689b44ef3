using MaskRcnn.Detection.Weights.Bytes;
using MaskRcnn.Detection.Weights.Safetensors;
using MaskRcnn.Detection.Weights.Torch;

namespace MaskRcnn.Detection.Weights;

/// <summary>
/// A file of weights: safetensors, or a state dict saved by PyTorch. It stays open, and tensors are read when they are
/// asked for. Nothing in a file is executed, and a file cannot make the reader allocate out of proportion to its size.
/// </summary>
public sealed class WeightFile : IDisposable
{
    private const int StartLength = 16;

    /// <summary>What training on several GPUs puts before each key.</summary>
    private const string ParallelPrefix = "module.";

    private WeightFile(string path, WeightFormat format, StateDict weights) => (Path, Format, Weights) = (path, format, weights);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its format, by its content.</summary>
    public WeightFormat Format { get; }

    /// <summary>Its tensors under the file's own names, without <c>module.</c> where all have it.</summary>
    public StateDict Weights { get; }

    /// <summary>Opens a file and reads everything but the numbers.</summary>
    /// <param name="path">The file; its extension does not matter.</param>
    /// <exception cref="WeightFileException">It is damaged, of no known format, or names a Python object that is refused.</exception>
    /// <exception cref="IOException">It cannot be opened, or does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static WeightFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        FileBytes file = FileBytes.Open(path);
        try
        {
            (WeightFormat format, StateDict weights) = Read(file, file);
            return new WeightFile(path, format, weights);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads weights from bytes.</summary>
    internal static (WeightFormat Format, StateDict Weights) Read(ByteSource file, IDisposable? owner)
    {
        byte[] start = file.Slice(0, Math.Min(StartLength, file.Length)).ReadAll();
        (WeightFormat format, StateDict weights) = start switch
        {
            // A safetensors file may start with any byte, so its ninth is looked at first.
            _ when SafetensorsReader.Recognises(start) => (WeightFormat.Safetensors, SafetensorsReader.Read(file, owner)),
            _ when TorchZipReader.Recognises(start) => (WeightFormat.TorchZip, TorchZipReader.Read(file, owner)),
            _ when TorchLegacyReader.Recognises(start) => (WeightFormat.TorchLegacy, TorchLegacyReader.Read(file, owner)),
            [] => throw new WeightFileException(file.Path, "the file is empty; expected safetensors or what torch.save writes."),
            _ => throw new WeightFileException(file.Path, $"it starts with the bytes {Convert.ToHexString(start)}; expected safetensors or what torch.save writes."),
        };
        bool parallel = weights.Tensors.Count > 0 && weights.Tensors.All(t => t.Name.StartsWith(ParallelPrefix, StringComparison.Ordinal));
        return (format, parallel ? weights.With([.. weights.Tensors.Select(t => t.Named(t.Name[ParallelPrefix.Length..]))]) : weights);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => Weights.Dispose();
}
