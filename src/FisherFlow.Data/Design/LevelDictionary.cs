using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using FisherFlow.Models;

namespace FisherFlow.Data.Design;

/// <summary>Levels of a factor, numbered in stream order: a hash from UTF-8 bytes, or from numbers, to level numbers.</summary>
/// <remarks>
/// A number is one level however it is written; its name is its shortest text. Bytes that are not UTF-8 are read as Latin-1.
/// Finding allocates nothing; adding grows. Open addressing with linear probing, at most half full.
/// </remarks>
sealed class LevelDictionary(bool isNumeric)
{
    /// <summary>The level that stands for all that came after <see cref="DesignOptions.MaxLevels"/>.</summary>
    public const string Other = LevelOrder.Other;

    const int LongestTranscoded = 256;

    readonly List<string> _names = [];
    readonly Dictionary<double, int> _numbers = [];
    byte[] _bytes = new byte[256];
    int[] _starts = new int[17];
    ulong[] _hashes = new ulong[16];
    int[] _slots = new int[32];

    public IReadOnlyList<string> Names => _names;

    public bool IsNumeric => isNumeric;

    public int Count => _names.Count;

    /// <summary>The number of <see cref="Other"/>, or −1.</summary>
    public int OtherLevel { get; private set; } = -1;

    /// <summary>The level of a text, or −1.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        var level = FindBytes(text, Hash(text));
        return level >= 0 || Utf8.IsValid(text) ? level : FindTranscoded(text);
    }

    /// <summary>The level of a number, or −1.</summary>
    public int Find(double value) => _numbers.TryGetValue(value, out var level) ? level : -1;

    /// <summary>The level of that name, or −1.</summary>
    public int Find(string name) => Find(Encoding.UTF8.GetBytes(name));

    /// <summary>Adds a text that is not there yet, and returns its number.</summary>
    public int Add(ReadOnlySpan<byte> text) => Add((Utf8.IsValid(text) ? Encoding.UTF8 : Encoding.Latin1).GetString(text));

    /// <summary>Adds a number that is not there yet.</summary>
    public int Add(double value) => Add(NameOf(value));

    /// <summary>Adds a level by its name, or returns the number that it has.</summary>
    public int Add(string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var hash = Hash(text);
        var level = FindBytes(text, hash);
        if (level >= 0) { return level; }
        level = _names.Count;
        if (isNumeric && double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) { _numbers.Add(value, level); }
        if (name == Other) { OtherLevel = level; }
        Store(text, hash, level);
        _names.Add(name);
        return level;
    }

    /// <summary>A number's name: its shortest text; minus zero is zero.</summary>
    public static string NameOf(double value) => (value + 0.0).ToString(CultureInfo.InvariantCulture);

    void Store(byte[] text, ulong hash, int level)
    {
        if (level == _hashes.Length)
        {
            Array.Resize(ref _hashes, 2 * level);
            Array.Resize(ref _starts, (2 * level) + 1);
            _slots = new int[4 * level];
            for (var i = 0; i < level; i++) { Place(_hashes[i], i); }
        }
        var start = _starts[level];
        if (start + text.Length > _bytes.Length) { Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, start + text.Length)); }
        text.CopyTo(_bytes, start);
        _starts[level + 1] = start + text.Length;
        _hashes[level] = hash;
        Place(hash, level);
    }

    void Place(ulong hash, int level)
    {
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] != 0) { slot = (slot + 1) & mask; }
        _slots[slot] = level + 1;
    }

    int FindBytes(ReadOnlySpan<byte> text, ulong hash)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var level = _slots[slot] - 1;
            if (level < 0) { return -1; }
            if (_hashes[level] == hash && text.SequenceEqual(_bytes.AsSpan(_starts[level].._starts[level + 1]))) { return level; }
        }
    }

    int FindTranscoded(ReadOnlySpan<byte> text)
    {
        Span<byte> utf8 = text.Length <= LongestTranscoded ? stackalloc byte[2 * LongestTranscoded] : new byte[2 * text.Length];
        var length = 0;
        foreach (var b in text)
        {
            if (b < 0x80)
            {
                utf8[length++] = b;
                continue;
            }
            utf8[length++] = (byte)(0xC0 | (b >> 6));
            utf8[length++] = (byte)(0x80 | (b & 0x3F));
        }
        return FindBytes(utf8[..length], Hash(utf8[..length]));
    }

    /// <summary>Eight bytes at a time: multiply, rotate; then a last mixing, so that the low bits depend on all.</summary>
    static ulong Hash(ReadOnlySpan<byte> text)
    {
        const ulong Odd = 0x9E3779B97F4A7C15;   // 2⁶⁴ over the golden ratio
        var hash = (ulong)text.Length * Odd;
        while (text.Length >= 8)
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text)) * Odd, 29);
            text = text[8..];
        }
        var rest = 0UL;
        foreach (var b in text) { rest = (rest << 8) | b; }
        hash = (hash ^ rest) * Odd;
        return hash ^ (hash >> 32);
    }
}
