using MaskRcnn.Samples.Microscopy.Looks;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Layout;

/// <summary>Finds places: first for groups that touch, while there is room, then for single nuclei.</summary>
internal sealed class SceneBuilder(Look look, RandomSource random)
{
    /// <summary>The part of the nuclei that are put into groups; more than is promised, as some are cut away.</summary>
    private const double TouchingShare = .22;

    private const int Tries = 60, LeastPixels = 40;

    /// <summary>The least part of a nucleus that the image's edge leaves.</summary>
    private const double LeastVisible = .55;

    private readonly Scene _scene = new(look.Width, look.Height);
    private readonly SmoothNoise _density = new(random, look.Width, look.Height, Math.Min(look.Width, look.Height) / 3.0);

    public Scene Build()
    {
        int wanted = look.Nuclei.DrawWhole(random);
        var inGroups = (int)(wanted * TouchingShare + 1);
        for (int group = 0; inGroups > 1 && group < wanted; group++)
        {
            int placed = PlaceGroup(Math.Min(inGroups, GroupSize()));
            // One alone is a single nucleus after all.
            if (placed > 1) inGroups -= placed;
        }
        for (int missing = wanted - _scene.Nuclei.Count; missing > 0; missing--) PlaceAlone();
        _scene.RemoveIslands();
        return _scene;
    }

    private int GroupSize() => random.NextUnit() switch
    {
        < .7 => 2,
        < .9 => 3,
        _ => 4,
    };

    private int PlaceGroup(int size)
    {
        if (PlaceAlone() is not { } last) return 0;
        int placed = 1;
        while (placed < size && PlaceBeside(last) is { } next)
        {
            placed++;
            last = next;
        }
        return placed;
    }

    private Nucleus? PlaceAlone()
    {
        var nucleus = Nucleus.Draw(look, random);
        for (int i = 0; i < Tries; i++)
        {
            (nucleus.X, nucleus.Y) = (random.NextWhole(0, look.Width - 1), random.NextWhole(0, look.Height - 1));
            // Cells keep company.
            if (random.NextUnit() > .55 + .6 * _density.At(nucleus.X, nucleus.Y) || !IsVisible(nucleus)) continue;
            if (Overlap(nucleus) > 0 || nucleus.Rim.Any(p => _scene.LabelAt(nucleus.X + p.X, nucleus.Y + p.Y) > 0)) continue;
            _scene.Add(nucleus);
            return nucleus;
        }
        return null;
    }

    /// <summary>Moves a new nucleus towards another until they share a few pixels.</summary>
    private Nucleus? PlaceBeside(Nucleus other)
    {
        var nucleus = Nucleus.Draw(look, random);
        int enough = 2 + nucleus.Pixels.Count / 50, tooMany = 3 + nucleus.Pixels.Count / 12;
        for (int i = 0; i < Tries; i++)
        {
            (double x, double y) = random.NextDirection();
            int overlap = 0;
            for (int away = other.Shape.Reach + nucleus.Shape.Reach; away > 0 && overlap < enough; away--)
            {
                (nucleus.X, nucleus.Y) = (other.X + Rounded(x * away), other.Y + Rounded(y * away));
                overlap = Overlap(nucleus);
            }
            if (overlap < enough || overlap > tooMany || !IsVisible(nucleus)) continue;
            _scene.Add(nucleus);
            return nucleus;
        }
        return null;
    }

    private static int Rounded(double value) => (int)Math.Floor(value + .5);

    private int Overlap(Nucleus nucleus) => nucleus.Pixels.Count(p => _scene.LabelAt(nucleus.X + p.X, nucleus.Y + p.Y) > 0);

    private bool IsVisible(Nucleus nucleus)
    {
        int visible = nucleus.Pixels.Count(p => _scene.LabelAt(nucleus.X + p.X, nucleus.Y + p.Y) is not null);
        return visible >= LeastPixels && visible >= nucleus.Pixels.Count * LeastVisible;
    }
}
