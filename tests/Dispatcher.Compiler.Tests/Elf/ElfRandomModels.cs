using System.Collections.Immutable;
using Dispatcher.Compiler.Elf;

namespace Dispatcher.Compiler.Tests.Elf;

/// <summary>Any object that the writer accepts, from a seed.</summary>
internal static class ElfRandomModels
{
    private static readonly string[] Names = ["", "a", ".text", "prog0", "größe", "x y", "a\tb", "\u00e9\u4e2d", new('n', 200)];

    public static ElfObject Make(int seed)
    {
        var random = new Random(seed);
        var sections = Enumerable.Range(0, random.Next(0, 9)).Select(i => Section(random, i)).ToImmutableArray();
        var symbols = Enumerable.Range(0, random.Next(0, 12)).Select(_ => Symbol(random, sections)).OrderBy(s => s.Binding != ElfSymbolBinding.Local).ToImmutableArray();
        var targets = sections.Where(s => s.Data.Length > 0 && random.Next(2) == 0);
        return new ElfObject
        {
            Machine = random.Next(4) == 0 ? (ElfMachine)random.Next(65536) : ElfMachine.Bpf,
            IsBigEndian = random.Next(2) == 0,
            Flags = random.Next(3) == 0 ? (uint)random.Next() : 0,
            Sections = sections,
            Symbols = symbols,
            Relocations = [.. targets.Select(target => Table(random, target, symbols))],
        };
    }

    private static ElfSection Section(Random random, int index)
    {
        var name = $"{Names[random.Next(Names.Length)]}{index % 3}";
        var alignment = random.Next(5) == 0 ? 0 : 1ul << random.Next(0, 9);
        var flags = (ElfSectionFlags)random.Next(64);
        var entrySize = (ulong)random.Next(3) * 8;
        if (random.Next(6) == 0)
            return new ElfSection(name, ElfSectionType.NoBits, flags, default, alignment) { Size = random.Next(), EntrySize = entrySize };
        var data = new byte[random.Next(4) == 0 ? 0 : random.Next(1, 100)];
        random.NextBytes(data);
        var type = random.Next(4) == 0 ? (ElfSectionType)(0x60000000 + random.Next(1000)) : ElfSectionType.ProgBits;
        return new ElfSection(name, type, flags, data, alignment) { EntrySize = entrySize, Info = (uint)random.Next(4), LinksSymbolTable = random.Next(8) == 0 };
    }

    private static ElfSymbol Symbol(Random random, ImmutableArray<ElfSection> sections)
    {
        var name = Names[random.Next(Names.Length)];
        var type = (ElfSymbolType)random.Next(7);
        var binding = (ElfSymbolBinding)random.Next(3);
        var visibility = (ElfSymbolVisibility)random.Next(4);
        if (sections.Length == 0 || random.Next(4) == 0)
            return ElfSymbol.Outside(name, (ElfSymbolPlace)random.Next(1, 4), type, binding, (ulong)random.NextInt64(), (ulong)random.NextInt64(), visibility);
        var section = sections[random.Next(sections.Length)];
        var value = random.NextInt64(section.Size + 1);
        return new ElfSymbol(name, section, (ulong)value, (ulong)random.NextInt64(section.Size - value + 1), type, binding, visibility);
    }

    private static ElfRelocationTable Table(Random random, ElfSection target, ImmutableArray<ElfSymbol> symbols)
    {
        var hasAddends = random.Next(2) == 0;
        var entries = Enumerable.Range(0, random.Next(0, 5)).Select(_ => new ElfRelocation(
            (ulong)random.Next(target.Data.Length),
            symbols.Length == 0 || random.Next(5) == 0 ? null : symbols[random.Next(symbols.Length)],
            (uint)random.Next(),
            hasAddends ? random.NextInt64(long.MinValue, long.MaxValue) : null));
        return new ElfRelocationTable(target, [.. entries]) { HasAddends = hasAddends };
    }
}
