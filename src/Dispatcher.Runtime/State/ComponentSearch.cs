using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Finds components of a dispatcher that are not pinned where they should be, but still alive.</summary>
/// <remarks>
/// In a directory of the same dispatcher under another ifindex, as an interface leaves it that was moved to another
/// network namespace; then among all links, which say what they replace (kernel 5.13). Of a link that does not say it, its pin does.
/// </remarks>
internal sealed class ComponentSearch(KernelPort kernel, PinPaths paths, KnownPrograms known)
{
    private const uint TracingLinkType = 2;
    private const int NoSlot = -1;

    private readonly ComponentReader _components = new(kernel, known);

    /// <summary>Puts every component that it finds into its slot; what is lost after that is dead.</summary>
    /// <exception cref="RefusedException">This kernel does not say what a link replaces, and one is not pinned as part of a chain: it may be of this one.</exception>
    public void Complete(BrokenSnapshot broken)
    {
        foreach (var name in kernel.Files.List(paths.Root) ?? [])
        {
            if (paths.Parse(name) is { } other && other.Dispatcher == broken.Info.Id && other.Path != broken.PinDirectory)
                Complete(broken, other);
        }

        if (!broken.LostSlots.IsEmpty)
            CompleteFromLinks(broken, new Lazy<Dictionary<LinkId, PinPlace>>(ReadPinnedLinks));
    }

    /// <summary>The same without a look at pins.</summary>
    /// <inheritdoc cref="Complete(BrokenSnapshot)"/>
    public void CompleteFromLinks(BrokenSnapshot broken) => CompleteFromLinks(broken, new Lazy<Dictionary<LinkId, PinPlace>>(() => []));

    private void CompleteFromLinks(BrokenSnapshot broken, Lazy<Dictionary<LinkId, PinPlace>> pinned)
    {
        var functions = ProgramBtf.TryRead(kernel.Bpf, broken.Info);
        for (var id = kernel.Bpf.NextLink(null); id is { } current && !broken.LostSlots.IsEmpty; id = kernel.Bpf.NextLink(current))
            Complete(broken, current, functions, pinned);
    }

    // By its path a pin says which slot of which dispatcher its link belongs to.
    private Dictionary<LinkId, PinPlace> ReadPinnedLinks()
    {
        var places = new Dictionary<LinkId, PinPlace>();
        foreach (var directory in (kernel.Files.List(paths.Root) ?? []).Select(paths.Parse).OfType<PinDirectory>())
        {
            for (var slot = 0; slot < DispatcherLimits.MaxSlots; slot++)
            {
                using var link = kernel.Files.OpenLink(PinPaths.LinkPin(directory.Path, slot));
                if (link is not null)
                    places[kernel.Bpf.GetInfo(link).Id] = new PinPlace(directory.Dispatcher, slot);
            }
        }

        return places;
    }

    /// <summary>The public picture of a broken chain, with what is alive of it as far as it can be seen. Fills it as <see cref="Complete(BrokenSnapshot)"/> does.</summary>
    public BrokenChain Judge(BrokenSnapshot broken)
    {
        var seen = broken.ToStatus();
        bool? others = null;
        var isTold = true;
        try
        {
            Complete(broken);
            others = false;
        }
        catch (RefusedException)
        {
            isTold = false;
        }
        catch (DispatcherException)
        {
            // A kernel that does not let this process look.
        }

        var notFound = broken.LostSlots;
        return seen with
        {
            NetworkNamespace = kernel.NetworkNamespace,
            CanBeMended = isTold,
            Programs = broken.ToStatus().Programs,
            LostSlots = [.. seen.LostSlots.Select(lost => lost with
            {
                IsAlive = notFound.Contains(lost.Slot) ? others : true,
                PinnedForIndex = broken.PinnedForIndex.TryGetValue(lost.Slot, out var index) ? index : null,
            })],
        };
    }

    private void Complete(BrokenSnapshot broken, PinDirectory directory)
    {
        foreach (var slot in broken.LostSlots)
        {
            if (_components.OpenPinned(directory.Path, slot, broken.Config.Slots[slot]) is not { } found)
                continue;
            broken.Put(slot, found);
            broken.PinnedForIndex[slot] = directory.InterfaceIndex;
        }
    }

    private void Complete(BrokenSnapshot broken, LinkId id, BtfData? functions, Lazy<Dictionary<LinkId, PinPlace>> pinned)
    {
        var link = kernel.Bpf.OpenLink(id);
        ProgramFd? program = null;
        var isKept = false;
        try
        {
            if (link is null || kernel.Bpf.GetInfo(link) is not { Type: TracingLinkType } info)
                return;
            program = kernel.Bpf.OpenProgram(info.ProgramId);
            if (program is null || kernel.Bpf.GetInfo(program).Type != ProgramType.Ext)
                return;
            var slot = info switch
            {
                { TargetObjectId: 0 } => SlotOf(broken, id, pinned.Value),
                _ when info.TargetObjectId == broken.Info.Id.Value => SlotOf(broken, functions?.Get<BtfFunc>(new BtfTypeId(info.TargetBtfTypeId))?.Name),
                _ => NoSlot,
            };
            if (slot == NoSlot || broken[slot] is not null)
                return;
            broken.Put(slot, _components.Describe(program, link, broken.Config.Slots[slot]));
            isKept = true;
        }
        finally
        {
            if (!isKept)
            {
                program?.Dispose();
                link?.Dispose();
            }
        }
    }

    // A kernel that does not say what a link replaces: its pin does, and without one it may be of any dispatcher.
    private int SlotOf(BrokenSnapshot broken, LinkId link, Dictionary<LinkId, PinPlace> pinned)
    {
        if (!pinned.TryGetValue(link, out var place))
        {
            throw new RefusedException(
                $"The chain of dispatcher {broken.Info.Id} cannot be mended: this kernel does not say which dispatcher a link belongs to (Linux 5.13 does), and link {link} is pinned in no chain. "
                + $"Nothing was changed; '{DetachCommand.For(kernel.NetworkNamespace, broken.InterfaceName, broken.Mode)}' takes it off, and from then on packets pass until its programs are loaded again.");
        }

        return place.Dispatcher == broken.Info.Id && place.Slot < broken.Config.Slots.Length ? place.Slot : NoSlot;
    }

    private static int SlotOf(BrokenSnapshot broken, string? function)
    {
        var count = broken.Config.Slots.Length;
        if (count == 1)
            return function == DispatcherNames.Entry || function == DispatcherNames.Stub(0) ? 0 : NoSlot;
        for (var slot = 0; slot < count; slot++)
        {
            if (function == DispatcherNames.Stub(slot))
                return slot;
        }

        return NoSlot;
    }

    private readonly record struct PinPlace(ProgramId Dispatcher, int Slot);
}
