namespace MaskRcnn.Client.Results;

/// <summary>Copies a result to a local folder.</summary>
internal sealed class ResultDownload(JobResults results, string folder, IProgress<long>? progress)
{
    private const int BufferSize = 1 << 17;

    private long _bytes;

    public async Task RunAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        string manifest = Path.Combine(folder, JobResults.ManifestName);
        // Where a manifest is, everything it names is; an older one would say so too early.
        File.Delete(manifest);
        foreach (ResultFile file in results.Manifest.Files)
            await WriteAsync(Path.Combine(folder, file.Name), stream => CopyAsync(file, stream, cancellation)).ConfigureAwait(false);
        await WriteAsync(manifest, stream => stream.WriteAsync(results.ManifestBytes, cancellation).AsTask()).ConfigureAwait(false);
    }

    private async Task CopyAsync(ResultFile file, Stream target, CancellationToken cancellation)
    {
        using var check = new ResultCheck(file);
        byte[] buffer = new byte[BufferSize];
        Stream source = await results.OpenFileAsync(file.Name, cancellation).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                check.Add(buffer.AsSpan(0, read));
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                _bytes += read;
                progress?.Report(_bytes);
            }
        }
        if (check.Fault() is { } fault) throw new InvalidDataException($"{results.Location}/{file.Name} {fault}. It was changed after the job ended, or is damaged.");
    }

    private static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}.tmp");
        try
        {
            var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, useAsync: true);
            await using (stream.ConfigureAwait(false)) await write(stream).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
