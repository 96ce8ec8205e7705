using System.Buffers.Binary;

namespace Dispatcher.Fuzzing.Mutation;

/// <summary>Fields and records of BTF and .BTF.ext, found without the reader that is tested.</summary>
internal static class BtfParts
{
    private const int HeaderSize = 24;
    private const int TypeSize = 12;

    // Words behind a type: fixed ones, and for each element; by kind from BTF_KIND_INT on.
    private static readonly (int Fixed, int PerElement)[] Shapes =
    [
        (1, 0), (0, 0), (3, 0), (0, 3), (0, 3), (0, 2), (0, 0), (0, 0), (0, 0), (0, 0),
        (0, 0), (0, 0), (0, 2), (1, 0), (0, 3), (0, 0), (1, 0), (0, 0), (0, 3),
    ];

    // Each kind without and with the kind flag.
    private static readonly ulong[] Kinds = [.. Enumerable.Range(1, Shapes.Length).SelectMany(kind => new[] { (ulong)kind, (ulong)kind | 0x80 })];

    /// <summary>Notes the header, every type and every word of it.</summary>
    /// <param name="input">The whole input.</param>
    /// <param name="start">Where the BTF begins in it.</param>
    /// <param name="layout">Takes them.</param>
    public static void Describe(ReadOnlySpan<byte> input, int start, InputLayout layout)
    {
        if (start < 0 || start > input.Length - HeaderSize)
            return;
        var btf = input[start..];
        layout.AddFields(start, 2, 1, 1, 4, 4, 4, 4, 4);
        var bigEndian = btf[0] == 0xeb;
        var offset = (long)Word(btf, 4, bigEndian);
        var end = Math.Min(offset + Word(btf, 12, bigEndian), btf.Length);
        while (offset + TypeSize <= end)
        {
            var info = Word(btf, (int)offset + 4, bigEndian);
            var kind = (int)(info >> 24 & 0x1f) - 1;
            if (kind < 0 || kind >= Shapes.Length)
                return;
            var words = Shapes[kind].Fixed + Shapes[kind].PerElement * (int)(info & 0xffff);
            layout.AddRecord(start + offset, TypeSize + 4L * words);
            layout.AddFields(start + offset, 4, 2, 1);
            layout.AddField(start + offset + 7, 1, Kinds);
            layout.AddFields(start + offset + 8, 4);
            for (var i = 0; i < words; i++)
                layout.AddFields(start + offset + TypeSize + 4L * i, 4);
            offset += TypeSize + 4L * words;
        }
    }

    /// <summary>Makes the length of types or of strings fit the input.</summary>
    public static void Repair(Span<byte> btf, FuzzRandom random)
    {
        if (btf.Length < HeaderSize || btf[0] != 0x9f)
            return;
        var (types, strings) = (Word(btf, 12, false), Word(btf, 20, false));
        var rest = (uint)btf.Length - HeaderSize;
        if (random.OneIn(2) && types <= rest)
            BinaryPrimitives.WriteUInt32LittleEndian(btf[20..], rest - types);
        else if (strings <= rest)
            BinaryPrimitives.WriteUInt32LittleEndian(btf[12..], rest - strings);
        BinaryPrimitives.WriteUInt32LittleEndian(btf[4..], HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(btf[16..], Word(btf, 12, false));
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int offset, bool bigEndian) => bigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..])
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
