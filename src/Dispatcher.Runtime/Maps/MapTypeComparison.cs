using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;

namespace Dispatcher.Runtime.Maps;

/// <summary>Compares the types of keys and values of two maps by what they mean in memory: sizes, offsets and member names.</summary>
/// <remarks>Typedefs, qualifiers and tags do not count, nor do the names of numbers: <c>__u32</c> is <c>unsigned int</c>.</remarks>
internal static class MapTypeComparison
{
    // Deeper than any type that C code has by value.
    private const int MaxDepth = 32;

    /// <summary>The first difference, such as <c>.port is u16 in the chain and u32 in the object</c>; null: there is none.</summary>
    /// <param name="ours">BTF and type in the chain.</param>
    /// <param name="theirs">BTF and type in the object.</param>
    public static string? Difference((BtfData Btf, BtfTypeId Type) ours, (BtfData Btf, BtfTypeId Type) theirs) => Compare(ours, theirs, "", 0);

    private static string? Compare((BtfData Btf, BtfTypeId Type) ours, (BtfData Btf, BtfTypeId Type) theirs, string path, int depth)
    {
        var (mine, other) = (Strip(ours), Strip(theirs));
        if (depth > MaxDepth)
            return null;
        return (mine, other) switch
        {
            (BtfInt a, BtfInt b) => a.Size == b.Size && a.Encoding == b.Encoding && a.BitCount == b.BitCount ? null : Say(path, a, b),
            (BtfPtr, BtfPtr) => null,
            (BtfArray a, BtfArray b) => a.Count != b.Count
                ? $"{Name(path)} has {a.Count} elements in the chain and {b.Count} in the object"
                : Compare((ours.Btf, a.Element), (theirs.Btf, b.Element), path + "[]", depth + 1),
            (BtfStruct a, BtfStruct b) => Members(ours.Btf, a, theirs.Btf, b, path, depth),
            (BtfUnion a, BtfUnion b) => Members(ours.Btf, a, theirs.Btf, b, path, depth),
            (BtfEnumeration a, BtfEnumeration b) => a.Size == b.Size ? null : Say(path, a, b),
            (BtfFloat a, BtfFloat b) => a.Size == b.Size ? null : Say(path, a, b),
            (BtfForward a, BtfForward b) => a.Name == b.Name ? null : Say(path, a, b),
            (null, null) => null,
            _ => Say(path, mine, other),
        };
    }

    private static string? Members(BtfData ourBtf, BtfComposite ours, BtfData theirBtf, BtfComposite theirs, string path, int depth)
    {
        if (ours.Size != theirs.Size)
            return Say(path, ours, theirs);
        if (ours.Members.Count != theirs.Members.Count)
            return $"{Name(path)} has {ours.Members.Count} members in the chain and {theirs.Members.Count} in the object";
        for (var i = 0; i < ours.Members.Count; i++)
        {
            var (mine, other) = (ours.Members[i], theirs.Members[i]);
            var here = $"{path}.{Printable.Escape(mine.Name)}";
            if (mine.Name != other.Name)
                return $"{here} is called '{Printable.Escape(other.Name)}' in the object";
            if (mine.BitOffset != other.BitOffset || mine.BitfieldSize != other.BitfieldSize)
                return $"{here} is at bit {mine.BitOffset} in the chain and at bit {other.BitOffset} in the object";
            if (Compare((ourBtf, mine.Type), (theirBtf, other.Type), here, depth + 1) is { } difference)
                return difference;
        }

        return null;
    }

    private static BtfType? Strip((BtfData Btf, BtfTypeId Type) typed)
    {
        var type = typed.Btf.Get<BtfType>(typed.Type);
        while (type is BtfModifier modifier)
            type = typed.Btf.Get<BtfType>(modifier.Type);
        return type;
    }

    private static string Say(string path, BtfType? ours, BtfType? theirs) => $"{Name(path)} is {Words(ours)} in the chain and {Words(theirs)} in the object";

    private static string Name(string path) => path.Length == 0 ? "the type" : path;

    private static string Words(BtfType? type) => type switch
    {
        BtfInt number => $"{(number.Encoding.HasFlag(BtfIntEncoding.Signed) ? "s" : "u")}{number.Size * 8}",
        BtfComposite composite => $"{(composite is BtfUnion ? "union" : "struct")} {Printable.Escape(composite.Name)} of {composite.Size} bytes",
        BtfEnumeration enumeration => $"an enumeration of {enumeration.Size} bytes",
        BtfArray array => $"an array of {array.Count}",
        BtfPtr => "a pointer",
        null => "void",
        _ => $"{type.Kind} {Printable.Escape(type.Name)}",
    };
}
