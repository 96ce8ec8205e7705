using Dispatcher.Compiler.Btf;

namespace Dispatcher.Compiler.Tests.Btf;

public sealed class BtfCTests
{
    /// <summary>What clang was given is what is printed: the C source is the oracle.</summary>
    [Theory]
    [InlineData("int f0(struct xdp_md *ctx)")]
    [InlineData("void f1(void)")]
    [InlineData("int (*f2(const char *text))[3]")]
    [InlineData("void (*f3(int number, void (*then)(int)))(int)")]
    [InlineData("const volatile int *const *f4(union choice *first, int (*more)(enum small, ...))")]
    [InlineData("word f5(char (*rows)[2][4])")]
    [InlineData("unsigned long long f6(const word *const restrict text)")]
    [InlineData("void *f7(struct forward **where)")]
    public void A_function_is_declared_as_in_its_source(string declaration)
    {
        var source = $$"""
            typedef unsigned int word;
            struct xdp_md { word data; };
            union choice { int number; };
            enum small { ONE };
            struct forward;
            {{declaration}} { {{(declaration.StartsWith("void f", StringComparison.Ordinal) ? "" : "return 0;")}} }
            """;
        var btf = BtfData.Read(BtfSamples.SectionOf(Dispatcher.Testing.Clang.Compile(source, "-Wno-everything"), ".BTF"));
        var described = Enumerable.Range(1, btf.Count).Select(id => new BtfTypeId((uint)id)).Single(id => btf[id] is BtfFunc);

        // BTF keeps no names of the parameters of a function pointer, and a qualifier's place is ours to choose.
        Assert.Equal(
            declaration.Replace("const volatile int", "volatile const int", StringComparison.Ordinal),
            BtfC.Describe(btf, described).Replace("const volatile int", "volatile const int", StringComparison.Ordinal)
                .Replace("*restrict const text", "*const restrict text", StringComparison.Ordinal));
    }

    [Fact]
    public void Types_variables_sections_and_tags_are_described()
    {
        var b = new BtfBuilder();
        var number = b.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        var array = b.Add(new BtfArray(number, number, 3));
        var pointer = b.Add(new BtfPtr(array));
        var variable = b.Add(new BtfVar("v", pointer, BtfLinkage.Static));
        var anonymous = b.Add(new BtfStruct("", 0, []));
        var tag = b.Add(new BtfDeclTag("note", variable));
        var section = b.Add(new BtfDataSec(".data\n", 0, []));
        var btf = b.Build();
        Assert.Equal("void", BtfC.Describe(btf, BtfTypeId.Void));
        Assert.Equal("int[3]", BtfC.Describe(btf, array));
        Assert.Equal("int (*)[3]", BtfC.Describe(btf, pointer));
        Assert.Equal("static int (*v)[3]", BtfC.Describe(btf, variable));
        Assert.Equal("struct { ... }", BtfC.Describe(btf, anonymous));
        Assert.Equal("static int (*v)[3] tagged note", BtfC.Describe(btf, tag));
        Assert.Equal("section .data\\x0a", BtfC.Describe(btf, section));
    }

    [Fact]
    public void A_prototype_that_takes_itself_many_times_is_cut_short()
    {
        var b = new BtfBuilder();
        var proto = b.Reserve();
        var pointer = b.Add(new BtfPtr(proto));
        b.Set(proto, new BtfFuncProto(pointer, [.. Enumerable.Repeat(new BtfParameter("p", pointer), 60_000)]));
        Assert.InRange(BtfC.Describe(b.Build(), proto).Length, 10, 5000);
    }
}
