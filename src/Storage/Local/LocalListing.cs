using System.IO.Enumeration;
using System.Text;
using MaskRcnn.Storage.Local.Native;

namespace MaskRcnn.Storage.Local;

/// <summary>
/// Walks a folder in ordinal order of the full names: depth first, a folder sorted as its name with '/'. It holds the names
/// of the folders that it is in; sizes and versions are asked for one by one.
/// </summary>
internal sealed class LocalListing
{
    private readonly string _root;
    private readonly string _prefix;
    private readonly string? _after;
    private readonly Stack<Level> _levels = new();
    private readonly LinkedFolders _links;

    public LocalListing(string root, string prefix, string? after, string? within = null)
    {
        (_root, _prefix, _after) = (root, prefix, after);
        _links = new LinkedFolders(root, within);
    }

    /// <summary>The blobs, one after the other.</summary>
    public IEnumerable<BlobInfo> Blobs()
    {
        string start = _prefix[..(_prefix.LastIndexOf('/') + 1)];
        bool done = _after is not null && !_after.StartsWith(start, StringComparison.Ordinal) && string.CompareOrdinal(_after, start) > 0;
        if (done || BlobName.IsHidden(_prefix)) yield break;
        Enter(start, isStart: true);
        while (_levels.TryPeek(out Level? level))
        {
            if (level.Next == level.Keys.Length)
            {
                _links.Leave(level.Prefix);
                _levels.Pop();
                continue;
            }
            string key = level.Keys[level.Next++];
            if (key.EndsWith('/')) Enter(level.Prefix + key, isStart: false);
            else if (Find(level, key) is { } blob) yield return blob;
        }
    }

    private void Enter(string prefix, bool isStart)
    {
        string path = Path.Join(_root, prefix);
        if (!_links.Enter(prefix, path)) return;
        string filter = isStart ? _prefix[prefix.Length..] : "";
        string[] keys = Keys(prefix, path, filter);
        Array.Sort(keys, StringComparer.Ordinal);
        int next = 0;
        if (_after is not null && _after.StartsWith(prefix, StringComparison.Ordinal))
        {
            // The first key after the rest of the name, or the folder that it lies in, which is then just before.
            string rest = _after[prefix.Length..];
            next = Array.BinarySearch(keys, rest, StringComparer.Ordinal);
            next = next >= 0 ? next + 1 : ~next;
            if (next > 0 && keys[next - 1].EndsWith('/') && rest.StartsWith(keys[next - 1], StringComparison.Ordinal)) next--;
        }
        _levels.Push(new Level(prefix, Encoding.UTF8.GetBytes(path), keys) { Next = next });
    }

    private string[] Keys(string prefix, string path, string filter)
    {
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false, MatchType = MatchType.Simple };
        try
        {
            var entries = new FileSystemEnumerable<string>(
                path,
                static (ref FileSystemEntry entry) => entry.IsDirectory ? string.Concat(entry.FileName, "/") : entry.FileName.ToString(),
                options)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.FileName.StartsWith('.') && (filter.Length == 0 || Fits(entry.FileName, filter)),
            };
            return [.. entries];
        }
        catch (DirectoryNotFoundException) when (prefix.Length > 0 || _prefix.Length > 0)
        {
            return [];
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new BlobException(_root, prefix, "there is no such folder. Check the path.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BlobException(_root, prefix, $"the folder cannot be listed: {exception.Message}", exception);
        }
    }

    private static bool Fits(ReadOnlySpan<char> name, string filter) => name.StartsWith(filter, StringComparison.Ordinal);

    private BlobInfo? Find(Level level, string key)
    {
        Span<byte> path = stackalloc byte[512];
        int most = level.Path.Length + 2 + Encoding.UTF8.GetMaxByteCount(key.Length);
        if (most > path.Length) path = new byte[most];
        level.Path.CopyTo(path);
        int length = level.Path.Length;
        if (path[length - 1] != '/') path[length++] = (byte)'/';
        length += Encoding.UTF8.GetBytes(key, path[length..]);
        path[length] = 0;
        string name = level.Prefix + key;
        int errno = FileVersion.TryOf(path, withAttempt: false, out FileVersion version);
        if (errno == 0) return version.Stat.IsFile ? new BlobInfo(name, version.Stat.Size, version.ETag) : null;
        // .NET shows bytes that are not UTF-8 as this character; such a file must not vanish without a word.
        if (errno == Errno.NotFound && key.Contains('\uFFFD')) throw new BlobException(_root, name, "its name is not valid UTF-8. Rename the file.");
        // Deleted meanwhile, or a link to nothing.
        if (errno is Errno.NotFound or Errno.TooManyLinks or Errno.NotAFolder) return null;
        throw new BlobException(_root, name, Errno.Describe(errno));
    }

    private sealed record Level(string Prefix, byte[] Path, string[] Keys)
    {
        public int Next { get; set; }
    }
}
