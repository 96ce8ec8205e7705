using Dispatcher.Compiler;
using Dispatcher.Compiler.Elf;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>A relocatable object.</summary>
internal sealed class ElfTarget : IFuzzTarget
{
    public string Name => "elf";

    public string Suite => "compiler";

    public IReadOnlyList<Type> Covers => [typeof(ElfReader), typeof(ElfFieldReader), typeof(ElfFormat)];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) => shelf.Objects;

    public IEnumerable<byte[]> LargeInputs() => [LargeObjects.ManySections(), LargeObjects.ManyFunctions(), LargeObjects.LongSectionName()];

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout) => ElfParts.Describe(input, layout);

    public bool IsRefusal(Exception exception) => exception is MalformedObjectException;

    public void Run(ReadOnlySpan<byte> input)
    {
        var elf = ElfReader.Read(input.ToArray());
        var sections = elf.Sections.ToHashSet();
        BrokenPromiseException.ThrowUnless(elf.Symbols.All(symbol => symbol.Section is not { } section || sections.Contains(section)), "a symbol is in a section of the object");
        BrokenPromiseException.ThrowUnless(elf.Relocations.All(table => sections.Contains(table.Target)), "relocations change a section of the object");
        ElfText.Render(elf);
    }
}
