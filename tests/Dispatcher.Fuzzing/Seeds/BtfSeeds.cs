using System.Buffers.Binary;
using Dispatcher.Compiler.Btf;

namespace Dispatcher.Fuzzing.Seeds;

/// <summary>A small BTF in which every kind occurs, with the variables that metadata is read from.</summary>
internal static class BtfSeeds
{
    public static BtfData EveryKind()
    {
        var b = new BtfBuilder();
        var number = b.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        b.Add(new BtfInt("old bitfield", 4, BtfIntEncoding.Bool, 3, 5));
        var list = b.Reserve();
        var pointer = b.Add(new BtfPtr(list));
        b.Set(list, new BtfStruct("list", 8, [new("next", pointer, 0)]));
        b.Add(new BtfStruct("", 8, [new("a", number, 0, 3), new("b", number, 3, 29)], HasBitfieldSizes: true));
        b.Add(new BtfUnion("either", 4, [new("x", number, 0), new("y", number, 0)]));
        b.Add(new BtfEnum("signed", 1, [new("LOW", int.MinValue), new("HIGH", int.MaxValue)], IsSigned: true));
        b.Add(new BtfEnum64("large", 8, [new("ALL", -1), new("ONE", 1)]));
        b.Add(new BtfForward("later_union", IsUnion: true));
        b.Add(new BtfVolatile(b.Add(new BtfConst(b.Add(new BtfTypedef("alias", number))))));
        b.Add(new BtfRestrict(pointer));
        var proto = b.Add(new BtfFuncProto(number, [new("format", pointer), new("", BtfTypeId.Void)]));
        var function = b.Add(new BtfFunc("print", proto, BtfLinkage.Global));
        b.Add(new BtfFunc("a_name_that_the_kernel_cuts", proto, BtfLinkage.Static));
        b.Add(new BtfFunc("a_name_that_the_kernel_cuts_too", proto, BtfLinkage.Static));
        var outside = b.Add(new BtfFunc("outside", proto, BtfLinkage.Extern));
        b.Add(new BtfDataSec(".ksyms", 0, [new(outside, 0, 0)]));
        b.Add(new BtfFloat("double", 8));
        b.Add(new BtfDeclTag("on member", list, 0));
        b.Add(new BtfDeclTag("always_inline", function, IsAttribute: true));
        b.Add(new BtfTypeTag("user", number));
        AddMetadata(b, number);
        return b.Build();
    }

    /// <summary>The same with the longer header of newer kernels and a kind layout between types and strings.</summary>
    public static byte[] WithKindLayout()
    {
        const int OldHeader = 24;
        var btf = EveryKind().Encode();
        var types = BinaryPrimitives.ReadInt32LittleEndian(btf.AsSpan(12));
        byte[] longer = [.. btf[..OldHeader], .. new byte[8], .. btf[OldHeader..(OldHeader + types)], .. new byte[8], .. btf[(OldHeader + types)..]];
        BinaryPrimitives.WriteInt32LittleEndian(longer.AsSpan(4), OldHeader + 8);
        BinaryPrimitives.WriteInt32LittleEndian(longer.AsSpan(16), types + 8);
        BinaryPrimitives.WriteInt32LittleEndian(longer.AsSpan(24), types);
        BinaryPrimitives.WriteInt32LittleEndian(longer.AsSpan(28), 8);
        return longer;
    }

    private static void AddMetadata(BtfBuilder b, BtfTypeId number)
    {
        BtfTypeId Number(uint value) => b.Add(new BtfPtr(b.Add(new BtfArray(number, number, value))));
        var version = b.Add(new BtfVar("dispatcher_version", Number(2), BtfLinkage.Global));
        b.Add(new BtfDataSec("xdp_metadata", 8, [new(version, 0, 8)]));
        var config = b.Add(new BtfStruct("", 24, [new("priority", Number(10), 0), new("XDP_PASS", Number(1), 64), new("XDP_DROP", Number(0), 128)]));
        var variable = b.Add(new BtfVar("_print", config, BtfLinkage.Global));
        b.Add(new BtfDataSec(".xdp_run_config", 24, [new(variable, 0, 24)]));
    }
}
