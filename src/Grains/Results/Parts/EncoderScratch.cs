using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>A thread's buffer and writers, used again for every image.</summary>
internal sealed class EncoderScratch : IDisposable
{
    /// <summary>A buffer that one large image made larger is let go.</summary>
    private const int MostKept = 1 << 20;

    [ThreadStatic]
    private static EncoderScratch? t_scratch;

    private readonly Utf8JsonWriter _relaxed, _plain;

    private EncoderScratch()
    {
        Buffer = new ArrayBufferWriter<byte>(4096);
        // Names stay readable, and masks' runs short.
        _relaxed = new Utf8JsonWriter(Buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        // As predict writes results.
        _plain = new Utf8JsonWriter(Buffer, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>The calling thread's.</summary>
    public static EncoderScratch OfThread
    {
        get
        {
            EncoderScratch scratch = t_scratch ??= new EncoderScratch();
            if (scratch.Buffer.Capacity > MostKept)
            {
                scratch.Dispose();
                scratch = t_scratch = new EncoderScratch();
            }
            // An image that failed before may have left something.
            scratch.Buffer.ResetWrittenCount();
            return scratch;
        }
    }

    /// <summary>What is written so far.</summary>
    public ArrayBufferWriter<byte> Buffer { get; }

    public void Dispose()
    {
        _relaxed.Dispose();
        _plain.Dispose();
    }

    /// <summary>A writer of readable text onto the buffer.</summary>
    public Utf8JsonWriter Relaxed()
    {
        _relaxed.Reset();
        return _relaxed;
    }

    /// <summary>A writer with the default escapes onto the buffer.</summary>
    public Utf8JsonWriter Plain()
    {
        _plain.Reset();
        return _plain;
    }

    /// <summary>What is written; the buffer is empty then.</summary>
    public byte[] Take()
    {
        byte[] text = Buffer.WrittenSpan.ToArray();
        Buffer.ResetWrittenCount();
        return text;
    }
}
