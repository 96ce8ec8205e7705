using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Benchmarks.Packets;

/// <summary>Objects of dispatchers whose stubs do what the components would do, for kernels that accept no components.</summary>
internal static class StandIn
{
    private const byte JumpAlways = 0x05;
    private const byte MoveImmediate = 0xb7;
    private const byte Exit = 0x95;

    /// <summary>Puts <c>return XDP_PASS</c> into every stub of any dispatcher object.</summary>
    /// <param name="file">The object; written over.</param>
    /// <remarks>What is left of a stub becomes jumps to the next instruction, which the verifier takes out: all bodies are the same two instructions.</remarks>
    public static byte[] FillStubs(byte[] file)
    {
        var elf = ElfReader.Read(file);
        for (var slot = 0; slot < DispatcherLimits.MaxSlots; slot++)
        {
            if (elf.FindSymbol($"prog{slot}") is { } stub)
                BpfEncoding.Encode(BodyOf((int)stub.Size / BpfInstruction.Size)).CopyTo(PlaceOf(file, stub));
        }

        return file;
    }

    /// <summary>Writes the config that libxdp writes before it loads its object.</summary>
    /// <param name="file">The object; written over.</param>
    /// <param name="spec">The chain; the version is that of the object.</param>
    public static byte[] Configure(byte[] file, DispatcherSpec spec)
    {
        new DispatcherConfig(VersionOf(file), spec.Slots).Encode().CopyTo(PlaceOf(file, ConfigOf(file)));
        return file;
    }

    /// <summary>The protocol version of an object, by the size of its config.</summary>
    public static DispatcherVersion VersionOf(byte[] file) =>
        Enum.GetValues<DispatcherVersion>().First(version => DispatcherConfig.SizeOf(version) == (int)ConfigOf(file).Size);

    private static ElfSymbol ConfigOf(byte[] file) =>
        ElfReader.Read(file).FindSymbol("conf") ?? throw new InvalidOperationException("The object has no symbol 'conf'.");

    private static BpfInstruction[] BodyOf(int count) =>
    [
        .. Enumerable.Repeat(new BpfInstruction(JumpAlways, 0, 0, 0, 0), count - 2),
        new BpfInstruction(MoveImmediate, 0, 0, 0, (int)XdpAction.Pass),
        new BpfInstruction(Exit, 0, 0, 0, 0),
    ];

    private static Span<byte> PlaceOf(byte[] file, ElfSymbol symbol) => file.AsSpan().Overlaps(symbol.Section!.Data.Span, out var start)
        ? file.AsSpan(start + (int)symbol.Value, (int)symbol.Size)
        : throw new InvalidOperationException($"{symbol.Name} is not in the file.");
}
