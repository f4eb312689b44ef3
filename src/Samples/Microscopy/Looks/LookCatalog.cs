namespace MaskRcnn.Samples.Microscopy.Looks;

/// <summary>The looks, modelled on what is common in collections of fluorescence images. The images of a set take them in turn.</summary>
internal static class LookCatalog
{
    /// <summary>The look of an image of a set. The first three differ in size.</summary>
    public static Look Of(int index) => All[index % All.Length];

    private static Look[] All { get; } =
    [
        // Small round nuclei, bright, in groups.
        new()
        {
            Width = 256, Height = 256, Nuclei = new(14, 50), Diameter = new(13, 19), Elongation = new(1, 1.3), Irregularity = .07,
            Contrast = new(45, 110), Dome = .45, Mottle = .2, Nucleoli = new(0, 1), Pedestal = new(5, 9), Glow = new(6, 12),
            Shade = new(.4, .65), Blur = new(.6, 1.2), Haze = new(.12, .25), ReadNoise = new(1.2, 1.9),
        },
        // Large flat nuclei of cultured cells, faint and finely grained.
        new()
        {
            Width = 360, Height = 360, Nuclei = new(12, 26), Diameter = new(38, 56), Elongation = new(1.1, 1.9), Irregularity = .16,
            Contrast = new(24, 45), Dome = .18, Mottle = .17, Nucleoli = new(1, 4), Pedestal = new(5, 7), Glow = new(6, 12),
            Shade = new(.4, .65), Blur = new(.9, 1.8), Haze = new(.1, .2), ReadNoise = new(1.1, 1.7),
        },
        // A layer of cells of middle size, many in a field.
        new()
        {
            Width = 696, Height = 520, Nuclei = new(60, 130), Diameter = new(23, 32), Elongation = new(1.05, 1.7), Irregularity = .15,
            Contrast = new(35, 75), Dome = .22, Mottle = .16, Nucleoli = new(0, 3), Pedestal = new(7, 12), Glow = new(6, 12),
            Shade = new(.4, .65), Blur = new(.7, 1.4), Haze = new(.1, .2), ReadNoise = new(1.3, 2),
        },
        // Nuclei with bright spots of dense chromatin.
        new()
        {
            Width = 320, Height = 256, Nuclei = new(16, 40), Diameter = new(18, 27), Elongation = new(1, 1.35), Irregularity = .09,
            Contrast = new(50, 110), Dome = .3, Mottle = .19, Foci = new(2, 6), Pedestal = new(5, 9), Glow = new(6, 12),
            Shade = new(.4, .65), Blur = new(.6, 1.2), Haze = new(.15, .3), ReadNoise = new(1.3, 2),
        },
        // A crowded field of small nuclei.
        new()
        {
            Width = 696, Height = 520, Nuclei = new(130, 230), Diameter = new(17, 24), Elongation = new(1, 1.5), Irregularity = .11,
            Contrast = new(45, 90), Dome = .32, Mottle = .15, Nucleoli = new(0, 2), Pedestal = new(8, 14), Glow = new(6, 12),
            Shade = new(.4, .65), Blur = new(.6, 1.1), Haze = new(.1, .2), ReadNoise = new(1.3, 2),
        },
        // Few cells, a bright lamp to one side.
        new()
        {
            Width = 256, Height = 256, Nuclei = new(6, 13), Diameter = new(19, 32), Elongation = new(1, 1.6), Irregularity = .12,
            Contrast = new(40, 100), Dome = .28, Mottle = .18, Nucleoli = new(1, 3), Pedestal = new(6, 12), Glow = new(10, 22),
            Shade = new(.6, .85), Blur = new(.7, 1.4), Haze = new(.12, .25), ReadNoise = new(1.3, 2),
        },
    ];
}
