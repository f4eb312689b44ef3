using System.Runtime.InteropServices;

namespace MaskRcnn.Coco.Json;

/// <summary>A JSON file to read: opens it, parses its batches in parallel, and gives errors their place.</summary>
internal sealed class JsonSource
{
    private readonly Func<Stream> _open;
    private bool _canReadAgain = true;

    public JsonSource(string name, Func<Stream> open)
    {
        Name = name;
        _open = open;
    }

    public string Name { get; }

    /// <summary>Whether batches are parsed one after another by whoever calls <see cref="Parse"/>: for small texts, and callers that must leave the pool alone.</summary>
    public bool OnCallingThread { get; init; }

    public static JsonSource File(string path) => new(path, () => new FileStream(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read,
        BufferSize = 0,
        Options = FileOptions.SequentialScan,
    }));

    public static JsonSource Memory(string name, byte[] text) => new(name, () => new MemoryStream(text, writable: false));

    /// <summary>Text in memory, parsed by its caller.</summary>
    public static JsonSource Here(string name, ReadOnlyMemory<byte> text) => new(name, () => MemoryMarshal.TryGetArray(text, out ArraySegment<byte> array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(text.ToArray(), writable: false))
    {
        OnCallingThread = true,
    };

    /// <summary>Parses every batch, several at a time.</summary>
    /// <param name="parse">Parses one batch; called on several threads. Throws <see cref="JsonElementException"/> for bad elements.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <param name="root">What the file must be; null for either.</param>
    /// <returns>The results in the order of the file.</returns>
    /// <exception cref="CocoFormatException">The first error in the file.</exception>
    public List<T> Parse<T>(Func<JsonBatch, T> parse, CancellationToken cancellationToken, JsonRoot? root = null)
    {
        if (OnCallingThread) return ParseHere(parse, root, cancellationToken);
        var results = new List<Task<T>>();
        using Stream stream = _open();
        _canReadAgain = stream.CanSeek;
        using var slots = new SemaphoreSlim(2 * Environment.ProcessorCount);
        bool failed = false;
        Exception? cut = null;
        var sections = new JsonSections(this, stream, root);
        try
        {
            foreach (JsonBatch batch in sections.Read())
            {
                if (Volatile.Read(ref failed)) break;
                Start(batch, cancellationToken);
            }
        }
        catch (CocoFormatException exception)
        {
            // An element before the place where cutting stopped may be wrong too; the first error in the file is the one to name.
            cut = exception;
            if (sections.Rest() is { } rest) Start(rest, CancellationToken.None);
        }
        catch (Exception exception)
        {
            cut = exception;
        }
        // Nothing is thrown before the last parser is done with the slots.
        try
        {
            Task.WaitAll([.. results], CancellationToken.None);
        }
        catch (AggregateException)
        {
            // The first in the order of the file is thrown next.
        }
        foreach (Task<T> result in results)
        {
            if (result.IsFaulted) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(result.Exception.InnerException!);
        }
        if (cut is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cut);
        return results.ConvertAll(r => r.Result);

        void Start(JsonBatch batch, CancellationToken waiting)
        {
            slots.Wait(waiting);
            results.Add(Task.Run(() => ParseOne(batch), CancellationToken.None));
        }

        T ParseOne(JsonBatch batch)
        {
            try
            {
                return parse(batch);
            }
            catch
            {
                Volatile.Write(ref failed, true);
                throw;
            }
            finally
            {
                batch.Return();
                slots.Release();
            }
        }
    }

    private List<T> ParseHere<T>(Func<JsonBatch, T> parse, JsonRoot? root, CancellationToken cancellationToken) => [.. Each(parse, cancellationToken, root)];

    /// <summary>Parses batch by batch on the thread of whoever enumerates; only one batch is in memory.</summary>
    /// <inheritdoc cref="Parse"/>
    public IEnumerable<T> Each<T>(Func<JsonBatch, T> parse, CancellationToken cancellationToken, JsonRoot? root = null)
    {
        using Stream stream = _open();
        _canReadAgain = stream.CanSeek;
        var sections = new JsonSections(this, stream, root);
        using IEnumerator<JsonBatch> batches = sections.Read().GetEnumerator();
        while (Next())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return ParseOne(batches.Current);
        }

        bool Next()
        {
            try
            {
                return batches.MoveNext();
            }
            catch (CocoFormatException)
            {
                // As above: an element before the place where cutting stopped may be wrong too.
                if (sections.Rest() is { } rest) ParseOne(rest);
                throw;
            }
        }

        T ParseOne(JsonBatch batch)
        {
            try
            {
                return parse(batch);
            }
            finally
            {
                batch.Return();
            }
        }
    }

    /// <summary>An error at a place of this file; its line is counted by reading the file again.</summary>
    public CocoFormatException Error(long byteOffset, long? annotationId, string found, string expected) =>
        new(Name, byteOffset, LineOf(byteOffset), annotationId, found, expected);

    private long? LineOf(long byteOffset)
    {
        // A pipe is gone once it is read.
        if (!_canReadAgain) return null;
        try
        {
            using Stream stream = _open();
            var buffer = new byte[1 << 16];
            long line = 1;
            for (long left = byteOffset; left > 0;)
            {
                int read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0) break;
                line += buffer.AsSpan(0, read).Count((byte)'\n');
                left -= read;
            }
            return line;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
