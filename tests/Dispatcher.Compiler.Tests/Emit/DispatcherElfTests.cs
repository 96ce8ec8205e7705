using System.Globalization;
using System.Text.RegularExpressions;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Emit;

public sealed partial class DispatcherElfTests
{
    [Fact]
    public void Sections_and_symbols_are_those_that_loaders_look_for()
    {
        foreach (var spec in SampleSpecs.All())
        {
            var dispatcher = DispatcherGenerator.Generate(spec);
            var elf = ElfReader.Read(dispatcher.WriteElf());
            var entry = elf.FindSymbol(DispatcherNames.Entry)!;
            Assert.Equal(spec.HasFrags ? "xdp.frags" : "xdp", entry.Section!.Name);
            Assert.Equal((ElfSymbolBinding.Global, ElfSymbolType.Function), (entry.Binding, entry.Type));
            Assert.Equal(dispatcher.ConfigBytes(), elf.FindSection(".rodata")!.Data.ToArray());
            Assert.Equal("Dual BSD/GPL\0"u8.ToArray(), elf.FindSection("license")!.Data.ToArray());
            Assert.Equal(spec.Flavour == DispatcherFlavour.Generic, elf.FindSymbol(DispatcherNames.PassProgram) is not null);
            foreach (var stub in dispatcher.Functions.Skip(1))
            {
                var symbol = elf.FindSymbol(stub.Name)!;
                Assert.Equal((".text", ElfSymbolBinding.Global, (ulong)stub.Count * 8), (symbol.Section!.Name, symbol.Binding, symbol.Size));
            }
        }
    }

    [Fact]
    public void Calls_and_config_loads_come_back_from_the_relocations()
    {
        foreach (var spec in SampleSpecs.All())
        {
            var dispatcher = DispatcherGenerator.Generate(spec);
            var elf = ElfReader.Read(dispatcher.WriteElf());
            var xdp = elf.FindSymbol(DispatcherNames.Entry)!.Section!;
            var instructions = BpfEncoding.Decode(xdp.Data.Span).ToArray();
            foreach (var relocation in elf.RelocationsOf(xdp))
            {
                ref var instruction = ref instructions[relocation.Offset / 8];
                if (relocation.Type == BpfRelocationTypes.Call32)
                    instruction = instruction with { Immediate = dispatcher.FindFunction(relocation.Symbol!.Name)!.Value.Start + instruction.Immediate - (int)(relocation.Offset / 8) };
                else
                    instruction = instruction with { Source = 2 };
            }

            Assert.Equal(dispatcher.Instructions[..dispatcher.Functions[0].Count], instructions[..dispatcher.Functions[0].Count]);
        }
    }

    [Fact]
    public void BTF_ext_describes_the_instructions_of_each_section()
    {
        foreach (var spec in SampleSpecs.All())
        {
            var dispatcher = DispatcherGenerator.Generate(spec);
            var elf = ElfReader.Read(dispatcher.WriteElf());
            var btf = BtfData.Read(elf.FindSection(".BTF")!.Data.Span);
            var ext = BtfExt.Read(elf.FindSection(".BTF.ext")!.Data.Span, btf);
            foreach (var section in ext.Functions)
            {
                foreach (var function in section.Records)
                {
                    var symbol = elf.FindSymbol(btf[function.Function].Name)!;
                    Assert.Equal((symbol.Section!.Name, symbol.Value), (btf.GetString(section.Name), function.InstructionIndex * 8ul));
                }
            }

            Assert.Equal(elf.Symbols.Count(s => s.Type == ElfSymbolType.Function), ext.Functions.Sum(s => s.Records.Count));
            Assert.All(ext.Lines, s => Assert.Equal(0u, s.Records[0].InstructionIndex));
        }
    }

    [Fact]
    public void Readelf_reads_every_object_without_complaint()
    {
        using var folder = new TempFolder();
        var result = Tool.Run("readelf", ["-aW", .. Objects(folder).Select(o => o.Path)]).OrFail();
        Assert.Equal("", result.Error);
        Assert.DoesNotContain("arning", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("<corrupt", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Llvm_objdump_shows_the_instructions_that_our_listing_shows(bool bigEndian)
    {
        using var folder = new TempFolder();
        var objects = Objects(folder).Where(o => o.IsBigEndian == bigEndian).ToArray();
        var result = Tool.Run("llvm-objdump", ["-d", "--no-show-raw-insn", .. objects.Select(o => o.Path)]).OrFail();
        Assert.Equal("", result.Error);
        var dumps = result.Output.Split(":\tfile format ")[1..];
        Assert.Equal(objects.Length, dumps.Length);
        foreach (var ((path, dispatcher, _), dump) in objects.Zip(dumps))
        {
            var shown = dump.Split('\n').Select(line => DumpLine().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value).ToList();
            var entryCount = dispatcher.Functions[0].Count;
            List<string> expected = [.. Lines(dispatcher, entryCount, dispatcher.Instructions.Length), .. Lines(dispatcher, 0, entryCount)];
            if (dispatcher.Spec.Flavour == DispatcherFlavour.Generic)
                expected.AddRange(["r0 = 2", "exit"]);
            Assert.Equal(expected.Count, shown.Count);
            var different = expected.Zip(shown).Where(p => p.First != p.Second && !IsBitTestUnknownToLlvm14(p.First, p.Second));
            Assert.True(!different.Any(), $"{path}\n{string.Join('\n', different)}");
        }
    }

    [Fact]
    public void Bpftool_shows_the_BTF_of_every_object_as_our_text_does()
    {
        using var folder = new TempFolder();
        foreach (var (path, dispatcher, bigEndian) in Objects(folder))
        {
            if (bigEndian)
                continue; // bpftool reads its own byte order only.
            var result = Tool.Run("bpftool", "btf", "dump", "file", path).OrFail();
            Assert.Equal("", result.Error);
            Assert.Equal(BtfText.Render(dispatcher.Btf), result.Output);
        }
    }

    private static IEnumerable<(string Path, DispatcherObject Dispatcher, bool IsBigEndian)> Objects(TempFolder folder)
    {
        foreach (var spec in SampleSpecs.All())
        {
            var dispatcher = DispatcherGenerator.Generate(spec);
            foreach (var bigEndian in (bool[])[false, true])
                yield return (folder.Write($"{SampleSpecs.NameOf(spec)}{(bigEndian ? ".big" : "")}.o", dispatcher.WriteElf(bigEndian)), dispatcher, bigEndian);
        }
    }

    private static bool IsBitTestUnknownToLlvm14(string ours, string theirs) => theirs == "<unknown>" && ours.StartsWith("if w1 & ", StringComparison.Ordinal);

    // In an object a call and a load of the config have no target but their relocation.
    private static IEnumerable<string> Lines(DispatcherObject dispatcher, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            var instruction = dispatcher.Instructions[i];
            if (instruction.IsFunctionCall)
                yield return "call -1";
            else if (instruction.IsHelperCall)
                yield return string.Create(CultureInfo.InvariantCulture, $"call {instruction.Immediate}");
            else if (instruction.IsWide)
                yield return $"r{instruction.Destination} = 0 ll";
            else
                yield return BpfListing.Render(instruction);
            i += instruction.IsWide ? 1 : 0;
        }
    }

    [GeneratedRegex(@"^\s+\d+:\s(.*?)(?: <[\w.+]+>)?$")]
    private static partial Regex DumpLine();
}
