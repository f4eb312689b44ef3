namespace MaskRcnn.Silo.Redis;

/// <summary>Redis has answered with an error, such as <c>WRONGPASS …</c>.</summary>
internal sealed class RedisReplyException(string reply) : IOException(reply)
{
    /// <summary>The error's first word.</summary>
    public string Code { get; } = reply.Split(' ', 2)[0];

    /// <summary>Whether asking again will not help: the user or the password is wrong, or may not do this.</summary>
    public bool IsRefusal => Code is "WRONGPASS" or "NOAUTH" or "NOPERM" || Message.StartsWith("ERR AUTH", StringComparison.Ordinal);
}
