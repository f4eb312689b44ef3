namespace MaskRcnn.Grains;

/// <summary>Ends this process at once; tests put something else in its place.</summary>
public interface IProcessEnd
{
    /// <summary>Ends it; on the product's own this does not return.</summary>
    /// <param name="exitCode">What whoever starts it again should know, such as <see cref="ProcessEnd.Fault"/>.</param>
    /// <param name="reason">What its operator should know.</param>
    void Now(int exitCode, string reason);
}
