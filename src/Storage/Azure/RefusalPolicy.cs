using Azure.Core;
using Azure.Core.Pipeline;

namespace MaskRcnn.Storage.Azure;

/// <summary>
/// Repeats requests that are refused by 412 although they set no condition, or by 409 although they do not say that there
/// must be no blob: nothing can have refused them but something between, or a service in trouble. Other refusals are
/// looked at by who set the condition.
/// </summary>
internal sealed class RefusalPolicy(TimeProvider time) : HttpPipelinePolicy
{
    private const int Tries = 4;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Conditions = ["If-Match", "If-None-Match", "x-ms-source-if-match", "x-ms-source-if-none-match", "x-ms-lease-id"];

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        for (int tries = 1; ; tries++)
        {
            await ProcessNextAsync(message, pipeline);
            if (tries == Tries || !IsUnfounded(message)) return;
            message.Response.Dispose();
            await Task.Delay(FirstWait * (1 << (tries - 1)), time, message.CancellationToken);
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        // Only asynchronous calls are made; a synchronous one is not worth a second way of waiting.
        ProcessNext(message, pipeline);
    }

    private static bool IsUnfounded(HttpMessage message)
    {
        // A container that is there already is an answer, too.
        if (!message.HasResponse || (message.Request.Method != RequestMethod.Get && message.Request.Uri.Query.Contains("restype=container", StringComparison.Ordinal))) return false;
        RequestHeaders headers = message.Request.Headers;
        return message.Response.Status switch
        {
            409 => !headers.Contains("If-None-Match"),
            412 => !Array.Exists(Conditions, headers.Contains),
            _ => false,
        };
    }
}
