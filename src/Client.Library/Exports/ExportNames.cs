namespace MaskRcnn.Client.Exports;

/// <summary>
/// Names of files that are made of images' names. Given all names of a result in their order, it finds those of which no file
/// can be made, and two images of one file, before anything is written. It holds no more than one name's stems.
/// </summary>
internal sealed class ExportNames(string location)
{
    // Stems of earlier names with which, and a dot, the name at hand begins. Names that begin alike are neighbours.
    private readonly List<string> _open = [];

    /// <summary>The name of an image's file: the image's with another ending.</summary>
    public static string Replaced(string folder, string image, string ending) => folder + Stem(image) + ending;

    /// <summary>The name of an image's file: the image's with one more ending, so that no two are alike.</summary>
    public static string Appended(string folder, string image, string ending) => folder + image + ending;

    /// <summary>Checks that an image's name stays below the folder that is written to.</summary>
    /// <exception cref="InvalidDataException">It does not.</exception>
    public void CheckInside(string image)
    {
        if (image.Contains('\\', StringComparison.Ordinal) || image.Contains('\0', StringComparison.Ordinal) || image.Split('/').Any(part => part is "" or "." or ".."))
            throw new InvalidDataException($"{location} has the image '{image}'; expected a name below the collection, with '/' between parts that are not empty, '.' or '..'. Its files would leave the output, so nothing was written.");
    }

    /// <summary>Checks that the image can be told apart without its ending from all before it.</summary>
    /// <exception cref="ExportException">It cannot.</exception>
    public void CheckStem(string image)
    {
        string stem = Stem(image);
        if (stem.Length == image.Length || stem.Length == 0 || stem.EndsWith('/'))
            throw new ExportException($"The image '{image}' has no name and ending, such as 'a.png'; in this format its file has the same name with another ending. Export it as coco, parquet or png-masks.");
        _open.RemoveAll(earlier => !(image.Length > earlier.Length && image[earlier.Length] == '.' && image.StartsWith(earlier, StringComparison.Ordinal)));
        if (_open.Contains(stem))
            throw new ExportException($"The images '{stem}.…' and '{image}' differ only in their endings; in this format both would have one file. Export them as coco, parquet or png-masks.");
        _open.Add(stem);
    }

    private static string Stem(string image)
    {
        int dot = image.LastIndexOf('.');
        return dot > image.LastIndexOf('/') ? image[..dot] : image;
    }
}
