using System.Net;
using System.Text.RegularExpressions;

namespace MaskRcnn.Storage.S3;

/// <summary>Makes an exception of every answer that is not well, with the service's code: what the library makes of them is not always to be told apart.</summary>
internal sealed partial class S3Answers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MostOfAnswer = 8 << 10;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            string code = Code().Match(await HeadAsync(response, cancellationToken)) is { Success: true } match ? match.Groups[1].Value : "no reason given";
            throw new HttpRequestException(HttpRequestError.InvalidResponse, code, null, response.StatusCode);
        }
    }

    private static async Task<string> HeadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.NotModified) return "";
        byte[] head = new byte[MostOfAnswer];
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        int length = await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        return System.Text.Encoding.UTF8.GetString(head, 0, length);
    }

    [GeneratedRegex("<Code>([A-Za-z0-9.]{1,100})</Code>", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
