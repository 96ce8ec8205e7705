using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>A program in an object file.</summary>
/// <param name="Name">Function name, not escaped.</param>
/// <param name="Section">Section name, not escaped.</param>
/// <param name="InstructionCount">Instructions of 8 bytes.</param>
/// <param name="Config">Its run config; null when it has none, and then gets the default.</param>
internal sealed record InspectedProgram(string Name, string Section, int InstructionCount, RunConfig? Config)
{
    /// <summary>Whether it takes packets in several buffers, as its section name says.</summary>
    public bool HasFrags => Section.Split('/')[0].EndsWith(".frags", StringComparison.Ordinal);
}

/// <summary>What an object file holds.</summary>
/// <param name="Elf">The object.</param>
/// <param name="Btf">Its types; null when it has none.</param>
/// <param name="Programs">Its programs, in file order.</param>
/// <param name="DispatcherVersion">The marker's value; null when it is no dispatcher.</param>
/// <param name="Config">The dispatcher config in it, when there is one.</param>
internal sealed record ObjectInspection(
    ElfObject Elf, BtfData? Btf, ImmutableArray<InspectedProgram> Programs, int? DispatcherVersion, DispatcherConfig? Config)
{
    private const string ConfigSection = ".rodata";
    private const string SharedCodeSection = ".text";

    /// <summary>Functions that it has run configs for, and does not hold.</summary>
    public ImmutableArray<string> StrayRunConfigs => Btf is null ? [] : RunConfigReader.FindStray(Elf, Btf);

    /// <summary>Reads an object file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="ComponentException">Not an ELF object for BPF, or one that breaks a rule.</exception>
    public static ObjectInspection Read(ReadOnlyMemory<byte> bytes, string path)
    {
        var (elf, btf) = BpfObjectFile.Parse(bytes, path);
        try
        {
            var version = btf is null ? null : DispatcherMarker.ReadVersion(btf);
            return new ObjectInspection(elf, btf, ReadPrograms(elf, btf), version, ReadConfig(elf, version));
        }
        catch (MalformedObjectException malformed)
        {
            // It may be a dispatcher, which no compiler made: so without the advice of BpfObjectFile.
            throw new ComponentException($"'{Printable.Escape(path)}' cannot be used: {malformed.Message}", null, malformed);
        }
    }

    private static ImmutableArray<InspectedProgram> ReadPrograms(ElfObject elf, BtfData? btf) =>
    [
        .. from symbol in elf.Symbols
           where symbol is { Type: ElfSymbolType.Function, Binding: ElfSymbolBinding.Global, Section: not null }
              && symbol.Section.Flags.HasFlag(ElfSectionFlags.Executable)
              && symbol.Section.Name != SharedCodeSection
           select new InspectedProgram(
               symbol.Name,
               symbol.Section!.Name,
               (int)Math.Min(symbol.Size / 8, int.MaxValue),
               btf is null ? null : RunConfigReader.Read(btf, symbol.Name)),
    ];

    private static DispatcherConfig? ReadConfig(ElfObject elf, int? marker)
    {
        if (marker is not { } number || !Enum.IsDefined((DispatcherVersion)number) || elf.FindSection(ConfigSection) is not { } section)
            return null;
        var version = (DispatcherVersion)number;
        return section.Data.Length == DispatcherConfig.SizeOf(version) ? DispatcherConfig.Decode(section.Data.Span, version, elf.IsBigEndian) : null;
    }
}
