using Dispatcher.Compiler;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>Instructions, read and shown as text.</summary>
internal sealed class CodeTarget : IFuzzTarget
{
    public string Name => "code";

    public string Suite => "compiler";

    public IReadOnlyList<Type> Covers => [typeof(BpfEncoding), typeof(BpfInstructionText)];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) => shelf.SectionsOf("xdp").Concat(shelf.SectionsOf(".text")).Where(code => code.Length < 8192).Append(EveryOpcode());

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout)
    {
        for (var at = 0; at < input.Length; at += BpfInstruction.Size)
        {
            layout.AddFields(at, 1, 1, 2, 4);
            layout.AddRecord(at, BpfInstruction.Size);
        }
    }

    public bool IsRefusal(Exception exception) => exception is MalformedObjectException;

    public void Run(ReadOnlySpan<byte> input)
    {
        // The byte order of the machine that the bytes are for: one or the other, by the first opcode.
        var bigEndian = input.Length > 0 && input[0] % 2 == 0;
        var instructions = BpfEncoding.Decode(input, bigEndian);
        BrokenPromiseException.ThrowUnless(input.SequenceEqual(BpfEncoding.Encode(instructions.AsSpan(), bigEndian)), "what was read is written again byte for byte");
        for (var i = 0; i < Math.Min(instructions.Length, 64); i++)
            BpfListing.Render(instructions[i], i + 1 < instructions.Length ? instructions[i + 1] : default);
    }

    private static byte[] EveryOpcode()
    {
        var instructions = new List<BpfInstruction>();
        for (var opcode = 0; opcode <= byte.MaxValue; opcode++)
        {
            instructions.Add(new BpfInstruction((byte)opcode, 1, 2, 1, 0xf1));
            if (instructions[^1].IsWide)
                instructions.Add(default);
        }

        return BpfEncoding.Encode([.. instructions]);
    }
}
