using System.Runtime.InteropServices;
using static MaskRcnn.Detection.Weights.Pickle.PickleOpcode;

namespace MaskRcnn.Detection.Weights.Pickle;

/// <summary>
/// Reads a pickle as data. It is a stack machine over lists, dictionaries, numbers and texts; classes and functions are
/// names from a fixed list, and nothing is imported or executed. It does not recurse, and a budget bounds its memory.
/// </summary>
internal sealed partial class PickleInterpreter(string path, PickleInput input, PickleBudget budget, IPickleObjects objects)
{
    private const int NewestProtocol = 5;

    /// <summary>Pickles write containers in batches of 1000; only tuples need more.</summary>
    private const int DeepestStack = 1 << 14;

    private static readonly PickleTuple Empty = new([]);

    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];

    /// <summary>Runs to the pickle's end.</summary>
    /// <returns>What it holds.</returns>
    /// <exception cref="WeightFileException">It is damaged, out of proportion, or names what is not allowed.</exception>
    public object? Run()
    {
        while (true)
        {
            var opcode = (PickleOpcode)input.ReadByte();
            if (opcode == Stop) return Pop();
            if (!Stack(opcode) && !Scalar(opcode) && !Text(opcode) && !Collect(opcode) && !Construct(opcode))
                throw Error($"has the instruction 0x{(byte)opcode:X2}, which weights do not need");
        }
    }

    private bool Stack(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case Proto:
                byte protocol = input.ReadByte();
                if (protocol > NewestProtocol) throw Error($"is of protocol {protocol}; expected 0 to {NewestProtocol}");
                return true;
            case Frame: input.ReadInt64(); return true;
            case Mark:
                if (_marks.Count == DeepestStack) throw Error($"nests deeper than {DeepestStack}");
                budget.Charge(PickleBudget.Reference);
                _marks.Add(_stack.Count);
                return true;
            case PickleOpcode.Pop: Pop(); return true;
            case PopMark: PopToMark(); return true;
            case Dup: Push(Peek()); return true;
            case Put: Memorise(Index(input.ReadLine())); return true;
            case BinPut: Memorise(input.ReadByte()); return true;
            case LongBinPut: Memorise(input.ReadUInt32()); return true;
            case Memoize: Memorise((uint)_memo.Count); return true;
            case Get: Recall(Index(input.ReadLine())); return true;
            case BinGet: Recall(input.ReadByte()); return true;
            case LongBinGet: Recall(input.ReadUInt32()); return true;
            default: return false;
        }
    }

    private bool Construct(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case Global: Push(objects.Global(input.ReadLine(), input.ReadLine())); return true;
            case StackGlobal:
                object? name = Pop(), module = Pop();
                Push(objects.Global(Expect<string>(module, "a module's name"), Expect<string>(name, "a global's name")));
                return true;
            case BinPersId:
                budget.Charge(PickleBudget.Container);
                Push(objects.Persistent(Pop()));
                return true;
            case Reduce or NewObj:
                object?[] arguments = Expect<PickleTuple>(Pop(), "a tuple of arguments").Items;
                Call(Pop(), arguments);
                return true;
            case NewObjEx:
                Pop();
                object?[] positional = Expect<PickleTuple>(Pop(), "a tuple of arguments").Items;
                Call(Pop(), positional);
                return true;
            case Inst:
                PickleGlobal global = objects.Global(input.ReadLine(), input.ReadLine());
                Call(global, PopToMark());
                return true;
            case Obj:
                object?[] items = PopToMark();
                if (items.Length == 0) throw Error("constructs an object of no class");
                Call(items[0], items[1..]);
                return true;
            case Build:
                // Attributes, such as an ordered dictionary's _metadata; weights need none.
                Pop();
                Expect<PickleDict>(Peek(), "a dictionary, as nothing else has attributes here,");
                return true;
            default: return false;
        }
    }

    private void Call(object? function, object?[] arguments)
    {
        budget.Charge(PickleBudget.Container * 2);
        Push(objects.Call(Expect<PickleGlobal>(function, "the name of a class or function"), arguments));
    }

    private void Push(object? value)
    {
        if (_stack.Count == DeepestStack) throw Error($"needs more than {DeepestStack} places on its stack");
        budget.Charge(PickleBudget.Reference);
        _stack.Add(value);
    }

    private object? Pop()
    {
        object? top = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    /// <summary>The topmost value above the last mark.</summary>
    private object? Peek() => _stack.Count > (_marks.Count == 0 ? 0 : _marks[^1]) ? _stack[^1] : throw Error("takes a value from an empty stack");

    private object?[] PopToMark()
    {
        if (_marks.Count == 0) throw Error("collects values without a start");
        int start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        budget.Charge(PickleBudget.Reference + (8L * (_stack.Count - start)));
        object?[] values = CollectionsMarshal.AsSpan(_stack)[start..].ToArray();
        _stack.RemoveRange(start, values.Length);
        return values;
    }

    private void Memorise(uint index)
    {
        budget.Charge(PickleBudget.Pair * 2);
        _memo[index] = Peek();
    }

    private void Recall(uint index) => Push(_memo.TryGetValue(index, out object? value) ? value : throw Error($"recalls the value {index}, which it has not stored"));

    private uint Index(string line) => uint.TryParse(line, out uint index) ? index : throw Error($"has '{line}' where the number of a value belongs");

    private T Expect<T>(object? value, string expected) where T : class =>
        value as T ?? throw Error($"has {PickleText.Describe(value)} where {expected} was expected");

    private WeightFileException Error(string problem) =>
        new(path, $"the pickle {problem} (before byte {input.Position}). The file is damaged, or is not one of weights.");
}
