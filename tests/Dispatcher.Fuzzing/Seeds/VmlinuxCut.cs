using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;

namespace Dispatcher.Fuzzing.Seeds;

/// <summary>A few hundred types of the running kernel's BTF, as a BTF of their own.</summary>
internal static class VmlinuxCut
{
    private const string Path = "/sys/kernel/btf/vmlinux";
    private const int TypeCount = 250;
    private static readonly Lazy<(byte[]? Bytes, string? Note)> Cut = new(Make);

    /// <summary>The cut, made once in a process.</summary>
    /// <param name="note">Takes why there is none.</param>
    public static byte[]? Read(Action<string> note)
    {
        if (Cut.Value.Note is { } text)
            note(text);
        return Cut.Value.Bytes;
    }

    private static (byte[]? Bytes, string? Note) Make()
    {
        try
        {
            var whole = File.ReadAllBytes(Path);
            return (CutOf(BtfData.Read(whole)).Encode(), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MalformedObjectException)
        {
            return (null, $"no seed from {Path}: {e.Message}");
        }
    }

    // The first types, with a number in place of a type that is not among them. What needs more than a type there is left out.
    private static BtfData CutOf(BtfData btf)
    {
        var builder = new BtfBuilder();
        var number = builder.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        var ids = new Dictionary<uint, BtfTypeId> { [0] = BtfTypeId.Void };
        var taken = Enumerable.Range(1, btf.Count).Where(i => i <= TypeCount || btf.Types[i - 1] is BtfEnum64 or BtfFloat or BtfForward).Take(2 * TypeCount).ToList();
        foreach (var i in taken)
        {
            if (btf.Types[i - 1] is not (BtfFunc or BtfVar or BtfDataSec or BtfDeclTag))
                ids[(uint)i] = builder.Reserve();
        }

        BtfTypeId Map(BtfTypeId id) => ids.GetValueOrDefault(id.Value, number);
        foreach (var (old, id) in ids.Where(pair => pair.Key != 0))
        {
            builder.Set(id, btf.Types[(int)old - 1] switch
            {
                BtfPtr t => t with { Type = Map(t.Type) },
                BtfConst t => t with { Type = Map(t.Type) },
                BtfVolatile t => t with { Type = Map(t.Type) },
                BtfRestrict t => t with { Type = Map(t.Type) },
                BtfTypedef t => t with { Type = Map(t.Type) },
                BtfTypeTag t => t with { Type = Map(t.Type) },
                BtfArray t => t with { Element = Map(t.Element), Index = Map(t.Index) },
                BtfStruct t => t with { Members = [.. t.Members.Select(m => m with { Type = Map(m.Type) })] },
                BtfUnion t => t with { Members = [.. t.Members.Select(m => m with { Type = Map(m.Type) })] },
                BtfFuncProto t => t with { Return = Map(t.Return), Parameters = [.. t.Parameters.Select(p => p with { Type = Map(p.Type) })] },
                var other => other,
            });
        }

        return builder.Build();
    }
}
