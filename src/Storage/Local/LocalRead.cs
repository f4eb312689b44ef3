using MaskRcnn.Storage.Local.Native;
using Microsoft.Win32.SafeHandles;

namespace MaskRcnn.Storage.Local;

/// <summary>An open file of which one version is read.</summary>
internal sealed class LocalRead : IDisposable
{
    private readonly string _root;
    private readonly string _name;
    private readonly SafeFileHandle _file;

    /// <summary>Opens it, and checks the condition on what is open: so what is read is what was checked.</summary>
    public LocalRead(string root, string name, string? ifMatch, string? within = null)
    {
        (_root, _name) = (root, name);
        // Not to wait for the other end, should it be a pipe.
        int file = Libc.OpenAt(Libc.CurrentFolder, Path.Join(root, name), Flags.ReadOnly | Flags.CloseOnExec | Flags.NonBlocking, 0);
        if (file < 0) throw Errno.Last is Errno.NotFound or Errno.NotAFolder ? new BlobNotFoundException(root, name) : Failure(Errno.Last);
        _file = new SafeFileHandle(file, ownsHandle: true);
        try
        {
            // By what was opened, not by its name: nobody can put a link in between.
            if (within is not null && RealPath.OfDescriptor(file) is var real && (real is null || !RealPath.IsWithin(real, within))) throw new BlobOutsideException(root, name);
            Version = Now();
            if (!Version.Stat.IsFile) throw new BlobNotFoundException(root, name);
            if (ifMatch is not null && ifMatch != Version.ETag) throw new BlobChangedException(root, name, ifMatch, Version.ETag);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>What was opened.</summary>
    public FileVersion Version { get; }

    /// <summary>Reads up to the buffer's length; less only at the end.</summary>
    public unsafe int Read(Span<byte> buffer, long offset)
    {
        int done = 0;
        fixed (byte* start = buffer)
        {
            while (done < buffer.Length)
            {
                nint count = Libc.Read(_file.Descriptor(), start + done, buffer.Length - done, offset + done);
                if (count < 0 && Errno.Last != Errno.Interrupted) throw Failure(Errno.Last);
                if (count == 0) break;
                done += (int)Math.Max(0, count);
            }
        }
        return done;
    }

    /// <summary>Throws when the file was changed in place since it was opened: what was read is then no version of it.</summary>
    public void CheckUnchanged()
    {
        FileVersion now = Now();
        if (!Version.HoldsStill(now)) throw new BlobChangedException(_root, _name, Version.ETag, now.ETag);
    }

    public void Dispose() => _file.Dispose();

    private FileVersion Now() => FileVersion.TryOf(_file, withAttempt: false, out FileVersion version) is not 0 and int errno ? throw Failure(errno) : version;

    private BlobException Failure(int errno) => new(_root, _name, "it cannot be read: " + Errno.Describe(errno));
}
