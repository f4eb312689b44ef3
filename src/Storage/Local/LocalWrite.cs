using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MaskRcnn.Storage.Local.Native;
using Microsoft.Win32.SafeHandles;

namespace MaskRcnn.Storage.Local;

/// <summary>
/// One file on its way: it has no name (or a temporary one) until it is committed. Its writer holds a lock on it, which the
/// kernel releases when the process dies: so <see cref="LocalSweep"/> knows what was left behind.
/// </summary>
internal sealed class LocalWrite : IDisposable
{
    /// <summary>How temporary files begin.</summary>
    public const string TemporaryPrefix = BlobName.Reserved + "tmp-";

    private const uint Mode = 0x1B6; // rw-rw-rw-, less the process's umask

    private const int MostTries = 100;

    /// <summary>A file without a name is linked by the path that /proc gives it.</summary>
    private static readonly bool HasProc = Directory.Exists("/proc/self/fd");

    private readonly string _root;
    private readonly string _name;
    private readonly string _attempt;
    private readonly SafeFileHandle _file;
    private SafeFileHandle _folder;
    private readonly string _leaf;
    private string? _temporary;

    public LocalWrite(string root, string name, string attempt, LocalOptions options)
    {
        (_root, _name, _attempt) = (root, name, attempt);
        _folder = LocalFolder.Open(root, name, create: true, out _leaf)!;
        try
        {
            _file = (options.AnonymousFiles && HasProc ? OpenAnonymous() : null) ?? OpenNamed();
            if (options.Attributes) Mark();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private string FullPath => Path.Join(_root, _name);

    /// <summary>Writes bytes at a place.</summary>
    public unsafe void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint count = Libc.Write(_file.Descriptor(), start + done, bytes.Length - done, offset + done);
                if (count < 0 && Errno.Last != Errno.Interrupted) throw Failure(Errno.Last);
                done += (int)Math.Max(0, count);
            }
        }
    }

    /// <summary>Gives the file its name, durably, if the condition holds.</summary>
    public WriteResult Commit(WriteCondition condition)
    {
        if (Libc.Sync(_file.Descriptor()) != 0) throw Failure(Errno.Last);
        bool written = condition.IfAbsent ? Link() : Replace(condition);
        if (!written) return Refused(_root, _name, _attempt);
        if (FileVersion.TryOf(_file, withAttempt: false, out FileVersion version) is not 0 and int errno) throw Failure(errno);
        return Libc.Sync(_folder.Descriptor()) == 0 ? new WriteResult(WriteOutcome.Written, version.ETag) : throw Failure(Errno.Last);
    }

    /// <summary>The result of a write whose condition does not hold.</summary>
    public static WriteResult Refused(string root, string name, string attempt) =>
        FileVersion.TryOf(Path.Join(root, name), withAttempt: true, out FileVersion other) != 0 ? new WriteResult(WriteOutcome.Anothers, null)
        : new WriteResult(other.Attempt == attempt ? WriteOutcome.AlreadyMine : WriteOutcome.Anothers, other.ETag);

    public void Dispose()
    {
        if (_temporary is not null) _ = Libc.UnlinkAt(_folder.Descriptor(), _temporary, 0);
        _file?.Dispose();
        _folder.Dispose();
    }

    private bool Link()
    {
        for (int tries = 1; ; tries++)
        {
            int linked = _temporary is null ? Libc.LinkAt(Libc.CurrentFolder, OwnPath(), _folder.Descriptor(), _leaf, Flags.LinkFollow) : Rename(_temporary);
            if (linked == 0) return true;
            int errno = Errno.Last;
            if (errno == Errno.Exists) return false;
            if (errno != Errno.NotFound || _temporary is not null || tries == MostTries) throw Failure(errno);
            Reopen();
        }
    }

    /// <summary>Everything that replaces or deletes takes the folder's lock, so that nothing comes between compare and rename.</summary>
    private bool Replace(WriteCondition condition)
    {
        for (int tries = 1; ; tries++)
        {
            using (LocalLock.Take(_folder, _root, _name))
            {
                if (condition.IfMatch is { } expected
                    && (FileVersion.TryOf(FullPath, withAttempt: false, out FileVersion found) != 0 || found.ETag != expected)) return false;
                if (_temporary is null)
                {
                    string temporary = TemporaryName();
                    if (Libc.LinkAt(Libc.CurrentFolder, OwnPath(), _folder.Descriptor(), temporary, Flags.LinkFollow) == 0) _temporary = temporary;
                    else if (Errno.Last != Errno.NotFound || tries == MostTries) throw Failure(Errno.Last);
                }
                if (_temporary is not null)
                {
                    if (Libc.RenameAt(_folder.Descriptor(), _temporary, _folder.Descriptor(), _leaf) != 0) throw Failure(Errno.Last);
                    _temporary = null;
                    return true;
                }
            }
            Reopen();
        }
    }

    /// <summary>The folder was empty and somebody deleted it: made again.</summary>
    private void Reopen()
    {
        SafeFileHandle folder = LocalFolder.Open(_root, _name, create: true, out _)!;
        _folder.Dispose();
        _folder = folder;
    }

    private SafeFileHandle? OpenAnonymous()
    {
        int file = Libc.OpenAt(_folder.Descriptor(), ".", Flags.Anonymous | Flags.WriteOnly | Flags.CloseOnExec, Mode);
        if (file < 0)
        {
            // A disk that has no anonymous files says so in one of these ways.
            return Errno.Last is Errno.NotSupported or Errno.IsAFolder or Errno.Invalid or Errno.NotFound ? null : throw Failure(Errno.Last);
        }
        _ = Libc.Lock(file, Flags.LockExclusive | Flags.LockNonBlocking);
        return new SafeFileHandle(file, ownsHandle: true);
    }

    private SafeFileHandle OpenNamed()
    {
        for (int tries = 1; ; tries++)
        {
            string temporary = TemporaryName();
            int file = Libc.OpenAt(_folder.Descriptor(), temporary, Flags.Create | Flags.Exclusive | Flags.WriteOnly | Flags.CloseOnExec, Mode);
            if (file < 0)
            {
                if (Errno.Last != Errno.NotFound || tries == MostTries) throw Failure(Errno.Last);
                Reopen();
                continue;
            }
            var handle = new SafeFileHandle(file, ownsHandle: true);
            // A sweep may come between making and locking, and take the file for a dead writer's: then another one is made.
            if (Libc.Lock(file, Flags.LockExclusive | Flags.LockNonBlocking) == 0
                && FileVersion.TryOf(handle, withAttempt: false, out FileVersion version) == 0 && version.Stat.Links > 0)
            {
                _temporary = temporary;
                return handle;
            }
            handle.Dispose();
        }
    }

    private unsafe void Mark()
    {
        Span<byte> value = stackalloc byte[FileVersion.IdBytes + FileVersion.MostAttemptBytes];
        RandomNumberGenerator.Fill(value[..FileVersion.IdBytes]);
        int length = FileVersion.IdBytes + Encoding.UTF8.GetBytes(_attempt, value[FileVersion.IdBytes..]);
        fixed (byte* bytes = value, name = FileVersion.AttributeName)
        {
            // A disk without attributes tells versions by inode and time alone.
            if (Libc.SetAttribute(_file.Descriptor(), name, bytes, length, 0) != 0 && Errno.Last is not (Errno.NotSupported or Errno.NotPermitted))
                throw Failure(Errno.Last);
        }
    }

    /// <summary>
    /// Moves the temporary file to its name if there is none: in one step, as ctime, which is part of the ETag, changes with every
    /// name that a file gets or loses. Disks that cannot (NFS) link and unlink: a reader in between sees an ETag that soon changes.
    /// </summary>
    private int Rename(string temporary)
    {
        if (Libc.RenameAt(_folder.Descriptor(), temporary, _folder.Descriptor(), _leaf, Flags.RenameNoReplace) != 0)
        {
            if (Errno.Last is not (Errno.Invalid or Errno.NoSuchCall or Errno.NotSupported)) return -1;
            if (Libc.LinkAt(_folder.Descriptor(), temporary, _folder.Descriptor(), _leaf, 0) != 0) return -1;
            _ = Libc.UnlinkAt(_folder.Descriptor(), temporary, 0);
        }

        _temporary = null;
        return 0;
    }

    private string OwnPath() => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_file.Descriptor()}");

    private static string TemporaryName() => TemporaryPrefix + RandomNumberGenerator.GetHexString(24, lowercase: true);

    private BlobException Failure(int errno) => new(_root, _name, "it cannot be written: " + Errno.Describe(errno));
}
