using Dispatcher.Compiler.Elf;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Elf;

/// <summary>Objects that several tests use.</summary>
internal static class ElfSamples
{
    /// <summary>Maps, global data, read-only data, a function in .text, debug information: every section clang makes for BPF.</summary>
    public const string RichSource = """
        #include <linux/bpf.h>
        #define SEC(name) __attribute__((section(name), used))
        struct { int (*type)[1]; int *key; long *value; int (*max_entries)[4]; } hits SEC(".maps");
        static void *(*lookup)(void *, const void *) = (void *)1;
        long counter;
        int limit = 7;
        static volatile const int offset = 4;
        __attribute__((noinline)) int helper(int x) { return x + offset; }
        SEC("xdp") int prog(struct xdp_md *ctx)
        {
            int zero = 0;
            long *value = lookup(&hits, &zero);
            if (value)
                counter += *value + limit;
            return helper(ctx->data_end - ctx->data) & 1 ? XDP_PASS : XDP_DROP;
        }
        char _license[] SEC("license") = "GPL";
        """;

    private static readonly byte[] CallPassExit =
    [
        0x85, 0x10, 0, 0, 0xff, 0xff, 0xff, 0xff, // call helper, filled in by relocation
        0x95, 0, 0, 0, 0, 0, 0, 0,                // exit
    ];

    private static readonly byte[] PassExit =
    [
        0xb7, 0, 0, 0, 2, 0, 0, 0, // r0 = XDP_PASS
        0x95, 0, 0, 0, 0, 0, 0, 0, // exit
    ];

    /// <summary>An XDP program that calls a function in .text, which returns XDP_PASS. Little endian code.</summary>
    public static ElfObject Tiny(bool isBigEndian = false)
    {
        const ElfSectionFlags code = ElfSectionFlags.Alloc | ElfSectionFlags.Executable;
        var text = new ElfSection(".text", ElfSectionType.ProgBits, code, PassExit, 8);
        var xdp = new ElfSection("xdp", ElfSectionType.ProgBits, code, CallPassExit, 8);
        var license = new ElfSection("license", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Write, "GPL\0"u8.ToArray());
        var helper = ElfSymbol.GlobalFunction("helper", text, 0, 16);
        return new ElfObject
        {
            IsBigEndian = isBigEndian,
            Sections = [text, xdp, license],
            Symbols = [ElfSymbol.GlobalFunction("pass", xdp, 0, 16), ElfSymbol.OfSection(text), helper, ElfSymbol.GlobalObject("_license", license, 0, 4)],
            Relocations = [new ElfRelocationTable(xdp, [new ElfRelocation(0, helper, BpfRelocationTypes.Call32)])],
        };
    }

    /// <summary>What clang makes of <see cref="RichSource"/>.</summary>
    public static byte[] Rich(params string[] arguments) => Clang.Compile(RichSource, arguments);

    /// <summary>libxdp's own dispatcher, where its package is installed.</summary>
    public static byte[] LibxdpDispatcher()
    {
        var path = new[] { "/usr/lib/x86_64-linux-gnu/bpf/xdp-dispatcher.o", "/usr/lib/aarch64-linux-gnu/bpf/xdp-dispatcher.o", "/usr/lib/bpf/xdp-dispatcher.o" }
            .FirstOrDefault(File.Exists);
        Need.That(path is not null, "Libxdp", "needs xdp-dispatcher.o of libxdp");
        return File.ReadAllBytes(path!);
    }
}
