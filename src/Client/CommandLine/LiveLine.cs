namespace MaskRcnn.Client.CommandLine;

/// <summary>A line on stderr that is written over again and again; silent where stderr is no terminal.</summary>
/// <param name="error">stderr.</param>
internal sealed class LiveLine(TextWriter error)
{
    private int _length;

    /// <summary>Whether there is a terminal to show it.</summary>
    public bool IsVisible { get; } = !Console.IsErrorRedirected && ReferenceEquals(error, Console.Error);

    /// <summary>Shows a text in place of the one before, as much as fits the terminal.</summary>
    public void Show(string text)
    {
        if (!IsVisible) return;
        // A line that wraps could not be written over. A terminal that does not tell its width has 0.
        int width = Console.WindowWidth is > 1 and int columns ? columns - 1 : int.MaxValue;
        string fitting = text.Length <= width ? text : text[..width];
        error.Write('\r' + fitting.PadRight(_length));
        _length = fitting.Length;
    }

    /// <summary>Leaves an empty line.</summary>
    public void Clear()
    {
        if (_length == 0) return;
        Show("");
        error.Write('\r');
    }
}
