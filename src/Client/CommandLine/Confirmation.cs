namespace MaskRcnn.Client.CommandLine;

/// <summary>Questions before something that cannot be undone.</summary>
internal static class Confirmation
{
    /// <summary>Refuses a command that would have to ask, where there is nobody.</summary>
    /// <param name="reason">What needs an answer.</param>
    /// <exception cref="CommandException">stdin is no terminal.</exception>
    public static void RequireTerminal(string reason)
    {
        if (Console.IsInputRedirected) throw CommandException.Usage($"{reason}, and there is no terminal to ask at. Say --yes, too.");
    }

    /// <summary>Asks on stderr, and waits for a line.</summary>
    /// <returns>Whether it is <c>y</c> or <c>yes</c>.</returns>
    public static bool Ask(CommandOutput output, string question)
    {
        output.Error.Write($"{question} [y/N] ");
        output.Error.Flush();
        return Console.In.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }
}
