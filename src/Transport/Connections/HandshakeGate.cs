namespace MaskRcnn.Transport.Connections;

/// <summary>How many connections of a port may be on their way at once: strangers must not cost more than this.</summary>
/// <param name="waiting">Connections that have not finished their handshake; more are closed at once.</param>
/// <param name="atOnce">Handshakes that are being computed.</param>
internal sealed class HandshakeGate(int waiting = HandshakeGate.UsualWaiting, int atOnce = HandshakeGate.UsualAtOnce) : IDisposable
{
    public const int UsualWaiting = 1024;
    public const int UsualAtOnce = 64;

    /// <summary>How long all of it may take: hello, waiting for a turn, and the handshake.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turns = new(atOnce);
    private int _waiting;

    /// <summary>Connections that have not finished their handshake.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Lets a connection in, if there are not too many.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _waiting) <= waiting) return true;
        Leave();
        return false;
    }

    /// <summary>Ends what <see cref="TryEnter"/> began.</summary>
    public void Leave() => Interlocked.Decrement(ref _waiting);

    /// <summary>Does a handshake when its turn has come.</summary>
    public async Task InTurnAsync(Func<Task> handshake, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await handshake().ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
