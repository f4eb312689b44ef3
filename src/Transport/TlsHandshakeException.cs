namespace MaskRcnn.Transport;

/// <summary>A connection was not made, as one side does not know the other.</summary>
public sealed class TlsHandshakeException : Exception
{
    /// <summary>Names the peer and what is wrong.</summary>
    /// <param name="message">The message.</param>
    /// <param name="inner">The cause, or null.</param>
    /// <param name="isRefusal">See <see cref="IsRefusal"/>.</param>
    public TlsHandshakeException(string message, Exception? inner = null, bool isRefusal = false)
        : base(message, inner) => IsRefusal = isRefusal;

    /// <summary>Whether the peer's certificate is the cause: trying again does not help as long as it is the same.</summary>
    public bool IsRefusal { get; }

    /// <summary>The one among an exception's causes; null: there is none.</summary>
    public static TlsHandshakeException? In(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is TlsHandshakeException found) return found;
            if (exception is AggregateException several && several.InnerExceptions.Select(In).FirstOrDefault(inner => inner is not null) is { } one) return one;
        }
        return null;
    }
}
