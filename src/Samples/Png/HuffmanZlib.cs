namespace MaskRcnn.Samples.Png;

/// <summary>
/// A zlib stream (RFC 1950, 1951) of one block whose bytes are Huffman coded, without repetitions: noise has none worth
/// finding.
/// </summary>
internal static class HuffmanZlib
{
    private const int EndOfBlock = 256, Symbols = 257, LongestCode = 15;

    /// <summary>The order in which RFC 1951, 3.2.7 wants the lengths of the code lengths' codes.</summary>
    private static ReadOnlySpan<byte> LengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    public static byte[] Compress(ReadOnlySpan<byte> data)
    {
        int[] lengths = CodeLengths(data), codes = Canonical(lengths);
        var bits = new BitWriter();
        bits.Write(0x78, 8); // deflate, window of 32 KB
        bits.Write(0x01, 8); // and the check of the two bytes
        bits.Write(1, 1); // the last block
        bits.Write(2, 2); // with codes of its own
        WriteLengths(bits, lengths);
        foreach (byte value in data) bits.Write(codes[value], lengths[value]);
        bits.Write(codes[EndOfBlock], lengths[EndOfBlock]);
        return bits.FinishWith(Adler32(data));
    }

    /// <summary>The lengths as plain numbers of four bits: sixteen codes of length four, none for repeats.</summary>
    private static void WriteLengths(BitWriter bits, int[] lengths)
    {
        bits.Write(Symbols - 257, 5);
        bits.Write(2 - 1, 5); // two codes for distances, which never occur; one alone confuses old decoders
        bits.Write(LengthOrder.Length - 4, 4);
        foreach (byte symbol in LengthOrder) bits.Write(symbol <= LongestCode ? 4 : 0, 3);
        foreach (int length in lengths) bits.Write(Reverse(length, 4), 4);
        for (int i = 0; i < 2; i++) bits.Write(Reverse(1, 4), 4);
    }

    /// <summary>Huffman's lengths. Where one is too long, the counts are brought nearer to each other until none is.</summary>
    private static int[] CodeLengths(ReadOnlySpan<byte> data)
    {
        var counts = new long[Symbols];
        foreach (byte value in data) counts[value]++;
        counts[EndOfBlock] = 1;
        while (true)
        {
            int[] lengths = Tree(counts);
            if (lengths.Max() <= LongestCode) return lengths;
            for (int i = 0; i < counts.Length; i++) counts[i] = (counts[i] + 1) / 2;
        }
    }

    private static int[] Tree(long[] counts)
    {
        // By count, then by number: equal counts always join in the same order.
        var open = new PriorityQueue<int, (long Count, int Node)>();
        var total = new long[2 * Symbols];
        var parent = new int[2 * Symbols];
        for (int i = 0; i < Symbols; i++)
        {
            if (counts[i] > 0) open.Enqueue(i, (total[i] = counts[i], i));
        }
        int node = Symbols;
        for (; open.Count > 1; node++)
        {
            int left = open.Dequeue(), right = open.Dequeue();
            (parent[left], parent[right]) = (node, node);
            total[node] = total[left] + total[right];
            open.Enqueue(node, (total[node], node));
        }
        var depth = new int[2 * Symbols];
        for (int i = node - 2; i >= 0; i--)
        {
            if (total[i] > 0) depth[i] = depth[parent[i]] + 1;
        }
        return depth[..Symbols];
    }

    /// <summary>The codes that follow from the lengths (RFC 1951, 3.2.2), first bit lowest.</summary>
    private static int[] Canonical(int[] lengths)
    {
        var codes = new int[lengths.Length];
        int code = 0;
        for (int length = 1; length <= LongestCode; length++, code <<= 1)
        {
            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == length) codes[symbol] = Reverse(code++, length);
            }
        }
        return codes;
    }

    private static int Reverse(int code, int length)
    {
        int reversed = 0;
        for (int i = 0; i < length; i++) reversed |= (code >> i & 1) << (length - 1 - i);
        return reversed;
    }

    private static uint Adler32(ReadOnlySpan<byte> data)
    {
        uint sum = 1, sums = 0;
        foreach (byte value in data)
        {
            sum = (sum + value) % 65521;
            sums = (sums + sum) % 65521;
        }
        return sums << 16 | sum;
    }
}
