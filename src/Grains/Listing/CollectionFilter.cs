using MaskRcnn.Detection.Images;

namespace MaskRcnn.Grains.Listing;

/// <summary>Which names of a collection are images.</summary>
public sealed class CollectionFilter
{
    private readonly NamePattern? _pattern;
    private readonly bool _isNamed;

    /// <summary>A filter.</summary>
    /// <param name="pattern">
    /// A <see cref="NamePattern"/>: what matches is an image, whatever its ending. Null: what ends as images do and has no part that
    /// begins with a dot.
    /// </param>
    /// <param name="isNamed">Whether somebody has named the images one by one: without a pattern all of them are.</param>
    /// <exception cref="FormatException">The pattern is none.</exception>
    public CollectionFilter(string? pattern, bool isNamed = false) => (_pattern, _isNamed) = (pattern is null ? null : NamePattern.Parse(pattern), isNamed && pattern is null);

    /// <summary>Whether a name is an image's.</summary>
    /// <param name="name">Path below the collection, with <c>/</c>.</param>
    public bool Includes(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_isNamed) return true;
        string[] parts = name.Split('/');
        // As in a folder walk: what lies in a hidden folder is not seen either.
        if (_pattern is not { IncludesHidden: true } && parts.Any(part => part.StartsWith('.'))) return false;
        return _pattern is null ? ImageEndings.Has(name) : _pattern.Matches(parts);
    }
}
