using Azure.Core;
using Azure.Core.Pipeline;

namespace MaskRcnn.Storage.Tests.Azure;

/// <summary>Loses requests or answers of an Azure client, below its retries.</summary>
internal sealed class BrokenNetwork : HttpPipelinePolicy
{
    /// <summary>Whether this request never arrives.</summary>
    public Func<Request, bool> LosesRequest { get; set; } = _ => false;

    /// <summary>Whether this request is done and its answer does not arrive.</summary>
    public Func<Request, bool> LosesAnswer { get; set; } = _ => false;

    /// <summary>True for the first n requests with a method.</summary>
    public static Func<Request, bool> First(int count, string method)
    {
        int seen = 0;
        return request => request.Method.Method == method && Interlocked.Increment(ref seen) <= count;
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (LosesRequest(message.Request)) throw new IOException("request lost");
        await ProcessNextAsync(message, pipeline);
        if (LosesAnswer(message.Request)) throw new IOException("answer lost");
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessAsync(message, pipeline).AsTask().GetAwaiter().GetResult();
}
