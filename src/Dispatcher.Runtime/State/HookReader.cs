using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Reads the chain on a hook: ifindex, program id, fd, info, BTF, marker, config map, pinned components.</summary>
/// <remarks>Anything that vanishes on the way is a lost race, to be read again, never "not a dispatcher".</remarks>
internal sealed class HookReader(KernelPort kernel, PinPaths paths, KnownPrograms known)
{
    private readonly ComponentReader _components = new(kernel, known);
    private readonly ComponentSearch _search = new(kernel, paths, known);

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
            if (known.Check(kernel.Bpf, info, out var config) is { } mismatch)
                return Foreign(reading, attached, info.Name, mismatch, dispatcher);
            return ReadComponents(reading, attached, dispatcher, info, config!);
        }
        catch
        {
            dispatcher.Dispose();
            throw;
        }
    }

    private static HookReading.Foreign Foreign(
        InterfaceReading reading, AttachedProgram attached, string name, Mismatch mismatch, ProgramFd program)
    {
        program.Dispose();
        return new HookReading.Foreign(
            reading, attached.Mode, new ForeignProgram(attached.ProgramId, name, mismatch.Reason) { UnknownVersion = mismatch.UnknownVersion });
    }

    private bool IsStillAttached(int ifindex, AttachedProgram attached) =>
        kernel.Hook.Read(ifindex) is { } again && again.Attached.Contains(attached);

    private void OpenAll(BrokenSnapshot broken)
    {
        try
        {
            foreach (var slot in broken.LostSlots)
                broken.Put(slot, _components.OpenPinned(broken.PinDirectory, slot, broken.Config.Slots[slot]));
        }
        catch (KernelException readOnly) when (readOnly.Errno == Errno.EROFS)
        {
            // Pins are opened for writing only, but each link says what it holds.
            if (!IsFoundByLinks(broken))
                throw;
        }
    }

    private bool IsFoundByLinks(BrokenSnapshot broken)
    {
        try
        {
            _search.CompleteFromLinks(broken);
        }
        catch (DispatcherException)
        {
            // A kernel before 5.13, or one that does not let this process look.
        }

        return broken.LostSlots.IsEmpty;
    }

    private HookReading ReadComponents(
        InterfaceReading reading, AttachedProgram attached, ProgramFd dispatcher, ProgramInfo info, DispatcherConfig config)
    {
        var broken = new BrokenSnapshot(reading.Name, attached.Mode, dispatcher, info, config, paths.DirectoryOf(reading.Index, info.Id));
        try
        {
            OpenAll(broken);
            if (broken.LostSlots.IsEmpty)
                return new HookReading.Chain(reading, broken.ToSnapshot());
            broken.MissingBpfFs = kernel.Files.IsBpfFs(paths.FileSystem) ? null : paths.FileSystem;
            if (IsStillAttached(reading.Index, attached))
                return new HookReading.Broken(reading, broken);
        }
        catch
        {
            broken.DisposeComponents();
            throw;
        }

        broken.Dispose();
        return new HookReading.LostRace($"dispatcher {info.Id} was replaced while its pins were read");
    }
}
