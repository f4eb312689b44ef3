using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// Work on threads of its own, a little ahead of who takes the results, in order. Waiting for a store must not block the
/// threads that grains run on.
/// </summary>
internal sealed class OrderedWork : IDisposable
{
    private readonly BlockingCollection<Action> _queue = [];
    private readonly Thread[] _threads;

    public OrderedWork(int threads)
    {
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(Work) { IsBackground = true, Name = $"reducer {i}" })];
        foreach (Thread thread in _threads) thread.Start();
    }

    /// <summary>Applies <paramref name="work"/> to every item, at most <paramref name="ahead"/> of them before they are asked for.</summary>
    public IEnumerable<TResult> Select<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, CancellationToken, TResult> work, int ahead, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        CancellationToken token = stop.Token;
        var pending = new Queue<Slot<TResult>>();
        using IEnumerator<TItem> source = items.GetEnumerator();
        bool more = true;
        try
        {
            while (true)
            {
                while (more && pending.Count < ahead && (more = source.MoveNext()))
                {
                    TItem item = source.Current;
                    var slot = new Slot<TResult>();
                    pending.Enqueue(slot);
                    _queue.Add(() => slot.Run(() => work(item, token), token), CancellationToken.None);
                }
                if (pending.Count == 0) yield break;
                cancellation.ThrowIfCancellationRequested();
                yield return pending.Dequeue().Wait(cancellation);
            }
        }
        finally
        {
            // What was begun and is not wanted any more ends before the caller goes on: nothing of it happens later.
            stop.Cancel();
            foreach (Slot<TResult> slot in pending) slot.WaitForEnd();
        }
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        foreach (Thread thread in _threads) thread.Join();
        _queue.Dispose();
    }

    private void Work()
    {
        foreach (Action action in _queue.GetConsumingEnumerable()) action();
    }

    private sealed class Slot<T>
    {
        // An error is a result here: a faulted task that nobody waits for would be reported as unobserved.
        private readonly TaskCompletionSource<(T? Value, ExceptionDispatchInfo? Error)> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run(Func<T> work, CancellationToken cancellation)
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                _outcome.SetResult((work(), null));
            }
            catch (Exception exception)
            {
                _outcome.SetResult((default, ExceptionDispatchInfo.Capture(exception)));
            }
        }

        public T Wait(CancellationToken cancellation)
        {
            _outcome.Task.Wait(cancellation);
            _outcome.Task.Result.Error?.Throw();
            return _outcome.Task.Result.Value!;
        }

        public void WaitForEnd() => _outcome.Task.Wait(CancellationToken.None);
    }
}
