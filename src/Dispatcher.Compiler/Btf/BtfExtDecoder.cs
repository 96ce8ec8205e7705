using System.Collections.Immutable;

namespace Dispatcher.Compiler.Btf;

/// <summary>Reads a <c>.BTF.ext</c> section strictly.</summary>
internal static class BtfExtDecoder
{
    private const string Format = "BTF.ext";
    private const int HeaderSizeWithoutRelocations = 24;
    private const uint InstructionSize = 8;

    private delegate T RecordReader<T>(ref BtfReader reader, BtfData btf);

    public static BtfExt Decode(ReadOnlySpan<byte> bytes, BtfData btf)
    {
        var bigEndian = BtfHeader.ReadByteOrder(bytes, Format);
        var reader = new BtfReader(bytes, 4, bigEndian, Format);
        var headerSize = reader.ReadU32();
        if (headerSize is not (HeaderSizeWithoutRelocations or BtfExt.HeaderSize) || headerSize > bytes.Length)
            throw new MalformedObjectException(Format, 4, $"the header has {HeaderSizeWithoutRelocations} or {BtfExt.HeaderSize} bytes, not {headerSize}");

        var start = (int)headerSize;
        var functionsEnd = ReadEnd(ref reader, headerSize, start, bytes.Length);
        var linesEnd = ReadEnd(ref reader, headerSize, functionsEnd, bytes.Length);
        var relocationsEnd = headerSize == BtfExt.HeaderSize ? ReadEnd(ref reader, headerSize, linesEnd, bytes.Length) : linesEnd;
        if (relocationsEnd != bytes.Length)
            throw new MalformedObjectException(Format, relocationsEnd, $"the parts fill all {bytes.Length} bytes");

        var functions = new BtfReader(bytes[..functionsEnd], start, bigEndian, Format);
        var lines = new BtfReader(bytes[..linesEnd], functionsEnd, bigEndian, Format);
        var relocations = new BtfReader(bytes, linesEnd, bigEndian, Format);
        return new BtfExt(
            ReadPart(functions, BtfExt.FunctionSize, btf, ReadFunction),
            ReadPart(lines, BtfExt.LineSize, btf, ReadLine),
            ReadPart(relocations, BtfExt.RelocationSize, btf, ReadRelocation));
    }

    /// <summary>Reads offset and size of the part that follows the one before, and returns where it ends.</summary>
    private static int ReadEnd(ref BtfReader reader, uint headerSize, int start, int totalSize)
    {
        var at = reader.Offset;
        var offset = reader.ReadU32();
        var size = reader.ReadU32();
        if (size == 0)
            return start;
        if (headerSize + (long)offset != start)
            throw new MalformedObjectException(Format, at, $"the part follows without gap or overlap at {start - headerSize}, not at {offset}");
        if (size % 4 != 0 || start + (long)size > totalSize)
            throw new MalformedObjectException(Format, at + 4, $"the part has a multiple of 4 bytes and ends with the section, not {size} bytes");
        return start + (int)size;
    }

    private static ValueArray<BtfExtSection<T>> ReadPart<T>(BtfReader reader, int recordSize, BtfData btf, RecordReader<T> read)
        where T : IEquatable<T>
    {
        if (reader.Remaining == 0)
            return default;
        var at = reader.Offset;
        var size = reader.ReadU32();
        if (size != recordSize)
            throw new MalformedObjectException(Format, at, $"a record has {recordSize} bytes, not {size}");
        var sections = ImmutableArray.CreateBuilder<BtfExtSection<T>>();
        while (reader.Remaining > 0)
        {
            var name = ReadString(ref reader, btf);
            at = reader.Offset;
            var count = reader.ReadU32();
            if (count == 0)
                throw new MalformedObjectException(Format, at, "a section has at least one record");
            reader.Expect(count, recordSize);
            var records = ImmutableArray.CreateBuilder<T>((int)count);
            for (var i = 0; i < count; i++)
                records.Add(read(ref reader, btf));
            sections.Add(new BtfExtSection<T>(name, new(records.MoveToImmutable())));
        }

        return new(sections.DrainToImmutable());
    }

    private static BtfFuncInfo ReadFunction(ref BtfReader reader, BtfData btf)
    {
        var index = ReadInstructionIndex(ref reader);
        var at = reader.Offset;
        var id = new BtfTypeId(reader.ReadU32());
        return btf.Get<BtfFunc>(id) is not null
            ? new BtfFuncInfo(index, id)
            : throw new MalformedObjectException(Format, at, $"type {id} is a function");
    }

    private static BtfLineInfo ReadLine(ref BtfReader reader, BtfData btf)
    {
        var index = ReadInstructionIndex(ref reader);
        var (file, text, packed) = (ReadString(ref reader, btf), ReadString(ref reader, btf), reader.ReadU32());
        return new BtfLineInfo(index, file, text, packed >> 10, packed & BtfLineInfo.MaxColumn);
    }

    private static BtfCoreRelocation ReadRelocation(ref BtfReader reader, BtfData btf)
    {
        var index = ReadInstructionIndex(ref reader);
        var at = reader.Offset;
        var id = new BtfTypeId(reader.ReadU32());
        if (id.Value > btf.Count)
            throw new MalformedObjectException(Format, at, $"a type id is at most {btf.Count}, not {id}");
        return new BtfCoreRelocation(index, id, ReadString(ref reader, btf), reader.ReadU32());
    }

    private static uint ReadInstructionIndex(ref BtfReader reader)
    {
        var at = reader.Offset;
        var offset = reader.ReadU32();
        return offset % InstructionSize == 0
            ? offset / InstructionSize
            : throw new MalformedObjectException(Format, at, $"an instruction stands at a multiple of {InstructionSize}, not at {offset}");
    }

    private static BtfStringOffset ReadString(ref BtfReader reader, BtfData btf)
    {
        var at = reader.Offset;
        var offset = new BtfStringOffset(reader.ReadU32());
        return btf.HasString(offset)
            ? offset
            : throw new MalformedObjectException(Format, at, $"string offset {offset.Value} lies in the string section of the BTF");
    }
}
