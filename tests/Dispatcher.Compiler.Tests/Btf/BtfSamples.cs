using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Btf;

/// <summary>BTF to test with: every kind, by our builder; and what clang makes.</summary>
internal static class BtfSamples
{
    /// <summary>C that makes clang use every kind that it knows how to make, some of them at the edges.</summary>
    public const string Source = """
        typedef unsigned int u32;
        typedef u32 word;
        #define tag(x) __attribute__((btf_decl_tag(x)))
        struct forward;
        union choice { int number; char text[8]; struct forward *later; };
        enum small { MINUS = -1, NONE = 0, MANY = 2147483647 };
        enum large { TOP = 0xffffffffffffffffULL, BOTTOM = 0 };
        enum plain { RED, GREEN = 4000000000U };
        struct bits { u32 a : 3; u32 b : 29; int c; volatile const word *p; } tag("on struct");
        struct list { struct list *next tag("on member"); union choice choice; enum small small; enum large large; enum plain plain; struct bits bits; };
        int (*metadata)[9] __attribute__((section("xdp_metadata")));
        struct list table[3] __attribute__((section("maps")));
        const double ratio = 0.5;
        static volatile const char hidden[4] = "abc";
        extern int outside(struct list *first, ...) __attribute__((section(".ksyms")));
        typedef int (*callback)(char *restrict, float);
        callback callbacks[2];
        __attribute__((noinline)) static int inner(struct list *first, int count tag("on parameter"))
        {
            return first->bits.c + count;
        }
        __attribute__((noinline)) int outer(struct list *first)
        {
            if (!first)
                return hidden[1];
            return inner(first, 3) + outside(first) + table[1].bits.c + (int)ratio;
        }
        """;

    /// <summary>The object of <see cref="Source"/>.</summary>
    public static byte[] CompileSource(params string[] arguments) => Clang.Compile(Source, ["-Wno-everything", .. arguments]);

    /// <summary>A section of an object.</summary>
    public static byte[] SectionOf(byte[] elf, string name) => ElfReader.Read(elf).FindSection(name)!.Data.ToArray();

    /// <summary>One type of every kind, with flags and edges.</summary>
    public static BtfData EveryKind()
    {
        var b = new BtfBuilder();
        var number = b.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        b.Add(BtfInt.Of("unsigned __int128", 16));
        b.Add(new BtfInt("char", 1, BtfIntEncoding.Signed | BtfIntEncoding.Char, 8));
        b.Add(new BtfInt("old bitfield", 4, BtfIntEncoding.Bool, 3, 5));
        b.Add(new BtfPtr(BtfTypeId.Void));
        var list = b.Reserve();
        var pointer = b.Add(new BtfPtr(list));
        b.Set(list, new BtfStruct("list", 8, [new("next", pointer, 0)]));
        b.Add(new BtfStruct("", 8, [new("a", number, 0, 3), new("b", number, 3, 29), new("", number, 32)], HasBitfieldSizes: true));
        b.Add(new BtfStruct("empty", 0, []));
        b.Add(new BtfUnion("either", 4, [new("x", number, 0), new("y", number, 0)]));
        b.Add(new BtfUnion("flagged", 4, [new("x", number, 0, 7)], HasBitfieldSizes: true));
        b.Add(new BtfEnum("plain", 4, [new("ZERO", 0), new("TOP", uint.MaxValue)]));
        b.Add(new BtfEnum("signed", 1, [new("LOW", int.MinValue), new("HIGH", int.MaxValue)], IsSigned: true));
        b.Add(new BtfEnum64("large", 8, [new("ALL", -1), new("ONE", 1)]));
        b.Add(new BtfEnum64("large_signed", 8, [new("LOW", long.MinValue), new("HIGH", long.MaxValue)], IsSigned: true));
        b.Add(new BtfForward("later"));
        b.Add(new BtfForward("later_union", IsUnion: true));
        var alias = b.Add(new BtfTypedef("alias", number));
        b.Add(new BtfVolatile(alias));
        b.Add(new BtfConst(BtfTypeId.Void));
        b.Add(new BtfRestrict(pointer));
        b.Add(new BtfArray(number, number, 0));
        b.Add(new BtfFuncProto(BtfTypeId.Void, []));
        var proto = b.Add(new BtfFuncProto(number, [new("format", pointer), new("", BtfTypeId.Void)]));
        var function = b.Add(new BtfFunc("print", proto, BtfLinkage.Global));
        b.Add(new BtfFunc("hidden", proto, BtfLinkage.Static));
        var outside = b.Add(new BtfFunc("outside", proto, BtfLinkage.Extern));
        var variable = b.Add(new BtfVar("counter", number, BtfLinkage.Global));
        b.Add(new BtfVar("hidden", number, BtfLinkage.Static));
        b.Add(new BtfDataSec(".data", 8, [new(variable, 0, 4)]));
        b.Add(new BtfDataSec(".ksyms", 0, [new(outside, 0, 0)]));
        b.Add(new BtfFloat("double", 8));
        b.Add(new BtfDeclTag("on member", list, 0));
        b.Add(new BtfDeclTag("on function", function));
        b.Add(new BtfDeclTag("always_inline", function, IsAttribute: true));
        b.Add(new BtfTypeTag("user", number));
        b.Add(new BtfTypeTag("address_space(1)", number, IsAttribute: true));
        return b.Build();
    }
}
