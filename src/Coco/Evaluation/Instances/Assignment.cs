namespace MaskRcnn.Coco.Evaluation.Instances;

/// <summary>
/// One-to-one assignment of the most pairs and, of those, with the largest sum of IoUs. Pairs fall into small
/// connected groups, mostly of one pair; each group is solved by itself, by the Hungarian method with potentials
/// (Kuhn 1955, Munkres 1957).
/// </summary>
internal static class Assignment
{
    /// <summary>The object of each detection, or -1.</summary>
    /// <param name="pairs">The pairs that may be chosen.</param>
    /// <param name="detections">How many detections there are.</param>
    public static int[] Solve(List<Pair> pairs, int detections)
    {
        var matched = new int[detections];
        Array.Fill(matched, -1);
        foreach (List<Pair> group in Groups(pairs))
        {
            if (group.Count == 1) matched[group[0].Detection] = group[0].Object;
            else SolveGroup(group, matched);
        }
        return matched;
    }

    /// <summary>Pairs that share a detection or an object, directly or through others.</summary>
    private static IEnumerable<List<Pair>> Groups(List<Pair> pairs)
    {
        var parent = new Dictionary<int, int>();
        // Detections are d, objects are ~o (negative).
        foreach (Pair pair in pairs) parent[Find(pair.Detection)] = Find(~pair.Object);
        return pairs.GroupBy(pair => Find(pair.Detection)).Select(group => group.ToList());

        int Find(int node)
        {
            while (parent.TryGetValue(node, out int next) && next != node)
            {
                if (parent.TryGetValue(next, out int after)) parent[node] = after;
                node = next;
            }
            return node;
        }
    }

    private static void SolveGroup(List<Pair> group, int[] matched)
    {
        int[] rows = [.. group.Select(p => p.Detection).Distinct()];
        int[] columns = [.. group.Select(p => p.Object).Distinct()];
        bool transposed = rows.Length > columns.Length;
        int n = Math.Min(rows.Length, columns.Length), m = Math.Max(rows.Length, columns.Length);
        var rowOf = rows.Select((d, i) => (d, i)).ToDictionary(x => x.d, x => x.i);
        var columnOf = columns.Select((o, i) => (o, i)).ToDictionary(x => x.o, x => x.i);
        // Each pair is worth 1 and the IoUs of n pairs together at most a half, so one more pair always wins.
        var cost = new double[n, m];
        foreach (Pair pair in group)
        {
            (int i, int j) = (rowOf[pair.Detection], columnOf[pair.Object]);
            if (transposed) (i, j) = (j, i);
            cost[i, j] = -1 - pair.Iou / (2 * n);
        }
        int[] columnOfRow = Minimise(cost, n, m);
        for (int i = 0; i < n; i++)
        {
            int j = columnOfRow[i];
            if (cost[i, j] >= 0) continue; // not a pair: the row is left over
            (int row, int column) = transposed ? (j, i) : (i, j);
            matched[rows[row]] = columns[column];
        }
    }

    /// <summary>For each of n rows a column of m ≥ n, so that the sum of costs is least: shortest augmenting paths.</summary>
    private static int[] Minimise(double[,] cost, int n, int m)
    {
        var rowPotential = new double[n + 1];
        var columnPotential = new double[m + 1];
        var rowOfColumn = new int[m + 1]; // 1-based; 0 is free
        var previous = new int[m + 1];
        for (int row = 1; row <= n; row++)
        {
            rowOfColumn[0] = row;
            int column = 0;
            var slack = new double[m + 1];
            Array.Fill(slack, double.PositiveInfinity);
            var used = new bool[m + 1];
            do
            {
                used[column] = true;
                int i = rowOfColumn[column];
                double delta = double.PositiveInfinity;
                int next = 0;
                for (int j = 1; j <= m; j++)
                {
                    if (used[j]) continue;
                    double reduced = cost[i - 1, j - 1] - rowPotential[i] - columnPotential[j];
                    if (reduced < slack[j]) (slack[j], previous[j]) = (reduced, column);
                    if (slack[j] < delta) (delta, next) = (slack[j], j);
                }
                for (int j = 0; j <= m; j++)
                {
                    if (used[j])
                    {
                        rowPotential[rowOfColumn[j]] += delta;
                        columnPotential[j] -= delta;
                    }
                    else
                    {
                        slack[j] -= delta;
                    }
                }
                column = next;
            }
            while (rowOfColumn[column] != 0);
            for (; column != 0; column = previous[column]) rowOfColumn[column] = rowOfColumn[previous[column]];
        }
        var columnOfRow = new int[n];
        for (int j = 1; j <= m; j++)
        {
            if (rowOfColumn[j] != 0) columnOfRow[rowOfColumn[j] - 1] = j - 1;
        }
        return columnOfRow;
    }
}
