using MaskRcnn.Samples.Microscopy.Looks;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Layout;

/// <summary>A nucleus before it has a place: its outline as pixels, and what it looks like inside.</summary>
internal sealed class Nucleus
{
    private const double MitoticShare = .035;

    /// <summary>Free pixels around nuclei that do not touch.</summary>
    private const double Gap = 3;

    private Nucleus(NucleusShape shape, bool mitotic, double brightness, IReadOnlyList<Spot> spots)
    {
        (Shape, IsMitotic, Brightness, Spots) = (shape, mitotic, brightness, spots);
        double grown = 1 + 2 * Gap / shape.Diameter;
        for (int y = -shape.Reach; y <= shape.Reach; y++)
        {
            for (int x = -shape.Reach; x <= shape.Reach; x++)
            {
                double distance = shape.DistanceAt(x, y);
                if (distance <= 1) Pixels.Add((x, y, distance));
                else if (distance <= grown) Rim.Add((x, y));
            }
        }
    }

    public NucleusShape Shape { get; }

    public bool IsMitotic { get; }

    /// <summary>Its light beside that of the image's other nuclei; about 1.</summary>
    public double Brightness { get; }

    public IReadOnlyList<Spot> Spots { get; }

    /// <summary>The pixels whose centres are inside, from the middle, and how far out each is.</summary>
    public List<(int X, int Y, double Distance)> Pixels { get; } = [];

    /// <summary>The pixels just outside.</summary>
    public List<(int X, int Y)> Rim { get; } = [];

    /// <summary>Column of its middle.</summary>
    public int X { get; set; }

    /// <summary>Row of its middle.</summary>
    public int Y { get; set; }

    public static Nucleus Draw(Look look, RandomSource random)
    {
        bool mitotic = random.NextUnit() < MitoticShare;
        NucleusShape shape = mitotic ? NucleusShape.Mitotic(look, random) : NucleusShape.Interphase(look, random);
        // Most are alike (one set of chromosomes), some carry two, some lie deeper.
        double brightness = mitotic ? random.NextBetween(1.7, 2.3) : random.NextBetween(.72, 1.2) * (random.NextUnit() < .12 ? 1.4 : 1);
        var spots = new List<Spot>();
        if (!mitotic)
        {
            for (int i = look.Nucleoli.DrawWhole(random); i > 0; i--) spots.Add(Spot.Draw(shape, random, new(.1, .2), new(-.35, -.15)));
            for (int i = look.Foci.DrawWhole(random); i > 0; i--) spots.Add(Spot.Draw(shape, random, new(.08, .15), new(.4, .9)));
        }
        return new Nucleus(shape, mitotic, brightness, spots);
    }
}
