using System.Collections.Immutable;

namespace Dispatcher.Compiler.Btf;

/// <summary>A type that breaks a rule.</summary>
/// <param name="Id">The type.</param>
/// <param name="Rule">What holds for a well-formed type.</param>
internal readonly record struct BrokenRule(BtfTypeId Id, string Rule);

/// <summary>What holds for the types of every BTF, whether it was read or built.</summary>
/// <remarks>The rules of kernel/bpf/btf.c, less those that a loader still has to make true, such as offsets in a section.</remarks>
internal static class BtfRules
{
    /// <summary>Qualifiers, typedefs and tags in a row; the kernel resolves no deeper either.</summary>
    private const int MaxModifiers = 32;

    /// <summary>BTF_MAX_VLEN of linux/btf.h.</summary>
    private const int MaxElements = 0xffff;

    public static BrokenRule? FindBroken(ImmutableArray<BtfType> types)
    {
        for (var i = 0; i < types.Length; i++)
        {
            if (FindBroken(types, types[i]) is { } rule)
                return new BrokenRule(new BtfTypeId((uint)i + 1), $"type {i + 1}: {rule}");
        }

        return null;
    }

    private static string? FindBroken(ImmutableArray<BtfType> types, BtfType type)
    {
        if (type.Vlen > MaxElements)
            return $"at most {MaxElements} elements, not {type.Vlen}";
        if (type.Name.Length == 0 && type is BtfForward or BtfTypedef or BtfFunc or BtfVar or BtfDataSec or BtfDeclTag or BtfTypeTag)
            return $"a {type.Kind} has a name";
        return type switch
        {
            BtfInt integer => CheckInt(integer),
            BtfFloat number => number.Size is 2 or 4 or 8 or 12 or 16 ? null : $"a floating-point number has 2, 4, 8, 12 or 16 bytes, not {number.Size}",
            BtfPtr pointer => CheckId(types, pointer.Type),
            BtfArray array => CheckArray(types, array),
            BtfModifier modifier => CheckModifier(types, modifier),
            BtfComposite composite => CheckComposite(types, composite),
            BtfEnumeration enumeration => CheckEnumeration(enumeration),
            BtfFuncProto proto => CheckProto(types, proto),
            BtfFunc function => CheckFunc(types, function),
            BtfVar variable => CheckVar(types, variable),
            BtfDataSec section => CheckDataSec(types, section),
            BtfDeclTag tag => CheckDeclTag(types, tag),
            _ => null,
        };
    }

    private static string? CheckInt(BtfInt integer)
    {
        if (((uint)integer.Encoding & ~7u) != 0)
            return $"the encoding of an integer is SIGNED, CHAR or BOOL, not {(uint)integer.Encoding}";
        var bits = integer.BitCount + integer.BitOffset;
        return bits <= 128 && (bits + 7) / 8 <= integer.Size ? null : $"{bits} bits fit in 128 bits and in {integer.Size} bytes";
    }

    private static string? CheckArray(ImmutableArray<BtfType> types, BtfArray array) =>
        array.Element.IsVoid || array.Index.IsVoid
            ? "elements and index of an array have a type"
            : CheckId(types, array.Element) ?? CheckId(types, array.Index);

    private static string? CheckModifier(ImmutableArray<BtfType> types, BtfModifier modifier)
    {
        for (var depth = 1; depth <= MaxModifiers; depth++)
        {
            if (CheckId(types, modifier.Type) is { } rule)
                return rule;
            if (At(types, modifier.Type) is not BtfModifier next)
                return null;
            modifier = next;
        }

        return $"at most {MaxModifiers} qualifiers and typedefs follow each other, and never in a circle";
    }

