namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>
/// Several sorted record streams as one, by a tree of losers (Knuth, The Art of Computer Programming 3, 5.4.1): each
/// inner node keeps the stream that lost there, so that the next record costs one comparison a level.
/// </summary>
internal sealed class RecordMerge
{
    private readonly RecordReader[] _readers;
    private readonly ulong[] _keys; // the streams' current scores, by ScoreOrder; Ended stands last
    private readonly int[] _losers;
    private int _winner;
    private bool _started;

    public RecordMerge(RecordReader[] readers)
    {
        _readers = readers;
        _keys = new ulong[readers.Length];
        _losers = new int[readers.Length];
    }

    /// <summary>After every score: no finite number has this key.</summary>
    private const ulong Ended = ulong.MaxValue;

    /// <summary>The reader whose record is current.</summary>
    public RecordReader Current => _readers[_winner];

    public bool Next()
    {
        if (_readers.Length <= 1) return _readers.Length == 1 && _readers[0].Next();
        if (!_started) Start();
        else Advance();
        return _keys[_winner] != Ended;
    }

    private void Start()
    {
        _started = true;
        for (int i = 0; i < _readers.Length; i++) Read(i);
        _winner = Play(1);
    }

    /// <summary>Plays the matches below a node, notes the losers, and returns the winner. Streams are the nodes from their count on.</summary>
    private int Play(int node)
    {
        if (node >= _readers.Length) return node - _readers.Length;
        int left = Play(2 * node), right = Play(2 * node + 1);
        bool leftWins = Before(left, right);
        _losers[node] = leftWins ? right : left;
        return leftWins ? left : right;
    }

    private void Advance()
    {
        int winner = _winner;
        Read(winner);
        for (int node = (winner + _readers.Length) / 2; node > 0; node /= 2)
        {
            int loser = _losers[node];
            if (!Before(loser, winner)) continue;
            _losers[node] = winner;
            winner = loser;
        }
        _winner = winner;
    }

    private bool Before(int a, int b) => _keys[a] != _keys[b] ? _keys[a] < _keys[b] : BreakTie(a, b);

    private bool BreakTie(int a, int b)
    {
        if (_keys[a] == Ended) return false;
        RecordReader one = _readers[a], other = _readers[b];
        return one.Image != other.Image ? one.Image < other.Image : one.Rank < other.Rank;
    }

    private void Read(int stream)
    {
        RecordReader reader = _readers[stream];
        _keys[stream] = reader.Next() ? reader.Key : Ended;
    }
}
