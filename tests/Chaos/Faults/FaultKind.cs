namespace MaskRcnn.Chaos.Faults;

/// <summary>What is done to a cluster.</summary>
internal enum FaultKind
{
    /// <summary><c>kill -9</c> of a worker, which is started again.</summary>
    KillWorker,

    /// <summary><c>kill -9</c> of a coordinator, which is started again.</summary>
    KillCoordinator,

    /// <summary>SIGSTOP of a worker for longer than a lease lives, then SIGCONT.</summary>
    StopWorker,

    /// <summary>The same with a coordinator.</summary>
    StopCoordinator,

    /// <summary>SIGTERM of a worker, which is started again.</summary>
    DrainWorker,

    /// <summary>SIGTERM of a coordinator, which is started again.</summary>
    DrainCoordinator,

    /// <summary>Redis is killed and started with its data.</summary>
    RestartRedis,

    /// <summary>Redis is killed and started without its data.</summary>
    LoseRedis,

    /// <summary>Storage cannot be reached; on a folder, its disk is full.</summary>
    StorageAway,

    /// <summary>Storage answers 500, 503, 409 and 412, and loses requests and answers.</summary>
    StorageErrors,
}
