using System.Collections.Immutable;

namespace Dispatcher.Compiler.Elf;

/// <summary>Relocation types of BPF objects. Source: LLVM, <c>R_BPF_*</c>.</summary>
public static class BpfRelocationTypes
{
    /// <summary>Nothing.</summary>
    public const uint None = 0;

    /// <summary><c>R_BPF_64_64</c>: address in a 16-byte load instruction (<c>lddw</c>).</summary>
    public const uint LoadImmediate64 = 1;

    /// <summary><c>R_BPF_64_ABS64</c>: 8-byte address in data.</summary>
    public const uint Absolute64 = 2;

    /// <summary><c>R_BPF_64_ABS32</c>: 4-byte address in data.</summary>
    public const uint Absolute32 = 3;

    /// <summary><c>R_BPF_64_NODYLD32</c>: 4-byte offset in <c>.BTF</c> and <c>.BTF.ext</c>, which a loader leaves alone.</summary>
    public const uint NoDynamicLink32 = 4;

    /// <summary><c>R_BPF_64_32</c>: target of a call instruction.</summary>
    public const uint Call32 = 10;
}

/// <summary>One place that depends on a symbol.</summary>
/// <param name="Offset">Bytes from the start of the target section.</param>
/// <param name="Symbol">The symbol; null when the entry names none.</param>
/// <param name="Type">What to compute, by the machine's numbering; see <see cref="BpfRelocationTypes"/>.</param>
/// <param name="Addend">Added to the symbol; null in a table without addends, where it stands in the target's bytes.</param>
public sealed record ElfRelocation(ulong Offset, ElfSymbol? Symbol, uint Type, long? Addend = null);

/// <summary>The relocations of one section.</summary>
/// <param name="Target">The section they change.</param>
/// <param name="Entries">Either all with an addend or all without.</param>
public sealed record ElfRelocationTable(ElfSection Target, ImmutableArray<ElfRelocation> Entries)
{
    /// <summary>Whether the entries carry addends: <c>.rela</c>; otherwise <c>.rel</c>, which BPF uses.</summary>
    public bool HasAddends { get; init; } = Entries is [{ Addend: not null }, ..];
}
