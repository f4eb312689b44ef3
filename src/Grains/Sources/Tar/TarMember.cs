namespace MaskRcnn.Grains.Sources.Tar;

/// <summary>What an archive has under a name.</summary>
/// <param name="Name">The name as the archive says it.</param>
/// <param name="Header">Byte of its header.</param>
/// <param name="Offset">Byte where its data begin.</param>
/// <param name="Size">Bytes of data.</param>
/// <param name="IsFile">Whether it is a file. Links and devices have no data here.</param>
internal readonly record struct TarMember(string Name, long Header, long Offset, long Size, bool IsFile);
