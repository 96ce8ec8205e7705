using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Emit;

/// <summary>What clang makes of the C twin is what ours is measured by.</summary>
public sealed class DispatcherTwinTests
{
    [Fact]
    public void Clang_gives_the_twin_the_same_prototypes_marker_and_config_as_ours()
    {
        foreach (var spec in Compared())
        {
            var ours = DispatcherGenerator.Generate(spec).Btf;
            var elf = ElfReader.Read(Clang.Compile(DispatcherSource.Render(spec), "-Werror"));
            var theirs = BtfData.Read(elf.FindSection(".BTF")!.Data.Span);

            Assert.Equal(Functions(theirs), Functions(ours));
            Assert.Equal(DispatcherMarker.ReadVersion(theirs), DispatcherMarker.ReadVersion(ours));
            Assert.Equal(Variables(theirs), Variables(ours));
            foreach (var name in (string[])["xdp_md", "xdp_dispatcher_config"])
                Assert.Equal(BtfC.Describe(theirs, theirs.Find(BtfKind.Struct, name)!.Value), BtfC.Describe(ours, ours.Find(BtfKind.Struct, name)!.Value));
        }
    }

    [Fact]
    public void Clang_gives_the_twin_the_same_sections_symbols_and_config_bytes_as_ours()
    {
        foreach (var spec in Compared())
        {
            foreach (var bigEndian in (bool[])[false, true])
            {
                var ours = ElfReader.Read(DispatcherGenerator.Generate(spec).WriteElf(bigEndian));
                var theirs = ElfReader.Read(Clang.Compile(DispatcherSource.Render(spec), "-target", bigEndian ? "bpfeb" : "bpfel"));
                Assert.Equal(Symbols(theirs), Symbols(ours));
                foreach (var section in ours.Sections.Where(s => !s.Name.StartsWith(".BTF", StringComparison.Ordinal)))
                    Assert.Equal((section.Type, section.Flags, section.Alignment), theirs.FindSection(section.Name) is { } s ? (s.Type, s.Flags, s.Alignment) : default);
                foreach (var section in (string[])[".rodata", "license", "xdp_metadata"])
                    Assert.Equal(theirs.FindSection(section)!.Data.ToArray(), ours.FindSection(section)!.Data.ToArray());
            }
        }
    }

    [Fact]
    public void The_twin_takes_verdicts_in_place_of_components()
    {
        using var folder = new TempFolder();
        var header = folder.PathOf("stubs.h");
        File.WriteAllText(header, TwinStubs.FromPacket);
        foreach (var spec in Compared())
        {
            var elf = ElfReader.Read(Clang.Compile(DispatcherSource.Render(spec), "-include", header, "-Werror"));
            Assert.Equal(Symbols(ElfReader.Read(DispatcherGenerator.Generate(spec, StubBody.FromPacket).WriteElf())).Select(s => s.Name), Symbols(elf).Select(s => s.Name));
        }
    }

    private static IEnumerable<DispatcherSpec> Compared() => SampleSpecs.All().Where(s => s.Slots.Length is 1 or 2 or 3 or 4 or 10);

    private static IEnumerable<string> Functions(BtfData btf) =>
        from pair in btf.Types.Select((type, i) => (Type: type, Id: new BtfTypeId((uint)i + 1)))
        where pair.Type is BtfFunc
        orderby pair.Type.Name
        select $"{((BtfFunc)pair.Type).Linkage} {BtfC.Describe(btf, pair.Id)}";

    // clang leaves offsets and section sizes to the loader, so sizes of the variables are compared.
    private static IEnumerable<string> Variables(BtfData btf) =>
        from section in btf.Types.OfType<BtfDataSec>()
        orderby section.Name
        from entry in section.Variables
        let variable = btf.Get<BtfVar>(entry.Variable)!
        select $"{section.Name} {variable.Linkage} {variable.Name} {entry.Size} {BtfC.Describe(btf, variable.Type)}";

    private static IEnumerable<(string Name, ElfSymbolBinding Binding, ElfSymbolType Type, string? Section)> Symbols(ElfObject elf) =>
        from symbol in elf.Symbols
        where symbol.Type is ElfSymbolType.Function or ElfSymbolType.Object
        orderby symbol.Name
        select (symbol.Name, symbol.Binding, symbol.Type, symbol.Section?.Name);
}
