using System.Collections.Immutable;

namespace Dispatcher.Compiler.Btf;

/// <summary>How the types of one BTF stand in bytes: everything about them that the records do not say.</summary>
/// <param name="Header">Sizes of header and sections.</param>
/// <param name="IsBigEndian">Byte order that was read.</param>
/// <param name="Strings">The string section.</param>
/// <param name="NameOffsets">The string offset of each name field, in the order in which the fields stand in the type section.</param>
/// <param name="KindLayout">The kind layout section in the byte order that was read; most BTF has none.</param>
/// <remarks>
/// Offsets are kept per field, not per string: a string section may hold a name twice or share its end with another
/// name, so a name alone would not say where it stood, and what was read could not be written again byte for byte.
/// </remarks>
internal sealed record BtfEncoding(
    BtfHeader Header, bool IsBigEndian, ImmutableArray<byte> Strings, ImmutableArray<uint> NameOffsets, ImmutableArray<byte> KindLayout)
{
    public byte[] Encode(ImmutableArray<BtfType> types, bool bigEndian)
    {
        var header = bigEndian == IsBigEndian ? Header : Header with { Size = BtfHeader.BaseSize, LayoutSize = 0 };
        var bytes = new byte[header.TotalSize];
        var writer = new BtfWriter(bytes, bigEndian);
        header.Write(ref writer);
        var names = NameOffsets.AsSpan();
        foreach (var type in types)
            WriteType(ref writer, type, ref names);
        if (header.LayoutSize > 0)
            writer.WriteBytes(KindLayout.AsSpan());
        writer.WriteBytes(Strings.AsSpan());
        return bytes;
    }

    /// <summary>Size in bytes of a type in the type section.</summary>
    public static int SizeOf(BtfType type) => 12 + type switch
    {
        BtfInt or BtfVar or BtfDeclTag => 4,
        BtfArray => 12,
        BtfComposite or BtfEnum64 or BtfDataSec => 12 * type.Vlen,
        BtfEnum or BtfFuncProto => 8 * type.Vlen,
        _ => 0,
    };

    /// <summary>The names of a type in the order in which their fields stand in the type section.</summary>
    public static IEnumerable<string> NamesOf(BtfType type)
    {
        yield return type.Name;
        switch (type)
        {
            case BtfComposite { Members: var members }:
                for (var i = 0; i < members.Count; i++)
                    yield return members[i].Name;
                break;
            case BtfEnumeration { Values: var values }:
                for (var i = 0; i < values.Count; i++)
                    yield return values[i].Name;
                break;
            case BtfFuncProto { Parameters: var parameters }:
                for (var i = 0; i < parameters.Count; i++)
                    yield return parameters[i].Name;
                break;
        }
    }

    private static void WriteType(ref BtfWriter writer, BtfType type, ref ReadOnlySpan<uint> names)
    {
        writer.WriteU32(Next(ref names));
        writer.WriteU32((type.KindFlag ? 1u << 31 : 0) | (uint)type.Kind << 24 | (uint)type.Vlen);
        writer.WriteU32(type.SizeOrType);
        switch (type)
        {
            case BtfInt integer:
                writer.WriteU32((uint)integer.Encoding << 24 | (uint)integer.BitOffset << 16 | integer.BitCount);
                break;
            case BtfArray array:
                writer.WriteU32(array.Element.Value);
                writer.WriteU32(array.Index.Value);
                writer.WriteU32(array.Count);
                break;
            case BtfComposite composite:
                foreach (var member in composite.Members)
                {
                    writer.WriteU32(Next(ref names));
                    writer.WriteU32(member.Type.Value);
                    writer.WriteU32(member.BitOffset | (uint)member.BitfieldSize << 24);
                }

                break;
            case BtfEnumeration enumeration:
                foreach (var value in enumeration.Values)
                {
                    writer.WriteU32(Next(ref names));
                    writer.WriteU32((uint)value.Value);
                    if (enumeration.Kind == BtfKind.Enum64)
                        writer.WriteU32((uint)(value.Value >> 32));
                }

                break;
            case BtfFuncProto proto:
                foreach (var parameter in proto.Parameters)
                {
                    writer.WriteU32(Next(ref names));
                    writer.WriteU32(parameter.Type.Value);
                }

                break;
            case BtfVar variable:
                writer.WriteU32((uint)variable.Linkage);
                break;
            case BtfDataSec section:
                foreach (var variable in section.Variables)
                {
                    writer.WriteU32(variable.Variable.Value);
                    writer.WriteU32(variable.Offset);
                    writer.WriteU32(variable.Size);
                }

                break;
            case BtfDeclTag tag:
                writer.WriteU32((uint)tag.ComponentIndex);
                break;
        }
    }

    private static uint Next(ref ReadOnlySpan<uint> names)
    {
        var name = names[0];
        names = names[1..];
        return name;
    }
}
