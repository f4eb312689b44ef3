using Azure;
using Azure.Core;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace MaskRcnn.Storage.Azure;

/// <summary>
/// How the service may read a blob that it copies from: by the store's own SAS, by a token, or by a SAS for that blob alone,
/// made with the account's key.
/// </summary>
internal sealed class AzureSources(TokenCredential? credential, TimeProvider time)
{
    /// <summary>Longer than all tries of one copy take.</summary>
    private static readonly TimeSpan SasLife = TimeSpan.FromHours(1);

    private static readonly TokenRequestContext Scope = new(["https://storage.azure.com/.default"]);

    /// <summary>The address to copy from, and the token to go with it.</summary>
    public async Task<(Uri Address, HttpAuthorization? Authorization)> OfAsync(BlockBlobClient blob, CancellationToken cancellation)
    {
        // Credentials keep their tokens until shortly before these end.
        if (credential is not null) return (blob.Uri, new HttpAuthorization("Bearer", (await credential.GetTokenAsync(Scope, cancellation)).Token));
        return (blob.CanGenerateSasUri ? blob.GenerateSasUri(BlobSasPermissions.Read, time.GetUtcNow() + SasLife) : blob.Uri, null);
    }

    /// <summary>What to copy of it.</summary>
    public static StageBlockFromUriOptions Options(string eTag, HttpRange range, HttpAuthorization? authorization) => new()
    {
        SourceConditions = new BlobRequestConditions { IfMatch = AzureETag.Parse(eTag) },
        SourceRange = range,
        SourceAuthentication = authorization,
    };
}
