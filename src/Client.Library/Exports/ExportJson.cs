using System.Buffers;
using System.Text.Json;
using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Client.Exports;

/// <summary>A JSON file of any size that is being written.</summary>
internal sealed class ExportJson : IAsyncDisposable
{
    private const int FlushBytes = 1 << 16;

    private readonly ArrayBufferWriter<byte> _buffer = new(2 * FlushBytes);
    private readonly ExportFile _file;

    private ExportJson(ExportFile file) => (_file, Writer) = (file, new Utf8JsonWriter(_buffer, CocoWriter.Options));

    /// <summary>Writes into memory; <see cref="FlushAsync"/> carries it on.</summary>
    public Utf8JsonWriter Writer { get; }

    public static async Task<ExportJson> BeginAsync(ExportOutput output, string name, CancellationToken cancellation) =>
        new(await output.BeginAsync(name, cancellation).ConfigureAwait(false));

    /// <summary>To be called after every element.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellation, bool all = false)
    {
        if (!all && Writer.BytesPending + _buffer.WrittenCount < FlushBytes) return;
        Writer.Flush();
        await _file.WriteAsync(_buffer.WrittenMemory, cancellation).ConfigureAwait(false);
        _buffer.ResetWrittenCount();
    }

    /// <summary>Ends the document; another may follow on the next line.</summary>
    public void EndLine()
    {
        Writer.Flush();
        Writer.Reset();
        _buffer.Write("\n"u8);
    }

    /// <summary>Makes the file visible.</summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        await FlushAsync(cancellation, all: true).ConfigureAwait(false);
        await _file.CommitAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync().ConfigureAwait(false);
        await _file.DisposeAsync().ConfigureAwait(false);
    }
}
