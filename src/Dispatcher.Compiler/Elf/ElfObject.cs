using System.Collections.Immutable;

namespace Dispatcher.Compiler.Elf;

/// <summary>A relocatable ELF64 object without its bookkeeping: symbol table, string tables and relocation sections are made when it is written.</summary>
/// <remarks>Equality is by contents, with sections and symbols matched by position.</remarks>
public sealed class ElfObject : IEquatable<ElfObject>
{
    /// <summary>The machine; BPF unless said otherwise.</summary>
    public ElfMachine Machine { get; init; } = ElfMachine.Bpf;

    /// <summary>Byte order of headers and tables; the contents of sections are bytes already.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>Flags of the machine: <c>e_flags</c>; 0 for BPF.</summary>
    public uint Flags { get; init; }

    /// <summary>The sections with contents, in file order.</summary>
    public required ImmutableArray<ElfSection> Sections { get; init; }

    /// <summary>The symbols without the empty first one. The writer puts local ones first and keeps the order otherwise.</summary>
    public ImmutableArray<ElfSymbol> Symbols { get; init; } = [];

    /// <summary>The relocations; written, and read again, in the order of their target sections.</summary>
    public ImmutableArray<ElfRelocationTable> Relocations { get; init; } = [];

    /// <summary>The first section of this name, or null.</summary>
    public ElfSection? FindSection(string name) => Sections.FirstOrDefault(s => s.Name == name);

    /// <summary>The first symbol of this name, or null.</summary>
    public ElfSymbol? FindSymbol(string name) => Symbols.FirstOrDefault(s => s.Name == name);

    /// <summary>The relocations of a section, in file order; empty when it has none.</summary>
    public IEnumerable<ElfRelocation> RelocationsOf(ElfSection section) =>
        Relocations.Where(t => ReferenceEquals(t.Target, section)).SelectMany(t => t.Entries);

    /// <inheritdoc/>
    public bool Equals(ElfObject? other) => other is not null && ElfObjectEquality.Equal(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ElfObject);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Machine, IsBigEndian, Flags, Sections.Length, Symbols.Length, Relocations.Length);
}
