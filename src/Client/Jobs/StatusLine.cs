namespace MaskRcnn.Client.Jobs;

/// <summary>A line on stderr that is written over on a terminal; elsewhere a new line, but not often.</summary>
internal sealed class StatusLine(TextWriter error, TimeProvider time)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);
    private const int WidthUnknown = 120;

    private readonly bool _terminal = IsTerminal(error);
    private long? _last;
    private bool _shown;

    /// <summary>Whether a writer is the terminal of this process.</summary>
    public static bool IsTerminal(TextWriter writer) => !Console.IsErrorRedirected && ReferenceEquals(writer, Console.Error);

    /// <summary>Shows a text.</summary>
    /// <param name="text">One line.</param>
    /// <param name="important">Whether it is written at once, where lines are not written over.</param>
    public void Show(string text, bool important = false)
    {
        if (_terminal)
        {
            int width = Console.WindowWidth is > 1 and var w ? w - 1 : WidthUnknown;
            error.Write("\r\e[K" + (text.Length <= width ? text : text[..width]));
            _shown = true;
            return;
        }
        if (!important && _last is { } last && time.GetElapsedTime(last) < BetweenLines) return;
        _last = time.GetTimestamp();
        error.WriteLine(text);
    }

    /// <summary>Takes it away, so that something else can be written.</summary>
    public void Clear()
    {
        if (_shown) error.Write("\r\e[K");
        _shown = false;
    }
}
