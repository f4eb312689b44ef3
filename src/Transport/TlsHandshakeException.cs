namespace MaskRcnn.Transport;

/// <summary>A connection was not made, as one side does not know the other.</summary>
public sealed class TlsHandshakeException : Exception
{
    /// <summary>Names the peer and what is wrong.</summary>
    /// <param name="message">The message.</param>
    /// <param name="inner">The cause, or null.</param>
    public TlsHandshakeException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
