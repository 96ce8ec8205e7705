using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Tests.Btf;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Metadata;

public sealed class DispatcherMarkerTests
{
    [Theory]
    [InlineData("int (*dispatcher_version)[2]", 2)]
    [InlineData("static int (*dispatcher_version)[3]", 3)]
    [InlineData("static volatile const unsigned long (*const dispatcher_version)[77]", 77)]
    [InlineData("marker dispatcher_version", 4)]
    [InlineData("char (*dispatcher_version)[0]", 0)]
    [Rule("P-032", "P-033")]
    public void The_version_is_read_through_typedefs_and_qualifiers(string declaration, int version) =>
        Assert.Equal(version, DispatcherMarker.ReadVersion(Compile(declaration, "xdp_metadata")));

    [Theory]
    [InlineData("int (*dispatcher_version)[2]", "other_section")]
    [InlineData("int (*other_variable)[2]", "xdp_metadata")]
    [Rule("P-034")]
    public void Without_section_or_variable_there_is_no_version(string declaration, string section) =>
        Assert.Null(DispatcherMarker.ReadVersion(Compile(declaration, section)));

    [Theory]
    [InlineData("int dispatcher_version", "int")]
    [InlineData("int *dispatcher_version", "int *")]
    [InlineData("struct { int (*version)[2]; } dispatcher_version", "struct { ... }")]
    [InlineData("int dispatcher_version[2]", "int[2]")]
    [InlineData("char (*dispatcher_version)[2147483648]", "31 bits")]
    [Rule("P-034")]
    public void A_marker_of_another_shape_is_malformed(string declaration, string text)
    {
        var error = Assert.Throws<MalformedObjectException>(() => DispatcherMarker.ReadVersion(Compile(declaration, "xdp_metadata")));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Rule("P-033")]
    public void An_external_marker_is_malformed()
    {
        var b = new BtfBuilder();
        var number = b.Add(BtfInt.Of("int", 4));
        var pointer = b.Add(new BtfPtr(b.Add(new BtfArray(number, number, 2))));
        b.Add(new BtfDataSec("xdp_metadata", 0, [new(b.Add(new BtfVar("dispatcher_version", pointer, BtfLinkage.Extern)), 0, 0)]));
        Assert.Throws<MalformedObjectException>(() => DispatcherMarker.ReadVersion(b.Build()));
    }

    [Fact]
    public void The_version_of_the_dispatcher_that_libxdp_brings_is_known()
    {
        var path = new[] { "/usr/lib/bpf/xdp-dispatcher.o", "/usr/lib/x86_64-linux-gnu/bpf/xdp-dispatcher.o", "/usr/lib64/bpf/xdp-dispatcher.o" }.FirstOrDefault(File.Exists);
        Need.That(path is not null, "Libxdp", "needs libxdp's dispatcher object");
        var btf = BtfData.Read(BtfSamples.SectionOf(File.ReadAllBytes(path!), ".BTF"));
        Assert.InRange(DispatcherMarker.ReadVersion(btf) ?? 0, 1, 3);
    }

    private static BtfData Compile(string declaration, string section)
    {
        // The function uses the variable: clang leaves an unused static one out.
        var name = declaration.Contains("other_variable", StringComparison.Ordinal) ? "other_variable" : "dispatcher_version";
        var source = $$"""
            typedef int (*inner)[4];
            typedef const inner marker;
            {{declaration}} __attribute__((section("{{section}}")));
            void *use(void) { return (void *)&{{name}}; }
            """;
        return BtfData.Read(BtfSamples.SectionOf(Clang.Compile(source, "-Wno-everything"), ".BTF"));
    }
}
