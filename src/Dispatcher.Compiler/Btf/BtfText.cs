using System.Globalization;
using System.Text;

namespace Dispatcher.Compiler.Btf;

/// <summary>The canonical text of a BTF, made for snapshots: the same types give the same text.</summary>
/// <remarks>The format is that of <c>bpftool btf dump file ... format raw</c> (7.1), which is its oracle.</remarks>
public static class BtfText
{
    /// <summary>Names that a kernel takes have up to 511 characters; a longer one, named by each of many members, would fill the memory.</summary>
    private const int MaxNameLength = 511;

    /// <summary>All types, one per line, their elements on lines of their own after a tab.</summary>
    /// <param name="btf">Any BTF.</param>
    /// <returns>Lines that end with a line feed; control characters in names are escaped, see <see cref="Printable.Escape(string)"/>.</returns>
    public static string Render(BtfData btf)
    {
        ArgumentNullException.ThrowIfNull(btf);
        var text = new StringBuilder();
        for (var i = 0; i < btf.Count; i++)
            AppendType(text, btf, new BtfTypeId((uint)i + 1), btf.Types[i]);
        return text.ToString();
    }

    /// <summary>One type as in <see cref="Render(BtfData)"/>.</summary>
    /// <param name="btf">Any BTF.</param>
    /// <param name="id">A type of it, not void.</param>
    public static string Render(BtfData btf, BtfTypeId id)
    {
        ArgumentNullException.ThrowIfNull(btf);
        var text = new StringBuilder();
        AppendType(text, btf, id, btf[id]);
        return text.ToString();
    }

    private static void AppendType(StringBuilder text, BtfData btf, BtfTypeId id, BtfType type)
    {
        text.Append(CultureInfo.InvariantCulture, $"[{id.Value}] {KindName(type.Kind)} {Quote(type.Name)}");
        switch (type)
        {
            case BtfInt t:
                text.Append(CultureInfo.InvariantCulture, $" size={t.Size} bits_offset={t.BitOffset} nr_bits={t.BitCount} encoding={EncodingName(t.Encoding)}");
                break;
            case BtfFloat t:
                text.Append(CultureInfo.InvariantCulture, $" size={t.Size}");
                break;
            case BtfPtr t:
                text.Append(CultureInfo.InvariantCulture, $" type_id={t.Type.Value}");
                break;
            case BtfModifier t:
                text.Append(CultureInfo.InvariantCulture, $" type_id={t.Type.Value}");
                break;
            case BtfArray t:
                text.Append(CultureInfo.InvariantCulture, $" type_id={t.Element.Value} index_type_id={t.Index.Value} nr_elems={t.Count}");
                break;
            case BtfForward t:
                text.Append(t.IsUnion ? " fwd_kind=union" : " fwd_kind=struct");
                break;
            case BtfComposite t:
                AppendMembers(text, t);
                break;
            case BtfEnumeration t:
                AppendValues(text, t);
                break;
            case BtfFuncProto t:
                text.Append(CultureInfo.InvariantCulture, $" ret_type_id={t.Return.Value} vlen={t.Vlen}");
                foreach (var parameter in t.Parameters)
                    text.Append(CultureInfo.InvariantCulture, $"\n\t{Quote(parameter.Name)} type_id={parameter.Type.Value}");
                break;
            case BtfFunc t:
                text.Append(CultureInfo.InvariantCulture, $" type_id={t.Prototype.Value} linkage={LinkageName(t.Linkage)}");
                break;
            case BtfVar t:
                text.Append(CultureInfo.InvariantCulture, $" type_id={t.Type.Value}, linkage={LinkageName(t.Linkage)}");
                break;
            case BtfDataSec t:
                AppendVariables(text, btf, t);
                break;
            case BtfDeclTag t:
                text.Append(CultureInfo.InvariantCulture, $" type_id={t.Type.Value} component_idx={t.ComponentIndex}");
                break;
        }

        text.Append('\n');
    }

    private static void AppendMembers(StringBuilder text, BtfComposite type)
    {
        text.Append(CultureInfo.InvariantCulture, $" size={type.Size} vlen={type.Vlen}");
        foreach (var member in type.Members)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n\t{Quote(member.Name)} type_id={member.Type.Value} bits_offset={member.BitOffset}");
            if (member.BitfieldSize != 0)
                text.Append(CultureInfo.InvariantCulture, $" bitfield_size={member.BitfieldSize}");
        }
    }

    private static void AppendValues(StringBuilder text, BtfEnumeration type)
    {
        text.Append(CultureInfo.InvariantCulture, $" encoding={(type.IsSigned ? "SIGNED" : "UNSIGNED")} size={type.Size} vlen={type.Vlen}");
        var suffix = (type.Kind, type.IsSigned) switch
        {
            (BtfKind.Enum64, true) => "LL",
            (BtfKind.Enum64, false) => "ULL",
            _ => "",
        };
        foreach (var value in type.Values)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n\t{Quote(value.Name)} val=");
            _ = type.IsSigned
                ? text.Append(CultureInfo.InvariantCulture, $"{value.Value}{suffix}")
                : text.Append(CultureInfo.InvariantCulture, $"{(ulong)value.Value}{suffix}");
        }
    }

    private static void AppendVariables(StringBuilder text, BtfData btf, BtfDataSec type)
    {
        text.Append(CultureInfo.InvariantCulture, $" size={type.Size} vlen={type.Vlen}");
        foreach (var entry in type.Variables)
        {
            var variable = btf[entry.Variable];
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n\ttype_id={entry.Variable.Value} offset={entry.Offset} size={entry.Size} ({KindName(variable.Kind)} {Quote(variable.Name)})");
        }
    }

    private static string Quote(string name) => name.Length == 0 ? "'(anon)'" : $"'{Printable.Escape(name, MaxNameLength)}'";

    private static string KindName(BtfKind kind) => kind switch
    {
        BtfKind.Forward => "FWD",
        BtfKind.FuncProto => "FUNC_PROTO",
        BtfKind.DeclTag => "DECL_TAG",
        BtfKind.TypeTag => "TYPE_TAG",
        _ => kind.ToString().ToUpperInvariant(),
    };

    private static string EncodingName(BtfIntEncoding encoding) => encoding switch
    {
        BtfIntEncoding.None => "(none)",
        BtfIntEncoding.Signed => "SIGNED",
        BtfIntEncoding.Char => "CHAR",
        BtfIntEncoding.Bool => "BOOL",
        _ => "UNKN",
    };

    private static string LinkageName(BtfLinkage linkage) => linkage switch
    {
        BtfLinkage.Static => "static",
        BtfLinkage.Global => "global",
        _ => "extern",
    };
}
