namespace Dispatcher.Compiler.Btf;

/// <summary>The <c>.BTF.ext</c> section of an ELF object: what libbpf needs to know about instructions.</summary>
/// <param name="Functions">Function records per ELF section.</param>
/// <param name="Lines">Line records per ELF section.</param>
/// <param name="Relocations">CO-RE records per ELF section.</param>
/// <remarks>
/// <code>
/// header  u16 0xeb9f | u8 1 | u8 0 | u32 hdr_len 32 | 3 x (u32 offset from the end of the header, u32 size)
/// part    u32 record size | per ELF section: u32 name | u32 count | records
/// func    u32 insn_off | u32 type_id                                          8 bytes
/// line    u32 insn_off | u32 file_name_off | u32 line_off | u32 line:22 col:10   16 bytes
/// reloc   u32 insn_off | u32 type_id | u32 access_str_off | u32 kind             16 bytes
/// </code>
/// In the section insn_off counts bytes; here, as in the kernel, instructions. A part without records is left
/// out, and the header always has 32 bytes: only where a compiler did otherwise are the bytes other than those read.
/// </remarks>
public sealed record BtfExt(
    ValueArray<BtfExtSection<BtfFuncInfo>> Functions,
    ValueArray<BtfExtSection<BtfLineInfo>> Lines = default,
    ValueArray<BtfExtSection<BtfCoreRelocation>> Relocations = default)
{
    internal const int HeaderSize = 32;
    internal const int FunctionSize = 8;
    internal const int LineSize = 16;
    internal const int RelocationSize = 16;

    /// <summary>Reads a <c>.BTF.ext</c> section in either byte order.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="btf">The BTF of the same object, which has the types and strings that are named here.</param>
    /// <exception cref="MalformedObjectException">A rule of the format is broken.</exception>
    public static BtfExt Read(ReadOnlySpan<byte> bytes, BtfData btf)
    {
        ArgumentNullException.ThrowIfNull(btf);
        return BtfExtDecoder.Decode(bytes, btf);
    }

    /// <summary>Writes a <c>.BTF.ext</c> section.</summary>
    /// <param name="bigEndian">Byte order of the machine that is to read it.</param>
    public byte[] Encode(bool bigEndian = false)
    {
        var functions = SizeOf(Functions, FunctionSize);
        var lines = SizeOf(Lines, LineSize);
        var relocations = SizeOf(Relocations, RelocationSize);
        var bytes = new byte[HeaderSize + functions + lines + relocations];
        var writer = new BtfWriter(bytes, bigEndian);
        BtfHeader.WriteByteOrder(ref writer);
        writer.WriteU32(HeaderSize);
        var offset = 0;
        foreach (var size in (ReadOnlySpan<int>)[functions, lines, relocations])
        {
            writer.WriteU32((uint)offset);
            writer.WriteU32((uint)size);
            offset += size;
        }

        WritePart(ref writer, Functions, FunctionSize, static (ref BtfWriter w, BtfFuncInfo record) => Write(ref w, record, 8));
        WritePart(ref writer, Lines, LineSize, static (ref BtfWriter w, BtfLineInfo record) => Write(ref w, record, 8));
        WritePart(ref writer, Relocations, RelocationSize, static (ref BtfWriter w, BtfCoreRelocation record) =>
        {
            w.WriteU32(record.InstructionIndex * 8);
            w.WriteU32(record.Type.Value);
            w.WriteU32(record.Access.Value);
            w.WriteU32(record.RelocationKind);
        });
        return bytes;
    }

    /// <summary>The array that <c>BPF_PROG_LOAD</c> takes as func_info: records of 8 bytes, offsets in instructions.</summary>
    /// <param name="functions">In order of their instruction; the first is 0.</param>
    /// <param name="bigEndian">Byte order of the kernel.</param>
    public static byte[] EncodeForKernel(ReadOnlySpan<BtfFuncInfo> functions, bool bigEndian = false)
    {
        var bytes = new byte[functions.Length * FunctionSize];
        var writer = new BtfWriter(bytes, bigEndian);
        foreach (var function in functions)
            Write(ref writer, function, 1);
        return bytes;
    }

    /// <summary>The array that <c>BPF_PROG_LOAD</c> takes as line_info: records of 16 bytes, offsets in instructions.</summary>
    /// <param name="lines">In order of their instruction; every function starts with one.</param>
    /// <param name="bigEndian">Byte order of the kernel.</param>
    public static byte[] EncodeForKernel(ReadOnlySpan<BtfLineInfo> lines, bool bigEndian = false)
    {
        var bytes = new byte[lines.Length * LineSize];
        var writer = new BtfWriter(bytes, bigEndian);
        foreach (var line in lines)
            Write(ref writer, line, 1);
        return bytes;
    }

    private delegate void RecordWriter<T>(ref BtfWriter writer, T record);

    private static void Write(ref BtfWriter writer, BtfFuncInfo record, uint instructionSize)
    {
        writer.WriteU32(record.InstructionIndex * instructionSize);
        writer.WriteU32(record.Function.Value);
    }

    private static void Write(ref BtfWriter writer, BtfLineInfo record, uint instructionSize)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Line, (uint)BtfLineInfo.MaxLine);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Column, (uint)BtfLineInfo.MaxColumn);
        writer.WriteU32(record.InstructionIndex * instructionSize);
        writer.WriteU32(record.FileName.Value);
        writer.WriteU32(record.Text.Value);
        writer.WriteU32(record.Packed);
    }

    private static void WritePart<T>(
        ref BtfWriter writer, ValueArray<BtfExtSection<T>> sections, int recordSize, RecordWriter<T> write)
        where T : IEquatable<T>
    {
        if (sections.Count == 0)
            return;
        writer.WriteU32((uint)recordSize);
        foreach (var section in sections)
        {
            writer.WriteU32(section.Name.Value);
            writer.WriteU32((uint)section.Records.Count);
            foreach (var record in section.Records)
                write(ref writer, record);
        }
    }

    private static int SizeOf<T>(ValueArray<BtfExtSection<T>> sections, int recordSize)
        where T : IEquatable<T> => sections.Count == 0 ? 0 : 4 + sections.Sum(s => 8 + recordSize * s.Records.Count);
}
