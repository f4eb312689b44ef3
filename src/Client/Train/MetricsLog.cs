using System.Text.Json;

namespace MaskRcnn.Client.Train;

/// <summary>What <c>metrics.jsonl</c> holds, for curves.</summary>
/// <param name="Steps">Each step's number.</param>
/// <param name="Losses">Each loss by name, at each step; <c>loss</c> is their sum.</param>
/// <param name="LearningRates">The learning rate of each step.</param>
/// <param name="Evaluations">Each evaluation's step, AP and AP50 by kind of output.</param>
internal sealed record MetricsLog(
    IReadOnlyList<double> Steps, IReadOnlyDictionary<string, List<double>> Losses, IReadOnlyList<double> LearningRates,
    IReadOnlyDictionary<string, List<(double Step, double Ap, double Ap50)>> Evaluations)
{
    public static MetricsLog Read(string path)
    {
        List<double> steps = [], rates = [];
        Dictionary<string, List<double>> losses = [];
        Dictionary<string, List<(double, double, double)>> evaluations = [];
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            double step = root.GetProperty("step").GetDouble();
            if (root.TryGetProperty("evaluation", out JsonElement evaluation))
            {
                foreach (JsonProperty kind in evaluation.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Object))
                    At(evaluations, kind.Name).Add((step, kind.Value.GetProperty("AP").GetDouble(), kind.Value.GetProperty("AP50").GetDouble()));
                continue;
            }

            steps.Add(step);
            rates.Add(root.GetProperty("learning_rate").GetDouble());
            foreach (JsonProperty loss in root.EnumerateObject().Where(member => member.Name.StartsWith("loss", StringComparison.Ordinal)))
                At(losses, loss.Name).Add(loss.Value.GetDouble());
        }

        return new MetricsLog(steps, losses, rates, evaluations);
    }

    /// <summary>Means over a window around each value, shorter at the ends.</summary>
    public static double[] Smoothed(IReadOnlyList<double> values, int window)
    {
        double[] sums = new double[values.Count + 1];
        for (int i = 0; i < values.Count; i++) sums[i + 1] = sums[i] + values[i];
        return [.. Enumerable.Range(0, values.Count).Select(i =>
        {
            // As far to the left as to the right, or the ends would be drawn inwards.
            int reach = Math.Min(window / 2, Math.Min(i, values.Count - 1 - i));
            return (sums[i + reach + 1] - sums[i - reach]) / (2 * reach + 1);
        })];
    }

    private static List<T> At<T>(Dictionary<string, List<T>> lists, string name) => lists.TryGetValue(name, out List<T>? list) ? list : lists[name] = [];
}