    private static string? CheckComposite(ImmutableArray<BtfType> types, BtfComposite composite)
    {
        foreach (var member in composite.Members)
        {
            if (CheckId(types, member.Type) is { } rule)
                return rule;
            if (member.Type.IsVoid)
                return "a member has a type";
            if (composite.HasBitfieldSizes ? member.BitOffset > 0xffffff : member.BitfieldSize != 0)
                return "a bitfield size needs the kind flag and an offset below 2^24";
            if ((member.BitOffset + (ulong)member.BitfieldSize + 7) / 8 > composite.Size)
                return $"bit offset {member.BitOffset} lies within the {composite.Size} bytes";
            if (composite.Kind == BtfKind.Union && member.BitOffset != 0)
                return "members of a union stand at bit 0";
        }

        return null;
    }

    private static string? CheckEnumeration(BtfEnumeration enumeration)
    {
        if (enumeration.Size is not (1 or 2 or 4 or 8))
            return $"an enumeration has 1, 2, 4 or 8 bytes, not {enumeration.Size}";
        foreach (var value in enumeration.Values)
        {
            if (value.Name.Length == 0)
                return "a value of an enumeration has a name";
            if (enumeration.Kind == BtfKind.Enum && value.Value != (enumeration.IsSigned ? (int)value.Value : (uint)value.Value))
                return $"the value {value.Value} fits 32 bits";
        }

        return null;
    }

    private static string? CheckProto(ImmutableArray<BtfType> types, BtfFuncProto proto)
    {
        for (var i = 0; i < proto.Parameters.Count; i++)
        {
            var parameter = proto.Parameters[i];
            if (CheckId(types, parameter.Type) is { } rule)
                return rule;
            if (parameter.Type.IsVoid && (i < proto.Parameters.Count - 1 || parameter.Name.Length > 0))
                return "only the last parameter, without a name, stands for more of them";
        }

        return CheckId(types, proto.Return);
    }

    private static string? CheckFunc(ImmutableArray<BtfType> types, BtfFunc function) =>
        function.Linkage is < BtfLinkage.Static or > BtfLinkage.Extern ? $"the linkage is 0 to 2, not {(int)function.Linkage}"
        : CheckId(types, function.Prototype)
            ?? (At(types, function.Prototype) is BtfFuncProto ? null : $"a function has a prototype, and type {function.Prototype} is none");

    private static string? CheckVar(ImmutableArray<BtfType> types, BtfVar variable) =>
        variable.Linkage is < BtfLinkage.Static or > BtfLinkage.Extern ? $"the linkage is 0 to 2, not {(int)variable.Linkage}"
        : variable.Type.IsVoid ? "a variable has a type"
        : CheckId(types, variable.Type);

    private static string? CheckDataSec(ImmutableArray<BtfType> types, BtfDataSec section)
    {
        foreach (var variable in section.Variables)
        {
            if (CheckId(types, variable.Variable) is { } rule)
                return rule;
            if (At(types, variable.Variable) is not (BtfVar or BtfFunc))
                return $"a section holds variables, and type {variable.Variable} is none";
            if (section.Size != 0 && variable.Offset + (ulong)variable.Size > section.Size)
                return $"a variable lies within the {section.Size} bytes of its section";
        }

        return null;
    }

    private static string? CheckDeclTag(ImmutableArray<BtfType> types, BtfDeclTag tag)
    {
        if (CheckId(types, tag.Type) is { } rule)
            return rule;
        var components = At(types, tag.Type) switch
        {
            BtfComposite composite => composite.Members.Count,
            BtfFunc function => At(types, function.Prototype) is BtfFuncProto proto ? proto.Parameters.Count : 0,
            BtfVar or BtfTypedef => 0,
            _ => -1,
        };
        if (components < 0)
            return "a tag is on a structure, union, function, variable or typedef";
        return tag.ComponentIndex >= -1 && tag.ComponentIndex < components
            ? null
            : $"a tag is on the whole or one of {components} components, not on {tag.ComponentIndex}";
    }

    private static string? CheckId(ImmutableArray<BtfType> types, BtfTypeId id) =>
        id.Value <= types.Length ? null : $"a type id is at most {types.Length}, not {id}";

    private static BtfType? At(ImmutableArray<BtfType> types, BtfTypeId id) =>
        id.IsVoid || id.Value > types.Length ? null : types[(int)id.Value - 1];
}
