using System.Collections.Immutable;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Reads the chain on a hook: ifindex, program id, fd, info, BTF, marker, config map, pinned components.</summary>
/// <remarks>Anything that vanishes on the way is a lost race, to be read again, never "not a dispatcher".</remarks>
internal sealed class HookReader(KernelPort kernel, PinPaths paths)
{
    /// <summary>Looks once.</summary>
    /// <param name="ifindex">Interface index in the caller's network namespace.</param>
    public HookReading Read(int ifindex) =>
        kernel.Hook.Read(ifindex) is { } reading ? Read(reading) : new HookReading.NoInterface();

    /// <summary>Goes on from what one netlink answer showed.</summary>
    public HookReading Read(InterfaceReading reading)
    {
        if (reading.Attached.IsEmpty)
            return new HookReading.Empty(reading);
        var attached = reading.Attached[0];
        var dispatcher = kernel.Bpf.OpenProgram(attached.ProgramId);
        if (dispatcher is null)
            return new HookReading.LostRace($"program {attached.ProgramId} was replaced while it was read");
        try
        {
            var info = kernel.Bpf.GetInfo(dispatcher);
            if (DispatcherIdentity.Check(kernel.Bpf, info, out var config) is { } reason)
                return Foreign(reading, attached, info.Name, reason, dispatcher);
            var directory = paths.DirectoryOf(reading.Index, info.Id);
            if (OpenComponents(directory, config!, out var missingPin) is { } components)
                return new HookReading.Chain(reading, new ChainSnapshot(attached.Mode, dispatcher, info, config!, directory, components));
            if (!IsStillAttached(reading.Index, attached))
            {
                dispatcher.Dispose();
                return new HookReading.LostRace($"dispatcher {info.Id} was replaced while its pins were read");
            }

            return Foreign(reading, attached, info.Name, $"its chain is broken: the pin {missingPin} is gone", dispatcher);
        }
        catch
        {
            dispatcher.Dispose();
            throw;
        }
    }

    private static HookReading.Foreign Foreign(
        InterfaceReading reading, AttachedProgram attached, string name, string reason, ProgramFd program)
    {
        program.Dispose();
        return new HookReading.Foreign(reading, attached.Mode, new ForeignProgram(attached.ProgramId, name, reason));
    }

    private bool IsStillAttached(int ifindex, AttachedProgram attached) =>
        kernel.Hook.Read(ifindex) is { } again && again.Attached.Contains(attached);

    private ImmutableArray<AttachedComponent>? OpenComponents(string directory, DispatcherConfig config, out string? missingPin)
    {
        var components = ImmutableArray.CreateBuilder<AttachedComponent>(config.Slots.Length);
        missingPin = null;
        try
        {
            for (var slot = 0; slot < config.Slots.Length; slot++)
            {
                if (OpenComponent(directory, slot, config.Slots[slot], out missingPin) is not { } component)
                    break;
                components.Add(component);
            }
        }
        catch
        {
            DisposeAll(components);
            throw;
        }

        if (missingPin is null)
            return components.DrainToImmutable();
        DisposeAll(components);
        return null;
    }

    private AttachedComponent? OpenComponent(string directory, int slot, Slot policy, out string? missingPin)
    {
        missingPin = PinPaths.ProgramPin(directory, slot);
        if (kernel.Files.OpenProgram(missingPin) is not { } program)
            return null;
        LinkFd? link = null;
        try
        {
            missingPin = PinPaths.LinkPin(directory, slot);
            link = kernel.Files.OpenLink(missingPin);
            if (link is not null)
            {
                missingPin = null;
                var info = kernel.Bpf.GetInfo(program);
                var name = FunctionNames.Expand(info.Name, ProgramBtf.TryRead(kernel.Bpf, info));
                return new AttachedComponent(program, link, info, name, policy);
            }
        }
        catch
        {
            link?.Dispose();
            program.Dispose();
            throw;
        }

        program.Dispose();
        return null;
    }

    private static void DisposeAll(IEnumerable<AttachedComponent> components)
    {
        foreach (var component in components)
            component.Dispose();
    }
}
