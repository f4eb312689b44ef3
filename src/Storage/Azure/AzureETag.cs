using Azure;

namespace MaskRcnn.Storage.Azure;

/// <summary>ETags as text. Headers have them in quotes, listings without; here they never have any.</summary>
internal static class AzureETag
{
    public static string Text(ETag eTag) => eTag.ToString().Trim('"');

    public static ETag Parse(string text) => new($"\"{text}\"");
}
