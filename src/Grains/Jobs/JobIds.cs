using System.Globalization;

namespace MaskRcnn.Grains.Jobs;

/// <summary>Makes ids of jobs: the second in UTC and six random letters or digits, such as <c>20261122-153000-k3f9x2</c>. They sort by time.</summary>
/// <param name="time">The clock.</param>
/// <param name="random">A random number from 0 to below its argument, such as <see cref="System.Security.Cryptography.RandomNumberGenerator.GetInt32(int)"/>.</param>
public sealed class JobIds(TimeProvider time, Func<int, int> random)
{
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int RandomLetters = 6;

    /// <summary>Whether a text may be an id at all; what is none names no blob either.</summary>
    public static bool IsId(string text) =>
        text is { Length: >= 1 and <= 128 } && text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>A new id.</summary>
    public string Next()
    {
        string moment = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return moment + "-" + string.Create(RandomLetters, random, static (text, random) =>
        {
            for (int i = 0; i < text.Length; i++) text[i] = Letters[random(Letters.Length)];
        });
    }
}
