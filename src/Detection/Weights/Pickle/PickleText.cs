using System.Numerics;

namespace MaskRcnn.Detection.Weights.Pickle;

/// <summary>Values of a pickle in error messages.</summary>
internal static class PickleText
{
    private const int Longest = 40;

    /// <summary>What a value is, in few words.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        string text => $"the text '{(text.Length <= Longest ? text : text[..Longest] + "…")}'",
        byte[] => "bytes",
        long or double => $"the number {value}",
        BigInteger => "a large number",
        PickleList => "a list",
        PickleTuple => "a tuple",
        PickleDict => "a dictionary",
        PickleGlobal global => global.FullName,
        _ => $"a {value.GetType().Name.Replace("Torch", "", StringComparison.Ordinal).ToLowerInvariant()}",
    };
}
