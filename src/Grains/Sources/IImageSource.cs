using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Sources;

/// <summary>A job's collection, to be listed on the calling thread. The same version of it is listed the same each time.</summary>
internal interface IImageSource : IDisposable
{
    /// <summary>What errors call it; without secrets.</summary>
    string Location { get; }

    /// <summary>Whether somebody has named the images one by one, so that all of them are meant.</summary>
    bool IsNamed { get; }

    /// <summary>Whether the images have ids of their own.</summary>
    bool HasIds { get; }

    /// <summary>
    /// Reads what has to be read before the first image is known. It is called once, before the others but
    /// <see cref="Location"/> and <see cref="IsNamed"/>.
    /// </summary>
    /// <returns>Names that stand in it again: the image is listed once.</returns>
    /// <exception cref="SourceException">It is not what it should be.</exception>
    NameSample Prepare(CancellationToken stop);

    /// <summary>The images in ordinal order of their names, each name once.</summary>
    /// <param name="after">Where an earlier listing stopped: only names after it. Null to begin.</param>
    /// <param name="filter">Images that it does not include need not be looked up; they are listed all the same.</param>
    /// <param name="stop">Stops the listing.</param>
    IEnumerable<SourcePage> List(ListPosition? after, CollectionFilter filter, CancellationToken stop);
}
