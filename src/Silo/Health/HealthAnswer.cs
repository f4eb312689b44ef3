namespace MaskRcnn.Silo.Health;

/// <summary>The answer to one question about a silo's health.</summary>
/// <param name="Question"><c>started</c>, <c>ready</c> or <c>live</c>.</param>
/// <param name="Missing">What is missing, a sentence each; none: yes.</param>
internal sealed record HealthAnswer(string Question, IReadOnlyList<string> Missing)
{
    /// <summary>Whether the answer is yes.</summary>
    public bool IsYes => Missing.Count == 0;
}
