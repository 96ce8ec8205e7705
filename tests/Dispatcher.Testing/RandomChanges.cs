using System.Buffers.Binary;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Testing;

/// <summary>Draws changes that a chain allows, and puts plans and readings into the same words to compare them.</summary>
public static class RandomChanges
{
    private const int NameCount = 4;
    private const uint HighestPriority = 4;

    /// <summary>A change for the chain as it is: components join, leave, are replaced, get another policy, or the version changes.</summary>
    public static ChangeRequest Next(Random random, HookStatus now)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(now);
        var programs = now.Chain?.Programs ?? [];
        var drawn = programs.IsEmpty ? 0 : random.Next(6);
        if (drawn <= 1 && programs.Length < DispatcherLimits.MaxSlots)
            return new AttachRequest([.. Enumerable.Range(0, random.Next(3) == 0 && programs.Length < DispatcherLimits.MaxSlots - 1 ? 2 : 1).Select(_ => Draw(random))]);
        var chosen = ComponentSelection.ById(programs[random.Next(programs.Length)].Id);
        return drawn switch
        {
            2 => new ReplaceRequest(chosen, Draw(random), new ReplaceOptions { Priority = random.Next(2) == 0 ? null : Priority(random) }),
            3 => new SetPolicyRequest(chosen, new PolicyChange(Priority(random), random.Next(2) == 0 ? null : Actions(random))),
            4 => new ConvertRequest((DispatcherVersion)(1 + random.Next(3))),
            _ => new DetachRequest(chosen),
        };
    }

    /// <summary>Order, policy and version of a plan, in words.</summary>
    public static string Describe(ChangePreview preview)
    {
        ArgumentNullException.ThrowIfNull(preview);
        return preview.After is not { } chain ? "empty" : $"v{(int)chain.Version} frags {chain.HasFrags}\n" + string.Join('\n', chain.Programs.Select(program =>
            $"{program.Slot} {program.Name} {program.Tag} {program.Priority} {program.Actions} {program.HasFrags} {program.IsDeviceBound}"));
    }

    /// <summary>The same of a hook.</summary>
    public static string Describe(HookStatus hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return hook.Chain is not { } chain ? "empty" : $"v{(int)chain.Version} frags {chain.HasFrags}\n" + string.Join('\n', chain.Programs.Select(program =>
            $"{program.Slot} {program.Name} {program.Tag} {program.Priority} {program.Actions} {program.HasFrags} {program.IsDeviceBound}"));
    }

    private static ComponentProgram Draw(Random random)
    {
        // r0 = verdict, some times over; exit. Several lengths, so that the size decides sometimes.
        var repeats = 1 + random.Next(3);
        var code = new byte[8 * (repeats + 1)];
        for (var place = 0; place < repeats; place++)
        {
            code[8 * place] = 0xb7;
            var verdict = random.Next(5);
            if (BitConverter.IsLittleEndian)
                BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan((8 * place) + 4), verdict);
            else
                BinaryPrimitives.WriteInt32BigEndian(code.AsSpan((8 * place) + 4), verdict);
        }

        code[8 * repeats] = 0x95;
        return ComponentProgram.FromBytecode($"program{random.Next(NameCount)}", code) with
        {
            Priority = Priority(random),
            Actions = Actions(random),
            Flags = random.Next(3) == 0 ? ProgramFlags.Frags : ProgramFlags.None,
        };
    }

    private static uint Priority(Random random) => (uint)random.Next((int)HighestPriority);

    private static ChainCallActions Actions(Random random) => new((uint)random.Next(32));
}
