using System.Runtime.InteropServices;

namespace MaskRcnn.Storage.Local.Native;

/// <summary>Error numbers of Linux, and what they mean to a user.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int Interrupted = 4;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotAFolder = 20;
    public const int IsAFolder = 21;
    public const int Invalid = 22;
    public const int TooManyOpenSystem = 23;
    public const int TooManyOpen = 24;
    public const int DiskFull = 28;
    public const int ReadOnlyDisk = 30;
    public const int NameTooLong = 36;
    public const int NoSuchCall = 38;
    public const int NotEmpty = 39;
    public const int TooManyLinks = 40;
    public const int NoData = 61;
    public const int NotSupported = 95;
    public const int OverQuota = 122;

    /// <summary>The last call's error number.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>What happened and what to do.</summary>
    public static string Describe(int errno) => errno switch
    {
        DiskFull => "the disk is full. Free some space, or use another folder.",
        OverQuota => "the user's disk quota is used up. Free some space, or use another folder.",
        AccessDenied or NotPermitted => "this user has no permission. Check the owner and the mode of the file and of its folders.",
        ReadOnlyDisk => "the disk is mounted read-only. Use another folder.",
        NameTooLong => "the name is too long for this disk (most take 255 bytes between two '/').",
        TooManyOpen or TooManyOpenSystem => "too many files are open. Raise the limit ('ulimit -n').",
        NotAFolder => "a part of its name is a file, so nothing can be below it.",
        IsAFolder or NotEmpty => "there is a folder of this name.",
        _ => $"{Marshal.GetPInvokeErrorMessage(errno)} (error {errno}).",
    };
}
