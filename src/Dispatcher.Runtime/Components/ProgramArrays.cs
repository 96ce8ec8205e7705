using Dispatcher.Compiler;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Elf;

namespace Dispatcher.Runtime.Components;

/// <summary>The program arrays of an object, by which its programs make tail calls.</summary>
internal static class ProgramArrays
{
    private const int TailCallHelper = 12;
    private const string MapSection = ".maps";

    /// <summary>Whether a program makes tail calls, itself or in <c>.text</c>, whose functions it may call.</summary>
    public static bool AreUsedBy(ElfObject elf, ElfSymbol program) =>
        HasTailCall(program.Section!.Data.Span.Slice((int)program.Value, (int)program.Size))
        || (elf.FindSection(".text") is { } text && HasTailCall(text.Data.Span));

    /// <summary>Refuses an object whose source fills one (<c>.values</c>): its targets would be loaded and gone, or be in the way of other components.</summary>
    /// <param name="elf">The object.</param>
    /// <param name="label">Its name, escaped.</param>
    /// <exception cref="ComponentException">It does; docs/decisions/0003 says why that is not done.</exception>
    public static void RefuseFilled(ElfObject elf, string label)
    {
        // libbpf: where a map names what is in it, a relocation stands in the section of maps; for a program array it is one of a function.
        if (elf.FindSection(MapSection) is not { } maps
            || elf.RelocationsOf(maps).FirstOrDefault(entry => entry.Symbol is { Type: ElfSymbolType.Function }) is not { Symbol: { } target } filled)
            return;
        var array = elf.Symbols.FirstOrDefault(symbol => ReferenceEquals(symbol.Section, maps) && filled.Offset >= symbol.Value && filled.Offset - symbol.Value < symbol.Size);
        throw new ComponentException(
            $"'{label}' fills its program array {Printable.Escape(array?.Name ?? "")} in the source, with {Printable.Escape(target.Name)}, and a component does not take its targets with it. "
            + "Leave '.values' out, and put them into the pinned array once the component is loaded (docs/operations.md, \"Tail calls\").");
    }

    private static bool HasTailCall(ReadOnlySpan<byte> code) =>
        BpfEncoding.Decode(code, !BitConverter.IsLittleEndian).Any(
            instruction => instruction.IsHelperCall && instruction.Immediate == TailCallHelper);
}
