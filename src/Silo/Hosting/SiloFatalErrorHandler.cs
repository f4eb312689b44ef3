using MaskRcnn.Grains;

namespace MaskRcnn.Silo.Hosting;

/// <summary>What becomes of a silo that Orleans finds it cannot go on with: its process ends with a code of its own, where Orleans' own would abort it.</summary>
internal sealed class SiloFatalErrorHandler(IProcessEnd process) : IFatalErrorHandler
{
    /// <summary>Orleans' part that tells a silo that others have declared it dead; then there is no exception.</summary>
    private const string Members = "MembershipTableManager";

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        bool isDeclaredDead = exception is null && sender?.GetType().Name == Members;
        process.Now(isDeclaredDead ? SiloExitCode.NotAMember : SiloExitCode.Fault, isDeclaredDead
            ? $"the others have declared this silo dead: {context} Start it again."
            : $"this silo cannot go on: {context}: {exception}");
    }
}
