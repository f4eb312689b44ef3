using System.Globalization;
using System.Text.Json;

namespace MaskRcnn.Silo.Redis;

/// <summary>
/// Judges what is seen of the list of members, look by look. A silo that is missing from it, or is listed as dead, is none
/// any more, though it may not know; nor is one whose list went back in time, as members do not believe a list that is older than theirs. One
/// look may have met a Redis that was being restored; two do not. A look that saw nothing says nothing.
/// </summary>
/// <param name="silo">The silo, as the list names it.</param>
internal sealed class OwnRowJudge(string silo)
{
    private const int LooksInVain = 2;

    /// <summary>Orleans' <see cref="SiloStatus.Dead"/>.</summary>
    private const int Dead = (int)SiloStatus.Dead;

    private int _inVain;
    private long _newest = -1;
    private bool _hadRow;

    /// <summary>Whether the last look that saw anything was in vain: the next one decides, and should come soon.</summary>
    public bool IsInDoubt => _inVain > 0;

    /// <summary>One look.</summary>
    /// <param name="version">The version of the list, or null: there is none.</param>
    /// <param name="row">The silo's row, or null: there is none.</param>
    /// <param name="isMember">Whether it has joined; while it joins, it may have none yet, but not have none any more.</param>
    /// <returns>Why it is no member any more; null: it is one, or one more look is due.</returns>
    public string? Look(string? version, string? row, bool isMember)
    {
        long number = long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : -1;
        string? fault = row is null && (isMember || _hadRow) ? $"{silo} is missing from the list of members"
            : row is not null && IsDead(row) ? $"{silo} is dead by the list of members"
            : number < _newest ? string.Create(CultureInfo.InvariantCulture, $"the list of members went back from version {_newest} to {number}")
            : null;
        if (fault is null)
        {
            (_inVain, _newest, _hadRow) = (0, number, _hadRow || row is not null);
            return null;
        }
        return ++_inVain >= LooksInVain ? fault : null;
    }

    private static bool IsDead(string row)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(row);
            return json.RootElement.TryGetProperty("Status", out JsonElement status)
                && (status.ValueKind == JsonValueKind.Number ? status.GetInt32() == Dead : status.GetString() == nameof(SiloStatus.Dead));
        }
        catch (JsonException)
        {
            // Another version of Orleans may write it otherwise; that it is there is enough.
            return false;
        }
    }
}
