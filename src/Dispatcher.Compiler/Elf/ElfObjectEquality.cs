using System.Collections.Immutable;

namespace Dispatcher.Compiler.Elf;

/// <summary>Compares two objects: references are equal when they point at the same position.</summary>
internal sealed class ElfObjectEquality
{
    private readonly Dictionary<object, int> _left;
    private readonly Dictionary<object, int> _right;

    private ElfObjectEquality(ElfObject left, ElfObject right)
    {
        _left = PositionsOf(left);
        _right = PositionsOf(right);
    }

    public static bool Equal(ElfObject left, ElfObject right)
    {
        var self = new ElfObjectEquality(left, right);
        return left.Machine == right.Machine
            && left.IsBigEndian == right.IsBigEndian
            && left.Flags == right.Flags
            && AllEqual(left.Sections, right.Sections, self.SectionsEqual)
            && AllEqual(left.Symbols, right.Symbols, self.SymbolsEqual)
            && AllEqual(left.Relocations, right.Relocations, self.TablesEqual);
    }

    private bool SectionsEqual(ElfSection a, ElfSection b) =>
        a.Name == b.Name
        && a.Type == b.Type
        && a.Flags == b.Flags
        && a.Alignment == b.Alignment
        && a.EntrySize == b.EntrySize
        && a.Size == b.Size
        && a.Info == b.Info
        && a.LinksSymbolTable == b.LinksSymbolTable
        && SamePosition(a.Link, b.Link)
        && SamePosition(a.InfoSection, b.InfoSection)
        && a.Data.Span.SequenceEqual(b.Data.Span);

    private bool SymbolsEqual(ElfSymbol a, ElfSymbol b) =>
        a.Name == b.Name
        && a.Place == b.Place
        && a.Value == b.Value
        && a.Size == b.Size
        && a.Type == b.Type
        && a.Binding == b.Binding
        && a.Visibility == b.Visibility
        && SamePosition(a.Section, b.Section);

    private bool TablesEqual(ElfRelocationTable a, ElfRelocationTable b) =>
        a.HasAddends == b.HasAddends
        && SamePosition(a.Target, b.Target)
        && AllEqual(a.Entries, b.Entries, RelocationsEqual);

    private bool RelocationsEqual(ElfRelocation a, ElfRelocation b) =>
        a.Offset == b.Offset && a.Type == b.Type && a.Addend == b.Addend && SamePosition(a.Symbol, b.Symbol);

    private bool SamePosition(object? a, object? b) =>
        (a is null ? -1 : _left.GetValueOrDefault(a, -2)) == (b is null ? -1 : _right.GetValueOrDefault(b, -3));

    private static bool AllEqual<T>(ImmutableArray<T> a, ImmutableArray<T> b, Func<T, T, bool> equal)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
        {
            if (!equal(a[i], b[i]))
                return false;
        }

        return true;
    }

    private static Dictionary<object, int> PositionsOf(ElfObject elf)
    {
        var positions = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < elf.Sections.Length; i++)
            positions.TryAdd(elf.Sections[i], i);
        for (var i = 0; i < elf.Symbols.Length; i++)
            positions.TryAdd(elf.Symbols[i], i);
        return positions;
    }
}
