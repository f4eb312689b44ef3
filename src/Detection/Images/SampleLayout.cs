using System.Runtime.InteropServices;
using NetVips;

namespace MaskRcnn.Detection.Images;

/// <summary>How an image's decoded samples become red, green and blue.</summary>
/// <param name="Type">The type of a sample.</param>
/// <param name="Bands">Samples of a pixel, with those that are dropped.</param>
/// <param name="Colors">Samples of a pixel that count: 1 for grey, 3 for RGB, 4 for CMYK.</param>
/// <param name="Stretched">Whether the range is taken from the image.</param>
internal sealed record SampleLayout(Enums.BandFormat Type, int Bands, int Colors, bool Stretched)
{
    /// <summary>The layout of an image.</summary>
    /// <exception cref="ImageFormatException">The image has no meaning as RGB, or only with a stretch.</exception>
    public static SampleLayout Of(Image image, string name, ImageFormat format, ImageDecodeOptions options)
    {
        int bands = image.Bands;
        int colors = image.Interpretation switch
        {
            Enums.Interpretation.Cmyk when bands >= 4 => 4,
            Enums.Interpretation.Srgb or Enums.Interpretation.Rgb16 or Enums.Interpretation.Rgb or Enums.Interpretation.Scrgb when bands >= 3 => 3,
            Enums.Interpretation.Bw or Enums.Interpretation.Grey16 => 1,
            Enums.Interpretation.Multiband => bands switch { 1 or 2 => 1, 3 => 3, _ => 0 },
            _ => 0,
        };
        if (colors == 0)
            throw Unsupported($"it has {bands} channels ({image.Interpretation}); expected grey, RGB or CMYK. Convert it, or choose the channels.");
        if (RowBytes(image) > Array.MaxLength)
            throw Unsupported($"it is {image.Width} pixels wide; expected rows of less than {Array.MaxLength} bytes. Cut it into tiles.");
        if (image.Format is Enums.BandFormat.Complex or Enums.BandFormat.Dpcomplex)
            throw Unsupported("its samples are complex numbers; expected whole or real ones.");
        bool fixedRange = image.Format is Enums.BandFormat.Uchar or Enums.BandFormat.Ushort;
        bool stretched = options.Stretch && image.Format != Enums.BandFormat.Uchar && colors != 4;
        if (!fixedRange && !stretched)
        {
            throw Unsupported(
                $"its samples are of type {Name(image.Format)}, which has no fixed range; expected 8 or 16 bits without sign. "
                + (colors == 4 ? "Convert it." : "Use --stretch to take the range from the image."));
        }
        return new SampleLayout(image.Format, bands, colors, stretched);

        ImageFormatException Unsupported(string reason) => new(name, format, ImageProblem.Unsupported, reason);
    }

    /// <summary>Bytes of a row as libvips holds it.</summary>
    public static long RowBytes(Image image) => (long)image.Width * image.Bands * SizeOf(image.Format);

    /// <summary>Whole rows of samples to 8-bit RGB.</summary>
    /// <param name="samples">Rows of Width × Bands samples of 8 or 16 bits. Overwritten.</param>
    /// <param name="rgb">Receives three bytes a pixel.</param>
    public void ToRgb(Span<byte> samples, Span<byte> rgb)
    {
        if (Type == Enums.BandFormat.Ushort) samples = Narrow(MemoryMarshal.Cast<byte, ushort>(samples), samples);
        switch (Colors)
        {
            case 1: FromGrey(samples, rgb); break;
            case 4: CmykConversion.ToRgb(samples, Bands, rgb); break;
            case 3 when Bands == 3: samples.CopyTo(rgb); break;
            default: FromRgb(samples, rgb); break;
        }
    }

    /// <summary>Whole rows of samples to numbers, alpha left out.</summary>
    /// <param name="samples">Rows of Width × Bands samples.</param>
    /// <param name="values">Receives Colors numbers a pixel; types wider than float are rounded to it.</param>
    public void ToValues(ReadOnlySpan<byte> samples, Span<float> values)
    {
        switch (Type)
        {
            case Enums.BandFormat.Char: Gather(MemoryMarshal.Cast<byte, sbyte>(samples), values, v => v); break;
            case Enums.BandFormat.Ushort: Gather(MemoryMarshal.Cast<byte, ushort>(samples), values, v => v); break;
            case Enums.BandFormat.Short: Gather(MemoryMarshal.Cast<byte, short>(samples), values, v => v); break;
            case Enums.BandFormat.Uint: Gather(MemoryMarshal.Cast<byte, uint>(samples), values, v => v); break;
            case Enums.BandFormat.Int: Gather(MemoryMarshal.Cast<byte, int>(samples), values, v => v); break;
            case Enums.BandFormat.Float: Gather(MemoryMarshal.Cast<byte, float>(samples), values, v => v); break;
            case Enums.BandFormat.Double: Gather(MemoryMarshal.Cast<byte, double>(samples), values, v => (float)v); break;
            default: throw new InvalidOperationException($"Samples of type {Type} are not stretched.");
        }
    }

    private void Gather<T>(ReadOnlySpan<T> samples, Span<float> values, Func<T, float> convert)
    {
        for (int pixel = 0, to = 0; pixel < samples.Length; pixel += Bands)
        {
            for (int c = 0; c < Colors; c++) values[to++] = convert(samples[pixel + c]);
        }
    }

    /// <summary>round(v/257), written over the samples themselves: the bytes to write never pass those to read.</summary>
    private static Span<byte> Narrow(ReadOnlySpan<ushort> samples, Span<byte> bytes)
    {
        for (int i = 0; i < samples.Length; i++) bytes[i] = (byte)((samples[i] + 128) / 257);
        return bytes[..samples.Length];
    }

    private void FromGrey(ReadOnlySpan<byte> samples, Span<byte> rgb)
    {
        for (int from = 0, to = 0; from < samples.Length; from += Bands, to += 3) rgb[to] = rgb[to + 1] = rgb[to + 2] = samples[from];
    }

    private void FromRgb(ReadOnlySpan<byte> samples, Span<byte> rgb)
    {
        for (int from = 0, to = 0; from < samples.Length; from += Bands, to += 3)
        {
            rgb[to] = samples[from];
            rgb[to + 1] = samples[from + 1];
            rgb[to + 2] = samples[from + 2];
        }
    }

    private static int SizeOf(Enums.BandFormat type) => type switch
    {
        Enums.BandFormat.Uchar or Enums.BandFormat.Char => 1,
        Enums.BandFormat.Ushort or Enums.BandFormat.Short => 2,
        Enums.BandFormat.Uint or Enums.BandFormat.Int or Enums.BandFormat.Float => 4,
        Enums.BandFormat.Dpcomplex => 16,
        _ => 8,
    };

    private static string Name(Enums.BandFormat type) => type switch
    {
        Enums.BandFormat.Char => "int8",
        Enums.BandFormat.Short => "int16",
        Enums.BandFormat.Uint => "uint32",
        Enums.BandFormat.Int => "int32",
        Enums.BandFormat.Float => "float32",
        Enums.BandFormat.Double => "float64",
        _ => type.ToString(),
    };
}
