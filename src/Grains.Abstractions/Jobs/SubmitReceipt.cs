namespace MaskRcnn.Grains.Jobs;

/// <summary>A job that was taken.</summary>
/// <param name="Job">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Created">When it was first submitted.</param>
/// <param name="Output">The folder of everything it writes, without its SAS.</param>
/// <param name="Notes">What its user should know, such as how categories were matched; a sentence each.</param>
/// <param name="Existed">Whether it was there already, under its name.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.submit-receipt")]
public sealed record SubmitReceipt([property: Id(0)] string Job, [property: Id(1)] string Name, [property: Id(2)] DateTimeOffset Created, [property: Id(3)] string Output,
    [property: Id(4)] IReadOnlyList<string> Notes, [property: Id(5)] bool Existed);
