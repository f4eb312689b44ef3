using SkiaSharp;

namespace MaskRcnn.Client.Predict;

/// <summary>A colour as the eye orders it: Ottosson's OKLCH (2020). Equal steps look equally far apart.</summary>
/// <param name="Lightness">0 black to 1 white.</param>
/// <param name="Chroma">0 grey to about 0.3.</param>
/// <param name="Hue">Degrees.</param>
internal readonly record struct OkLch(double Lightness, double Chroma, double Hue)
{
    /// <summary>The sRGB colour; a chroma that a screen cannot show is lowered until it can.</summary>
    public SKColor ToColor()
    {
        double chroma = Chroma;
        for (; ; chroma -= .01)
        {
            (double r, double g, double b) = Linear(chroma);
            bool shown = Math.Min(r, Math.Min(g, b)) >= -1e-3 && Math.Max(r, Math.Max(g, b)) <= 1 + 1e-3;
            if (shown || chroma <= 0) return new SKColor(Encode(r), Encode(g), Encode(b));
        }
    }

    /// <summary>How different two colours look.</summary>
    public static double Distance(OkLch left, OkLch right)
    {
        (double a, double b) = left.Opponents(left.Chroma);
        (double c, double d) = right.Opponents(right.Chroma);
        return Math.Sqrt(Math.Pow(left.Lightness - right.Lightness, 2) + Math.Pow(a - c, 2) + Math.Pow(b - d, 2));
    }

    private (double A, double B) Opponents(double chroma) =>
        (chroma * Math.Cos(Hue * Math.PI / 180), chroma * Math.Sin(Hue * Math.PI / 180));

    private (double R, double G, double B) Linear(double chroma)
    {
        (double a, double b) = Opponents(chroma);
        double l = Math.Pow(Lightness + .3963377774 * a + .2158037573 * b, 3);
        double m = Math.Pow(Lightness - .1055613458 * a - .0638541728 * b, 3);
        double s = Math.Pow(Lightness - .0894841775 * a - 1.2914855480 * b, 3);
        return (
            4.0767416621 * l - 3.3077115913 * m + .2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - .3413193965 * s,
            -.0041960863 * l - .7034186147 * m + 1.7076147010 * s);
    }

    private static byte Encode(double linear)
    {
        double value = linear <= .0031308 ? 12.92 * linear : 1.055 * Math.Pow(linear, 1 / 2.4) - .055;
        return (byte)Math.Round(255 * Math.Clamp(value, 0, 1));
    }
}
