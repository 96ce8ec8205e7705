using Dispatcher.Compiler.Bpf;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Components;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>The object of a component, from which a program is picked with its run config.</summary>
internal sealed class ComponentTarget : IFuzzTarget
{
    private static readonly (string? Function, string? Section)[] Choices = [(null, null), ("print", null), (null, "xdp/devmap"), ("print", "xdp.frags/print")];

    public string Name => "component";

    public string Suite => "runtime";

    public IReadOnlyList<Type> Covers => [typeof(ObjectFile)];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) => shelf.Objects;

    public IEnumerable<byte[]> LargeInputs() => [LargeObjects.ManySections(), LargeObjects.ManyFunctions()];

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout) => ElfParts.Describe(input, layout);

    public bool IsRefusal(Exception exception) => exception is ComponentException or NotFoundException;

    public void Run(ReadOnlySpan<byte> input)
    {
        var bytes = input.ToArray();
        var missing = 0;
        foreach (var (function, section) in Choices)
        {
            try
            {
                var program = ObjectFile.Find(bytes, "fuzz.o", function, section);
                BrokenPromiseException.ThrowUnless(
                    program.InstructionCount >= 0 && program.InstructionCount <= input.Length / BpfInstruction.Size, "a program is not larger than its object");
            }
            catch (NotFoundException) when (++missing < Choices.Length)
            {
                // Another choice may find one.
            }
        }
    }
}
