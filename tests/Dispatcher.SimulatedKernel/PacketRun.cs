using System.Buffers.Binary;
using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel;

/// <summary>What happened to a packet.</summary>
/// <param name="Verdict">What the hook answered.</param>
/// <param name="Ran">The programs that saw it, in order; a dispatcher itself does not count.</param>
/// <param name="BypassedSlots">Slots that the dispatcher enables and nothing replaces: a component that should have seen it did not.</param>
/// <remarks>
/// A dispatcher is run at the level of the protocol: its config says which slots there are and after which verdicts the
/// chain goes on. Whether the instructions do the same is shown on a real kernel.
/// </remarks>
internal sealed record PacketRun(uint Verdict, ImmutableArray<SimProgram> Ran, int BypassedSlots)
{
    private const uint Pass = (uint)XdpAction.Pass;
    private const string Entry = "xdp_dispatcher";

    /// <summary>Names of the programs that saw it, in order.</summary>
    public ImmutableArray<string> Names => [.. Ran.Select(program => program.Name)];

    /// <summary>Runs a packet against a program.</summary>
    /// <param name="program">What is on the hook; null: nothing, so the packet passes.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="kernel">Knows what programs do.</param>
    public static PacketRun On(SimProgram? program, ReadOnlySpan<byte> packet, SimKernel kernel)
    {
        if (program is null)
            return new PacketRun(Pass, [], 0);
        if (ConfigOf(program) is not { } config)
            return program.ReplacementOf(Entry) is { } only ? Alone(only.Program, packet, kernel) : Alone(program, packet, kernel);
        if (program.ReplacementOf(Entry) is { } whole)
            return Alone(whole.Program, packet, kernel);

        var ran = ImmutableArray.CreateBuilder<SimProgram>();
        var bypassed = 0;
        for (var slot = 0; slot < config.Slots.Length; slot++)
        {
            var verdict = (uint)DispatcherLimits.EmptyStubVerdict;
            if (program.ReplacementOf($"prog{slot}") is { } link)
            {
                ran.Add(link.Program);
                verdict = Behave(link.Program, packet, kernel);
            }
            else
            {
                bypassed++;
            }

            if (!config.Slots[slot].Actions.ContinuesAfter(verdict))
                return new PacketRun(verdict, ran.ToImmutable(), bypassed);
        }

        return new PacketRun(Pass, ran.ToImmutable(), bypassed);
    }

    /// <summary>The config of a dispatcher; null: the program is none of a version we know.</summary>
    public static DispatcherConfig? ConfigOf(SimProgram program)
    {
        try
        {
            return program.Name == Entry && program.Btf is { } btf && program.Maps.Length == 1
                && DispatcherMarker.ReadVersion(btf.Data) is { } version && Enum.IsDefined((DispatcherVersion)version)
                ? DispatcherConfig.Decode(program.Maps[0].Value, (DispatcherVersion)version, !BitConverter.IsLittleEndian)
                : null;
        }
        catch (MalformedObjectException)
        {
            return null;
        }
    }

    private static PacketRun Alone(SimProgram program, ReadOnlySpan<byte> packet, SimKernel kernel) =>
        new(Behave(program, packet, kernel), [program], 0);

    private static uint Behave(SimProgram program, ReadOnlySpan<byte> packet, SimKernel kernel) =>
        kernel.Behaviours.TryGetValue(program.Name, out var behaviour)
            ? behaviour(packet)
            : ConstantOf(program.Load.Instructions) ?? throw new InvalidOperationException($"Say in Behaviours what {program} does.");

    // r0 = imm; exit
    private static uint? ConstantOf(byte[] code) =>
        code.Length == 16 && code[0] is 0xb7 or 0xb4 && code[1] == 0 && code[8] == 0x95
            ? BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(code.AsSpan(4)) : BinaryPrimitives.ReadUInt32BigEndian(code.AsSpan(4))
            : null;
}
