using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Redis;

/// <summary>Asks Redis by a <see cref="RedisLine"/>, which is kept for the next question. For one thread.</summary>
internal sealed class RedisNodes(RedisSettings settings) : IDisposable
{
    private RedisLine? _line;

    /// <summary>Asks the first node that answers.</summary>
    /// <exception cref="RedisReplyException">It answers with an error.</exception>
    /// <exception cref="IOException">None can be reached; the message has the reason of each.</exception>
    public IReadOnlyList<string?> Ask(params string[] command)
    {
        List<string> reasons = [];
        RedisReplyException? refused = null;
        // First the connection that there is; Redis may have closed it meanwhile.
        if (_line is not null && TryAsk(_line, "", out IReadOnlyList<string?>? reply)) return reply!;
        foreach (string endpoint in settings.Endpoints)
        {
            try
            {
                _line = new RedisLine(settings, endpoint);
            }
            catch (RedisReplyException exception)
            {
                (refused, _line) = (exception, null);
                continue;
            }
            catch (IOException exception)
            {
                reasons.Add($"{endpoint}: {exception.Message.TrimEnd('.')}");
                continue;
            }
            if (TryAsk(_line, endpoint, out reply)) return reply!;
        }
        throw refused ?? new IOException(string.Join("; ", reasons));

        bool TryAsk(RedisLine line, string endpoint, out IReadOnlyList<string?>? answer)
        {
            answer = null;
            try
            {
                answer = line.Ask(command);
                return true;
            }
            catch (RedisReplyException exception)
            {
                refused = exception;
            }
            catch (IOException exception)
            {
                reasons.Add($"{endpoint}: {exception.Message.TrimEnd('.')}");
            }
            line.Dispose();
            _line = null;
            return false;
        }
    }

    public void Dispose() => _line?.Dispose();
}
