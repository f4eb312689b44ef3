namespace MaskRcnn.Storage;

/// <summary>Something that a store cannot do; the message names the blob, what happened and what to do.</summary>
public class BlobException : IOException
{
    /// <summary>A failure on one blob.</summary>
    /// <param name="location">The store's root.</param>
    /// <param name="name">The blob.</param>
    /// <param name="reason">What happened.</param>
    /// <param name="innerException">What the service said.</param>
    public BlobException(string location, string name, string reason, Exception? innerException = null)
        : base($"{location.TrimEnd('/')}/{name}: {reason}", innerException)
    {
        Location = location;
        Name = name;
        Reason = reason;
    }

    /// <summary>The store's root.</summary>
    public string Location { get; }

    /// <summary>The blob.</summary>
    public string Name { get; }

    /// <summary>What happened, without the name.</summary>
    public string Reason { get; }
}

/// <summary>There is no such blob.</summary>
public sealed class BlobNotFoundException(string location, string name, Exception? innerException = null)
    : BlobException(location, name, "it does not exist.", innerException);

/// <summary>The blob is another version than the one asked for.</summary>
public sealed class BlobChangedException(string location, string name, string expected, string? found, Exception? innerException = null)
    : BlobException(location, name, $"it has changed: expected ETag {expected}, found {found ?? "another"}.", innerException)
{
    /// <summary>The ETag that was asked for.</summary>
    public string Expected { get; } = expected;

    /// <summary>The ETag that was found; null where it is not known.</summary>
    public string? Found { get; } = found;
}

/// <summary>The service refuses: trying again does not help, other rights or another URI do.</summary>
public sealed class BlobRefusedException(string location, string name, string reason, Exception? innerException = null)
    : BlobException(location, name, reason, innerException);

/// <summary>The blob has another size than the one that was written down for its version.</summary>
public sealed class BlobSizeException(string location, string name, long expected, long found, Exception? innerException = null)
    : BlobException(location, name, $"it has {found} bytes; expected {expected}. It is damaged, or its size was written down wrong.", innerException);

/// <summary>A link leads out of the folders that may be reached.</summary>
public sealed class BlobOutsideException(string location, string name)
    : BlobException(location, name, "a link leads out of the storage roots of this cluster. Put the file itself there, or ask its operator to add where it is to Storage:Roots.");

/// <summary>This is not a name that a blob can have; see docs/storage.md.</summary>
public sealed class BlobNameException(string location, string name, string fault)
    : BlobException(location, name, $"this is not a name of a blob: {fault}. Names are relative, with '/' between parts that are not empty, '.' or '..'.");
