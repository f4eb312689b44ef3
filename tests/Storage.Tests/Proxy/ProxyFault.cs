namespace MaskRcnn.Storage.Tests.Proxy;

/// <summary>What happens to a request on its way to a service.</summary>
internal enum ProxyFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It comes late.</summary>
    Delay,

    /// <summary>The connection is closed; the service never hears of it.</summary>
    RequestLost,

    /// <summary>The service does it, and the connection is closed before the answer.</summary>
    AnswerLost,

    /// <summary>500, and nothing is done.</summary>
    Error,

    /// <summary>500, and it is done.</summary>
    ErrorAfter,

    /// <summary>503, and nothing is done.</summary>
    Busy,

    /// <summary>409, and nothing is done.</summary>
    Conflict,

    /// <summary>412, and nothing is done.</summary>
    ConditionFailed,
}
