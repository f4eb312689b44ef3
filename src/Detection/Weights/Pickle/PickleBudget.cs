namespace MaskRcnn.Detection.Weights.Pickle;

/// <summary>
/// Bounds what a pickle may make us allocate, in bytes, by the size of its file: one byte of a pickle can ask for an
/// object of a hundred.
/// </summary>
internal sealed class PickleBudget(string path, long fileLength)
{
    public const int Box = 32;

    public const int Reference = 24;

    public const int Pair = 48;

    public const int Container = 80;

    private const long Floor = 3 << 18;

    private const int Factor = 6;

    private long _left = Floor + (fileLength * Factor);

    /// <exception cref="WeightFileException">Nothing is left.</exception>
    public void Charge(long bytes)
    {
        _left -= bytes;
        if (_left < 0)
        {
            throw new WeightFileException(
                path,
                $"the pickle builds objects out of proportion to the file's {fileLength} bytes. It is damaged, or made to exhaust memory.");
        }
    }
}
