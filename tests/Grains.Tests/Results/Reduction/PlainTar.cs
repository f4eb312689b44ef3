using System.Globalization;
using System.Text;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

/// <summary>Tar as the standard has it, written plainly.</summary>
internal static class PlainTar
{
    /// <summary>An entry; a name that does not fit gets a PAX header.</summary>
    public static byte[] Entry(string name, byte[] content)
    {
        var tar = new MemoryStream();
        if (Encoding.UTF8.GetByteCount(name) > 100 || !name.All(char.IsAscii))
        {
            byte[] path = [.. Encoding.UTF8.GetBytes($" path={name}\n")];
            int length = path.Length + 2;
            while (length != path.Length + length.ToString(CultureInfo.InvariantCulture).Length) length++;
            Add(tar, "PaxHeader", [.. Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)), .. path], 'x');
            name = "long";
        }
        Add(tar, name, content, '0');
        return tar.ToArray();
    }

    private static void Add(MemoryStream tar, string name, byte[] content, char type)
    {
        var header = new byte[512];
        Put(0, name);
        Put(100, "0000644\0" + "0000000\0" + "0000000\0" + Octal(content.Length) + "\0" + "00000000000\0" + "        ");
        header[156] = (byte)type;
        Put(257, "ustar\0" + "00");
        Put(148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ");
        tar.Write(header);
        tar.Write(content);
        tar.Write(new byte[(512 - content.Length % 512) % 512]);

        void Put(int offset, string text) => Encoding.ASCII.GetBytes(text).CopyTo(header, offset);
    }

    private static string Octal(long value) => Convert.ToString(value, 8).PadLeft(11, '0');
}
