using System.Text;

namespace Dispatcher.Compiler.Elf;

/// <summary>A string table in order of first use; equal strings share their place, and the empty string is at 0.</summary>
internal sealed class ElfStringTableBuilder
{
    private readonly Dictionary<string, uint> _offsets = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly List<byte> _bytes = [0];

    /// <summary>Size in bytes.</summary>
    public int Size => _bytes.Count;

    public void Add(string text)
    {
        if (!_offsets.TryAdd(text, (uint)_bytes.Count))
            return;
        _bytes.AddRange(Encoding.UTF8.GetBytes(text));
        _bytes.Add(0);
    }

    public uint OffsetOf(string text) => _offsets[text];

    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);
}
