using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Compiler.Tests.Btf;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Metadata;

public sealed class RunConfigReaderTests
{
    /// <summary>Prints what libxdp reads: priority, then whether the chain goes on after each action.</summary>
    private const string Peer = """
        #include <stdio.h>
        #include <xdp/libxdp.h>
        static int quiet(enum libxdp_print_level level, const char *format, va_list arguments) { return 0; }
        int main(int argc, char **argv)
        {
            libxdp_set_print((libxdp_print_fn_t)quiet);
            DECLARE_LIBBPF_OPTS(xdp_program_opts, options, .open_filename = argv[1], .prog_name = argv[2]);
            struct xdp_program *program = xdp_program__create(&options);
            if (libxdp_get_error(program))
                return puts("refused"), 0;
            printf("%u", xdp_program__run_prio(program));
            for (int action = 0; action < 5; action++)
                printf(" %d", xdp_program__chain_call_enabled(program, action));
            return 0;
        }
        """;

    [Theory]
    [InlineData("N(priority, 7);", 7u, "XDP_PASS")]
    [InlineData("N(priority, 0);", 0u, "XDP_PASS")]
    [InlineData("N(XDP_DROP, 1);", 50u, "XDP_DROP,XDP_PASS")]
    [InlineData("N(XDP_PASS, 0);", 50u, "none")]
    [InlineData("N(XDP_PASS, 0); N(XDP_TX, 2); N(priority, 1000000);", 1000000u, "XDP_TX")]
    [InlineData("N(XDP_ABORTED, 1); N(XDP_DROP, 1); N(XDP_PASS, 1); N(XDP_TX, 1); N(XDP_REDIRECT, 1);", 50u, "XDP_ABORTED,XDP_DROP,XDP_PASS,XDP_TX,XDP_REDIRECT")]
    [Rule("P-060", "P-062")]
    public void Members_are_read_over_the_default_as_libxdp_does(string members, uint priority, string actions)
    {
        var elf = Compile($"struct {{ {members} }} _component");
        var config = RunConfigReader.Read(BtfOf(elf), "component");
        Assert.NotNull(config);
        Assert.Equal((priority, actions), (config.Priority, config.Actions.ToString()));
        var flags = XdpActionNames.All.Select(action => config.Actions.Contains(action) ? 1 : 0);
        Assert.Equal($"{config.Priority} {string.Join(' ', flags)}", AskLibxdp(elf));
    }

    [Fact]
    public void An_empty_run_config_is_the_default() =>
        Assert.Equal(RunConfig.Default, RunConfigReader.Read(BtfOf(Compile("struct { } _component")), "component"));

    [Theory]
    [InlineData("struct { N(XDP_DROPPED, 1); } _component", "not XDP_DROPPED")]
    [InlineData("struct { N(Priority, 1); } _component", "not Priority")]
    [InlineData("struct { N(pass, 1); } _component", "not pass")]
    [InlineData("struct { int priority; } _component", "pointer to an array, not int")]
    [InlineData("int (*_component)[5]", "a structure, not int (*)[5]")]
    [Rule("P-063")]
    public void Another_shape_is_malformed(string declaration, string text)
    {
        var error = Assert.Throws<MalformedObjectException>(() => RunConfigReader.Read(BtfOf(Compile(declaration)), "component"));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Rule("P-061")]
    public void A_function_without_run_config_has_none_and_gets_the_default()
    {
        Assert.Equal((50u, "XDP_PASS"), (RunConfig.Default.Priority, RunConfig.Default.Actions.ToString()));
        Assert.Null(RunConfigReader.Read(BtfOf(Compile("struct { N(priority, 7); } _other")), "component"));
        Assert.Null(RunConfigReader.Read(new BtfBuilder().Build(), "component"));
    }

    [Theory]
    [InlineData("_other", "other")]
    [InlineData("_component", "")]
    public void A_run_config_for_a_function_that_is_not_there_is_found(string variable, string stray)
    {
        var elf = ElfReader.Read(Compile($"struct {{ N(priority, 7); }} {variable}"));
        Assert.Equal(stray, string.Join(' ', RunConfigReader.FindStray(elf, BtfData.Read(elf.FindSection(".BTF")!.Data.Span))));
    }

    private static byte[] Compile(string declaration)
    {
        var source = $$"""
            #define N(name, value) int (*name)[value]
            {{declaration}} __attribute__((section(".xdp_run_config"), used));
            __attribute__((section("xdp"))) int component(void *ctx) { return 2; }
            """;
        return Clang.Compile(source, "-Wno-everything");
    }

    private static BtfData BtfOf(byte[] elf) => BtfData.Read(BtfSamples.SectionOf(elf, ".BTF"));

    private static string AskLibxdp(byte[] elf)
    {
        Need.That(File.Exists("/usr/include/xdp/libxdp.h"), "Libxdp", "needs libxdp-dev");
        using var folder = new TempFolder();
        var source = folder.Write("peer.c", System.Text.Encoding.ASCII.GetBytes(Peer));
        Tool.Run("cc", "-w", source, "-o", folder.PathOf("peer"), "-lxdp", "-lbpf").OrFail();
        return Tool.Run(folder.PathOf("peer"), folder.Write("component.o", elf), "component").OrFail().Output;
    }
}
