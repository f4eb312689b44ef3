namespace MaskRcnn.Storage.Local;

/// <summary>
/// Which folders a listing enters when there are links to folders. A link out of the root is entered. A link to what the
/// listing shows under its own name, and a folder that the listing is in already, are not: so loops end. Nor is one out of
/// the folder that nothing may leave, if there is one.
/// </summary>
internal sealed class LinkedFolders(string root, string? within)
{
    private readonly Stack<(string Prefix, string Real)> _trees = new();

    /// <summary>Whether this folder is to be entered.</summary>
    public bool Enter(string prefix, string path)
    {
        if (_trees.Count == 0)
        {
            _trees.Push((prefix, RealPath.OfFolder(path) ?? path));
            return true;
        }
        bool isLink = new DirectoryInfo(path.TrimEnd('/')).LinkTarget is not null;
        // Without links nothing can be met twice.
        if (!isLink && _trees.Count == 1) return true;
        if (RealPath.OfFolder(path) is not { } real) return false;
        if (within is not null && !RealPath.IsWithin(real, within)) return false;
        if (!isLink) return !_trees.Any(tree => tree.Real == real);
        if (_trees.Any(tree => Shows(tree.Real, real)) || Shows(RealPath.OfFolder(root) ?? root, real)) return false;
        _trees.Push((prefix, real));
        return true;
    }

    /// <summary>Called when all of a folder was listed.</summary>
    public void Leave(string prefix)
    {
        if (_trees.TryPeek(out (string Prefix, string Real) tree) && tree.Prefix == prefix) _trees.Pop();
    }

    private static bool Shows(string tree, string real)
    {
        if (real == tree) return true;
        string below = tree.EndsWith('/') ? tree : tree + "/";
        return real.StartsWith(below, StringComparison.Ordinal) && !BlobName.IsHidden(real.AsSpan(below.Length));
    }
}
