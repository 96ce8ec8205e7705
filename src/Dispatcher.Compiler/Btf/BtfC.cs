using System.Globalization;

namespace Dispatcher.Compiler.Btf;

/// <summary>Types and functions as C spells them, for texts that people read.</summary>
/// <remarks>A type is named, not defined: <c>struct xdp_md *</c>, <c>int (*)[3]</c>.</remarks>
public static class BtfC
{
    /// <summary>Types may hold each other in a circle through a pointer or a prototype; nobody reads further than this many steps.</summary>
    private const int MaxSteps = 100;

    /// <summary>One type, or the declaration of one function or variable.</summary>
    /// <param name="btf">Any BTF.</param>
    /// <param name="id">A type of it, or void.</param>
    /// <returns>For example <c>int prog0(struct xdp_md *ctx)</c>; control characters in names are escaped.</returns>
    public static string Describe(BtfData btf, BtfTypeId id)
    {
        ArgumentNullException.ThrowIfNull(btf);
        return btf.Get<BtfType>(id) switch
        {
            BtfFunc function => Storage(function.Linkage) + Declare(btf, function.Prototype, function.Name),
            BtfVar variable => Storage(variable.Linkage) + Declare(btf, variable.Type, variable.Name),
            BtfDataSec section => $"section {Printable.Escape(section.Name)}",
            BtfDeclTag tag => $"{Describe(btf, tag.Type)} tagged {Printable.Escape(tag.Name)}",
            _ => Declare(btf, id, ""),
        };
    }

    private static string Declare(BtfData btf, BtfTypeId id, string name)
    {
        var steps = MaxSteps;
        return Declare(btf, id, Printable.Escape(name), ref steps);
    }

    /// <summary>Declares outwards from the name: pointers before it, arrays and parameters after it.</summary>
    private static string Declare(BtfData btf, BtfTypeId id, string declarator, ref int steps)
    {
        while (steps-- > 0)
        {
            switch (btf.Get<BtfType>(id))
            {
                case BtfPtr pointer:
                    declarator = "*" + declarator;
                    id = pointer.Type;
                    break;
                case BtfArray array:
                    declarator = string.Create(CultureInfo.InvariantCulture, $"{Bind(declarator)}[{array.Count}]");
                    id = array.Element;
                    break;
                case BtfFuncProto proto:
                    declarator = $"{Bind(declarator)}({DeclareParameters(btf, proto, ref steps)})";
                    id = proto.Return;
                    break;
                case BtfTypeTag tag:
                    id = tag.Type;
                    break;
                case BtfModifier modifier and not BtfTypedef when IsQualifiedPointer(btf, modifier):
                    declarator = Join(Keyword(modifier), declarator);
                    id = modifier.Type;
                    break;
                case BtfModifier modifier and not BtfTypedef:
                    return Keyword(modifier) + " " + Declare(btf, modifier.Type, declarator, ref steps);
                case var type:
                    return Join(BaseName(type), declarator);
            }
        }

        return Join("...", declarator);
    }

    private static string DeclareParameters(BtfData btf, BtfFuncProto proto, ref int steps)
    {
        if (proto.Parameters.Count == 0)
            return "void";
        var parameters = new List<string>();
        foreach (var parameter in proto.Parameters)
        {
            var isMore = parameter.Type.IsVoid || steps <= 0;
            parameters.Add(isMore ? "..." : Declare(btf, parameter.Type, Printable.Escape(parameter.Name), ref steps));
            if (isMore)
                break;
        }

        return string.Join(", ", parameters);
    }

    private static string BaseName(BtfType? type) => type switch
    {
        null => "void",
        BtfStruct or BtfForward { IsUnion: false } => Tagged("struct", type.Name),
        BtfUnion or BtfForward => Tagged("union", type.Name),
        BtfEnumeration => Tagged("enum", type.Name),
        { Name: "" } => "(anon)",
        _ => Printable.Escape(type.Name),
    };

    private static string Tagged(string keyword, string name) => name.Length == 0 ? $"{keyword} {{ ... }}" : $"{keyword} {Printable.Escape(name)}";

    private static string Storage(BtfLinkage linkage) => linkage switch
    {
        BtfLinkage.Static => "static ",
        BtfLinkage.Extern => "extern ",
        _ => "",
    };

    /// <summary>Whether qualifiers end at a pointer, so that they stand after its star.</summary>
    private static bool IsQualifiedPointer(BtfData btf, BtfModifier modifier)
    {
        while (btf.Get<BtfModifier>(modifier.Type) is { } next and not BtfTypedef)
            modifier = next;
        return btf.Get<BtfPtr>(modifier.Type) is not null;
    }

    private static string Keyword(BtfModifier modifier) => modifier switch
    {
        BtfConst => "const",
        BtfVolatile => "volatile",
        _ => "restrict",
    };

    private static string Bind(string declarator) => declarator.StartsWith('*') ? $"({declarator})" : declarator;

    private static string Join(string left, string right) => right.Length == 0 ? left : right[0] == '[' ? left + right : $"{left} {right}";
}
