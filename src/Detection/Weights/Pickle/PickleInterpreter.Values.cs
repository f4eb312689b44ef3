using System.Globalization;
using System.Numerics;
using static MaskRcnn.Detection.Weights.Pickle.PickleOpcode;

namespace MaskRcnn.Detection.Weights.Pickle;

/// <summary>Numbers, texts and containers.</summary>
internal sealed partial class PickleInterpreter
{
    /// <summary>The most bytes of a number; the largest in practice is torch's magic number, with ten.</summary>
    private const int LongestNumber = 256;

    private bool Scalar(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.None: Push(null); return true;
            case NewTrue: Push(true); return true;
            case NewFalse: Push(false); return true;
            case BinInt: PushBox((long)input.ReadInt32()); return true;
            case BinInt1: PushBox((long)input.ReadByte()); return true;
            case BinInt2: PushBox((long)input.ReadUInt16()); return true;
            case Long1: PushWhole((int)input.ReadByte()); return true;
            case Long4: PushWhole(input.ReadInt32()); return true;
            case Int: PushWhole(input.ReadLine()); return true;
            case PickleOpcode.Long: PushWhole(input.ReadLine().TrimEnd('L')); return true;
            case BinFloat: PushBox(input.ReadDouble()); return true;
            case PickleOpcode.Float:
                string text = input.ReadLine();
                PushBox(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Error($"has '{text}' where a number belongs"));
                return true;
            default: return false;
        }
    }

    private bool Text(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case BinUnicode: Push(input.ReadText(input.ReadUInt32())); return true;
            case ShortBinUnicode: Push(input.ReadText(input.ReadByte())); return true;
            case BinUnicode8: Push(input.ReadText(input.ReadInt64())); return true;
            case BinString: Push(input.ReadText(input.ReadInt32())); return true;
            case ShortBinString: Push(input.ReadText(input.ReadByte())); return true;
            case Unicode: Push(input.ReadLine()); return true;
            case PickleOpcode.String: Push(Unquoted(input.ReadLine())); return true;
            case BinBytes: Push(input.ReadBytes(input.ReadUInt32())); return true;
            case ShortBinBytes: Push(input.ReadBytes(input.ReadByte())); return true;
            case BinBytes8 or ByteArray8: Push(input.ReadBytes(input.ReadInt64())); return true;
            default: return false;
        }
    }

    private bool Collect(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case EmptyTuple: Push(Empty); return true;
            case Tuple1: PushTuple(1); return true;
            case Tuple2: PushTuple(2); return true;
            case Tuple3: PushTuple(3); return true;
            case PickleOpcode.Tuple: Push(new PickleTuple(PopToMark())); return true;
            case EmptyList or EmptySet: Push(NewList([])); return true;
            case PickleOpcode.List or FrozenSet: Push(NewList(PopToMark())); return true;
            case EmptyDict: Push(NewDict([])); return true;
            case PickleOpcode.Dict: Push(NewDict(PopToMark())); return true;
            case Append:
                object? item = Pop();
                Add(Peek(), [item]);
                return true;
            case Appends or AddItems:
                object?[] items = PopToMark();
                Add(Peek(), items);
                return true;
            case SetItem:
                object? value = Pop(), key = Pop();
                Set(Peek(), [key, value]);
                return true;
            case SetItems:
                object?[] pairs = PopToMark();
                Set(Peek(), pairs);
                return true;
            default: return false;
        }
    }

    private void PushBox(object value)
    {
        budget.Charge(PickleBudget.Box);
        Push(value);
    }

    private void PushTuple(int count)
    {
        budget.Charge(PickleBudget.Container);
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--) items[i] = Pop();
        Push(new PickleTuple(items));
    }

    private PickleList NewList(object?[] items)
    {
        var list = new PickleList();
        budget.Charge(PickleBudget.Container);
        Add(list, items);
        return list;
    }

    private PickleDict NewDict(object?[] pairs)
    {
        var dict = new PickleDict();
        budget.Charge(PickleBudget.Container);
        Set(dict, pairs);
        return dict;
    }

    private void Add(object? list, ReadOnlySpan<object?> items)
    {
        PickleList target = Expect<PickleList>(list, "a list");
        budget.Charge(PickleBudget.Reference * (long)items.Length);
        target.Items.AddRange(items);
    }

    private void Set(object? dict, ReadOnlySpan<object?> pairs)
    {
        PickleDict target = Expect<PickleDict>(dict, "a dictionary");
        if (pairs.Length % 2 != 0) throw Error("has a key without a value");
        budget.Charge(PickleBudget.Reference * (long)pairs.Length);
        for (int i = 0; i < pairs.Length; i += 2) target.Pairs.Add(new(pairs[i], pairs[i + 1]));
    }

    private void PushWhole(int length)
    {
        if (length is < 0 or > LongestNumber) throw Error($"has a whole number of {length} bytes");
        PushWhole(new BigInteger(input.ReadBytes(length)));
    }

    private void PushWhole(string line)
    {
        // Protocols 0 and 1 write truth as these.
        if (line is "00" or "01") Push(line == "01");
        else if (line.Length <= LongestNumber && BigInteger.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number)) PushWhole(number);
        else throw Error($"has '{line}' where a whole number belongs");
    }

    private void PushWhole(BigInteger number)
    {
        if (number >= long.MinValue && number <= long.MaxValue) PushBox((long)number);
        else PushBox(number);
    }

    private string Unquoted(string line) =>
        line.Length >= 2 && line[0] is '\'' or '"' && line[^1] == line[0] ? line[1..^1] : throw Error("has a text without quotes");
}
