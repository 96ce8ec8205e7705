using System.Globalization;
using Dispatcher.Compiler.Elf;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Elf;

/// <summary>readelf, llvm-readelf, llvm-objdump and libbpf read what we write, and see what we meant.</summary>
public sealed class ElfOracleTests
{
    public static TheoryData<string> Samples => ["tiny", "tiny-big", "clang", "clang-rewritten", "clang-big", "clang-big-rewritten", "libxdp", "libxdp-rewritten"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Readelf_has_no_complaint_and_sees_the_same_sections(string sample)
    {
        using var folder = new TempFolder();
        var (elf, path) = Write(folder, sample);
        Assert.Equal("", Tool.Run("readelf", "-a", "-W", path).OrFail().Error);

        var seen = ReadElfTable.Sections(Tool.Run("readelf", "-S", "-W", path).OrFail().Output)
            .Where(s => s.Type is not ("NULL" or "SYMTAB" or "STRTAB" or "REL" or "RELA"));
        var ours = elf.Sections.Select(s => (s.Name, Type: TypeOf(s), (long)s.Size, s.EntrySize, s.Alignment));
        Assert.Equal(ours, seen.Select(s => (s.Name, s.Type, s.Size, s.EntrySize, s.Alignment)));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Readelf_sees_the_same_symbols(string sample)
    {
        using var folder = new TempFolder();
        var (elf, path) = Write(folder, sample);
        var names = ReadElfTable.Sections(Tool.Run("readelf", "-S", "-W", path).OrFail().Output).ToDictionary(s => s.Index, s => s.Name);
        var seen = ReadElfTable.Symbols(Tool.Run("readelf", "-s", "-W", path).OrFail().Output)
            .Select(s => (s.Value, s.Size, s.Type, s.Binding, s.Visibility, Place: int.TryParse(s.Section, out var i) ? names[i] : s.Section, s.Name))
            .Skip(1);
        var ours = elf.Symbols.Select(s => (
            s.Value,
            s.Size,
            Type: s.Type == ElfSymbolType.Function ? "FUNC" : s.Type.ToString().ToUpperInvariant(),
            Binding: s.Binding.ToString().ToUpperInvariant(),
            Visibility: s.Visibility.ToString().ToUpperInvariant(),
            Place: s.Section?.Name ?? (s.Place == ElfSymbolPlace.Absolute ? "ABS" : "UND"),
            Name: s.ToString()));
        Assert.Equal(ours, seen);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Readelf_sees_the_same_relocations(string sample)
    {
        using var folder = new TempFolder();
        var (elf, path) = Write(folder, sample);
        var seen = ReadElfTable.Relocations(Tool.Run("readelf", "-r", "-W", path).OrFail().Output);
        var ours = elf.Relocations.SelectMany(t => t.Entries.Select(e => (Table: ".rel" + t.Target.Name, e.Offset, e.Type, Symbol: e.Symbol?.ToString())));
        Assert.Equal(ours, seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Llvm_reads_what_we_write(bool isBigEndian)
    {
        using var folder = new TempFolder();
        var path = folder.Write("tiny.o", ElfWriter.Write(ElfSamples.Tiny(isBigEndian)));
        var header = Tool.Run("llvm-readelf", "-a", path).OrFail();
        Assert.Equal("", header.Error);
        Assert.Contains("EM_BPF", header.Output, StringComparison.Ordinal);
        Assert.Contains(isBigEndian ? "big endian" : "little endian", header.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Llvm_objdump_disassembles_with_symbols_and_relocations()
    {
        using var folder = new TempFolder();
        var path = folder.Write("tiny.o", ElfWriter.Write(ElfSamples.Tiny()));
        var listing = Tool.Run("llvm-objdump", "-d", "-r", path).OrFail();
        Assert.Equal("", listing.Error);
        Assert.Contains("<pass>:", listing.Output, StringComparison.Ordinal);
        Assert.Contains("R_BPF_64_32\thelper", listing.Output, StringComparison.Ordinal);
        Assert.Contains("r0 = 2", listing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Libbpf_opens_what_we_write()
    {
        using var folder = new TempFolder();
        var path = folder.Write("tiny.o", ElfWriter.Write(ElfSamples.Tiny()));
        var skeleton = Tool.Run("bpftool", "gen", "skeleton", path, "name", "tiny").OrFail();
        Assert.Contains("struct bpf_program *pass;", skeleton.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Libbpf_opens_clangs_object_written_by_us_as_it_opens_clangs()
    {
        using var folder = new TempFolder();
        var original = ElfSamples.Rich();
        var ours = ElfWriter.Write(ElfReader.Read(original));
        Assert.Equal(Skeleton(folder.Write("a.o", original)), Skeleton(folder.Write("b.o", ours)));

        static string Skeleton(string path)
        {
            // The object itself stands in the skeleton as a string; what libbpf understood is before it.
            var text = Tool.Run("bpftool", "gen", "skeleton", path, "name", "rich").OrFail().Output;
            return text[..text.IndexOf("rich__elf_bytes(size_t *sz)\n{", StringComparison.Ordinal)];
        }
    }

    [RootFact]
    public void The_kernel_runs_what_we_write()
    {
        using var folder = new TempFolder();
        using var bpffs = new BpfFs();
        var path = folder.Write("tiny.o", ElfWriter.Write(ElfSamples.Tiny()));
        var packet = folder.Write("packet", new byte[64]);
        var pin = bpffs.PathOf("tiny");
        Tool.Run("bpftool", "prog", "load", path, pin, "type", "xdp").OrFail();
        var run = Tool.Run("bpftool", "prog", "run", "pinned", pin, "data_in", packet, "data_out", folder.PathOf("out"), "repeat", "1").OrFail();
        Assert.Contains("Return value: 2", run.Output, StringComparison.Ordinal);
    }

    private static (ElfObject Elf, string Path) Write(TempFolder folder, string sample)
    {
        var bytes = sample.Replace("-rewritten", "", StringComparison.Ordinal) switch
        {
            "tiny" => ElfWriter.Write(ElfSamples.Tiny()),
            "tiny-big" => ElfWriter.Write(ElfSamples.Tiny(isBigEndian: true)),
            "clang" => ElfSamples.Rich(),
            "clang-big" => ElfSamples.Rich("-target", "bpfeb"),
            _ => ElfSamples.LibxdpDispatcher(),
        };
        if (sample.EndsWith("-rewritten", StringComparison.Ordinal))
            bytes = ElfWriter.Write(ElfReader.Read(bytes));
        return (ElfReader.Read(bytes), folder.Write("sample.o", bytes));
    }

    private static string TypeOf(ElfSection section) => section.Type switch
    {
        ElfSectionType.ProgBits => "PROGBITS",
        ElfSectionType.NoBits => "NOBITS",
        _ => string.Create(CultureInfo.InvariantCulture, $"LOOS+0x{(uint)section.Type - 0x60000000:x}"),
    };
}
