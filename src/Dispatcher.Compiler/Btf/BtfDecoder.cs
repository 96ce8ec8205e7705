using System.Collections.Immutable;

namespace Dispatcher.Compiler.Btf;

/// <summary>Turns the type section into records and keeps where each name stood.</summary>
internal ref struct BtfDecoder
{
    /// <summary>Bits of the info word that mean something: kind flag, kind, vlen.</summary>
    private const uint InfoMask = 0x9f00ffff;

    private readonly ReadOnlySpan<byte> _section;
    private readonly BtfStrings _strings;
    private readonly ImmutableArray<uint>.Builder _nameOffsets = ImmutableArray.CreateBuilder<uint>();
    private BtfReader _reader;

    private BtfDecoder(ReadOnlySpan<byte> bytes, BtfHeader header, bool bigEndian)
    {
        _section = bytes[^header.StringSize..];
        _strings = new BtfStrings(_section, bytes.Length - header.StringSize);
        _reader = new BtfReader(bytes[..(header.Size + header.TypeSize)], header.Size, bigEndian, BtfData.Format);
    }

    public static BtfData Decode(ReadOnlySpan<byte> bytes)
    {
        var bigEndian = BtfHeader.ReadByteOrder(bytes, BtfData.Format);
        var header = BtfHeader.Read(bytes, bigEndian);
        var decoder = new BtfDecoder(bytes, header, bigEndian);
        var types = ImmutableArray.CreateBuilder<BtfType>();
        while (decoder._reader.Remaining > 0)
            types.Add(decoder.ReadType());

        var data = new BtfData(types.DrainToImmutable(), new BtfEncoding(
            header,
            bigEndian,
            [.. decoder._section],
            decoder._nameOffsets.DrainToImmutable(),
            [.. bytes.Slice(header.Size + header.TypeSize, header.LayoutSize)]));
        if (BtfRules.FindBroken(data.Types) is { } broken)
            throw data.Malformed(broken.Id, broken.Rule);
        return data;
    }

    private BtfType ReadType()
    {
        var start = _reader.Offset;
        var name = ReadName();
        var info = _reader.ReadU32();
        var sizeOrType = _reader.ReadU32();
        var kind = (BtfKind)(info >> 24 & 0x1f);
        var vlen = (int)(info & 0xffff);
        var flag = info >> 31 != 0;
        if ((info & ~InfoMask) != 0)
            throw Malformed(start + 4, $"unused bits of the info word are 0, not 0x{info & ~InfoMask:x}");
        var id = new BtfTypeId(sizeOrType);
        BtfType type = kind switch
        {
            BtfKind.Int => ReadInt(name, sizeOrType),
            BtfKind.Ptr => new BtfPtr(id),
            BtfKind.Array => ReadArray(),
            BtfKind.Struct => new BtfStruct(name, sizeOrType, ReadMembers(vlen, flag), flag),
            BtfKind.Union => new BtfUnion(name, sizeOrType, ReadMembers(vlen, flag), flag),
            BtfKind.Enum => new BtfEnum(name, sizeOrType, ReadValues(vlen, flag), flag),
            BtfKind.Forward => new BtfForward(name, flag),
            BtfKind.Typedef => new BtfTypedef(name, id),
            BtfKind.Volatile => new BtfVolatile(id),
            BtfKind.Const => new BtfConst(id),
            BtfKind.Restrict => new BtfRestrict(id),
            BtfKind.Func => new BtfFunc(name, id, (BtfLinkage)vlen),
            BtfKind.FuncProto => ReadFuncProto(id, vlen),
            BtfKind.Var => new BtfVar(name, id, (BtfLinkage)_reader.ReadU32()),
            BtfKind.DataSec => ReadDataSec(name, sizeOrType, vlen),
            BtfKind.Float => new BtfFloat(name, sizeOrType),
            BtfKind.DeclTag => new BtfDeclTag(name, id, (int)_reader.ReadU32(), flag),
            BtfKind.TypeTag => new BtfTypeTag(name, id, flag),
            BtfKind.Enum64 => ReadEnum64(name, sizeOrType, vlen, flag),
            _ => throw Malformed(start + 4, $"the kind is 1 to {(int)BtfKind.Enum64}, not {(int)kind}"),
        };

        // What the record has no place for: a kind has it or its bits are 0.
        if (name != type.Name)
            throw Malformed(start, $"a {kind} has no name");
        if (vlen != type.Vlen)
            throw Malformed(start + 4, $"a {kind} has no elements, not {vlen}");
        if (flag != type.KindFlag)
            throw Malformed(start + 4, $"a {kind} has no kind flag");
        if (sizeOrType != type.SizeOrType)
            throw Malformed(start + 8, $"a {kind} has neither size nor type, not {sizeOrType}");
        return type;
    }

    private BtfInt ReadInt(string name, uint size)
    {
        var start = _reader.Offset;
        var data = _reader.ReadU32();
        if ((data & 0xf000ff00) != 0)
            throw Malformed(start, $"unused bits of an integer are 0, not 0x{data & 0xf000ff00:x}");
        return new BtfInt(name, size, (BtfIntEncoding)(data >> 24), (byte)data, (byte)(data >> 16));
    }

    private BtfArray ReadArray() => new(ReadId(), ReadId(), _reader.ReadU32());

    private ValueArray<BtfMember> ReadMembers(int count, bool hasBitfieldSizes)
    {
        _reader.Expect(count, 12);
        var members = ImmutableArray.CreateBuilder<BtfMember>(count);
        for (var i = 0; i < count; i++)
        {
            var (name, id, offset) = (ReadName(), ReadId(), _reader.ReadU32());
            members.Add(hasBitfieldSizes
                ? new BtfMember(name, id, offset & 0xffffff, (byte)(offset >> 24))
                : new BtfMember(name, id, offset));
        }

        return new(members.MoveToImmutable());
    }

    private ValueArray<BtfEnumerator> ReadValues(int count, bool isSigned)
    {
        _reader.Expect(count, 8);
        var values = ImmutableArray.CreateBuilder<BtfEnumerator>(count);
        for (var i = 0; i < count; i++)
        {
            var (name, value) = (ReadName(), _reader.ReadU32());
            values.Add(new BtfEnumerator(name, isSigned ? (int)value : value));
        }

        return new(values.MoveToImmutable());
    }

    private BtfEnum64 ReadEnum64(string name, uint size, int count, bool isSigned)
    {
        _reader.Expect(count, 12);
        var values = ImmutableArray.CreateBuilder<BtfEnumerator>(count);
        for (var i = 0; i < count; i++)
        {
            var (valueName, low, high) = (ReadName(), _reader.ReadU32(), _reader.ReadU32());
            values.Add(new BtfEnumerator(valueName, (long)((ulong)high << 32 | low)));
        }

        return new BtfEnum64(name, size, new(values.MoveToImmutable()), isSigned);
    }

    private BtfFuncProto ReadFuncProto(BtfTypeId result, int count)
    {
        _reader.Expect(count, 8);
        var parameters = ImmutableArray.CreateBuilder<BtfParameter>(count);
        for (var i = 0; i < count; i++)
            parameters.Add(new BtfParameter(ReadName(), ReadId()));
        return new BtfFuncProto(result, new(parameters.MoveToImmutable()));
    }

    private BtfDataSec ReadDataSec(string name, uint size, int count)
    {
        _reader.Expect(count, 12);
        var variables = ImmutableArray.CreateBuilder<BtfSectionVariable>(count);
        for (var i = 0; i < count; i++)
            variables.Add(new BtfSectionVariable(ReadId(), _reader.ReadU32(), _reader.ReadU32()));
        return new BtfDataSec(name, size, new(variables.MoveToImmutable()));
    }

    private BtfTypeId ReadId() => new(_reader.ReadU32());

    private string ReadName()
    {
        var fieldOffset = _reader.Offset;
        var offset = _reader.ReadU32();
        _nameOffsets.Add(offset);
        return _strings.NameAt(_section, offset, fieldOffset);
    }

    private static MalformedObjectException Malformed(long offset, string rule) => new(BtfData.Format, offset, rule);
}
