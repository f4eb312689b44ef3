namespace MaskRcnn.Storage;

/// <summary>What may be an attempt's id, in every store.</summary>
internal static class AttemptId
{
    /// <summary>Longest id.</summary>
    public const int MostCharacters = 128;

    /// <summary>Throws when this is not an attempt's id.</summary>
    public static void Check(string attempt)
    {
        if (attempt.Length is 0 or > MostCharacters || attempt.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new ArgumentException($"'{attempt}' is not the id of an attempt: 1 to {MostCharacters} ASCII characters without spaces are expected.", nameof(attempt));
    }
}
