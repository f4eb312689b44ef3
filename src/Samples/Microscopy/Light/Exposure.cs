using MaskRcnn.Samples.Microscopy.Layout;
using MaskRcnn.Samples.Microscopy.Looks;
using MaskRcnn.Samples.Microscopy.Measurement;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Light;

/// <summary>A scene in the microscope.</summary>
internal sealed class Exposure
{
    /// <summary>One of so many nuclei is made dim.</summary>
    private const int DimEvery = 10;

    /// <summary>The contrast of dim nuclei, noise deviations.</summary>
    private static readonly Interval DimContrast = new(2.1, 2.75);

    private readonly Scene _scene;
    private readonly double[] _texture, _lamp;
    private readonly double _contrast, _glow;
    private readonly Optics _optics;
    private readonly Camera _camera;
    private readonly RandomSource _random;

    public Exposure(Scene scene, Look look, RandomSource random)
    {
        (_scene, _random) = (scene, random);
        _texture = NucleusTexture.Of(scene, look, random);
        _contrast = look.Contrast.Draw(random);
        _glow = look.Glow.Draw(random);
        _optics = new Optics(look, random);
        _camera = new Camera(look, random);
        var lamp = new Lamp(look, random);
        _lamp = new double[scene.Labels.Length];
        for (int i = 0; i < _lamp.Length; i++) _lamp[i] = lamp.At(i % scene.Width, i / scene.Width);
    }

    public byte[] Take()
    {
        HashSet<int> dim = ChooseDim();
        double[] strengths = [.. _scene.Nuclei.Select((n, i) => dim.Contains(i) ? 0 : _contrast * n.Brightness)];
        double[] bright = Light(strengths, _glow);
        double[] units = Light([.. _scene.Nuclei.Select((_, i) => dim.Contains(i) ? 1.0 : 0)], 0);
        var surroundings = new Surroundings(_scene.Labels, _scene.Width, _scene.Height, _scene.Nuclei.Count);
        double[] before = surroundings.Contrasts(bright), gain = surroundings.Contrasts(units);
        double noise = _camera.NoiseAt(surroundings.MeanBackground(bright));
        // Light adds up: what is missing to the wanted contrast is what the nucleus has to give.
        foreach (int i in dim.Order()) strengths[i] = Math.Max(.2 * noise, (DimContrast.Draw(_random) * noise - before[i]) / gain[i]);
        return _camera.Expose(Light(strengths, _glow));
    }

    private double[] Light(double[] strengths, double glow)
    {
        var light = new double[_lamp.Length];
        for (int i = 0; i < light.Length; i++)
        {
            uint label = _scene.Labels[i];
            light[i] = _lamp[i] * (glow + (label == 0 ? 0 : strengths[label - 1] * _texture[i]));
        }
        return _optics.Apply(light, _scene.Width, _scene.Height);
    }

    /// <summary>Nuclei to be dim: first such that touch no other, as a bright neighbour's light would hide them.</summary>
    private HashSet<int> ChooseDim()
    {
        HashSet<uint> touching = Contacts.Touching(_scene.Labels, _scene.Width, _scene.Height);
        int wanted = (_scene.Nuclei.Count + DimEvery - 1) / DimEvery;
        return [.. Enumerable.Range(0, _scene.Nuclei.Count)
            .Select(i => (Index: i, IsPoor: touching.Contains((uint)i + 1) || _scene.Nuclei[i].IsMitotic, Order: _random.NextUnit()))
            .OrderBy(n => n.IsPoor).ThenBy(n => n.Order).Take(wanted).Select(n => n.Index)];
    }
}
