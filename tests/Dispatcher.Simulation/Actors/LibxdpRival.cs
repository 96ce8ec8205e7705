using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;
using Dispatcher.Runtime.State;
using Dispatcher.Runtime.Transactions;
using Dispatcher.Simulation.Engine;
using Dispatcher.SimulatedKernel;
using Dispatcher.SimulatedKernel.Network;

namespace Dispatcher.Simulation.Actors;

/// <summary>
/// libxdp's algorithm, with what its releases do that the protocol does not ask for: the lock is held for each pin
/// operation and let go of in between, so that the swap is made without it; a first attach that finds the hook taken gives
/// up; pins that vanish while it reads make a chain "legacy"; a chain of a lower version than its own is not changed; the
/// clean-up removes whatever is not on a hook, pinned a moment ago or not; unpinning gives up at the first pin that is gone.
/// </summary>
/// <remarks>Source: libxdp.c at 1.3.1 and 1.6.3, read; docs/protocol.md, "Known deviations", has what was measured.</remarks>
internal sealed class LibxdpRival(SimProcess process, Ledger ledger, Func<Strand> strandOf, SimNetwork network, Part part)
{
    private static readonly TimeSpan WithoutLimit = TimeSpan.FromDays(1);
    private readonly KernelPort _kernel = process.Port;
    private readonly PinPaths _paths = new("/sys/fs/bpf");
    private readonly DispatcherVersion _writes = part == Part.Libxdp16 ? DispatcherVersion.V3 : DispatcherVersion.V2;

    /// <summary>What the process does.</summary>
    public void Act(IReadOnlyList<Intent> intents)
    {
        foreach (var intent in intents)
        {
            var deed = ledger.Open(strandOf(), intent, isOurs: false);
            try
            {
                CarryOut(intent, network.Find(intent.Interface).Read());
            }
            catch (Exception refused) when (refused is RefusalException or DispatcherException or SysError)
            {
                deed.Error = refused;
            }

            deed.Ended = process.Kernel.Clock;
        }
    }

    private void CarryOut(Intent intent, InterfaceReading target)
    {
        switch (intent)
        {
            case AttachIntent attach:
                Attach(attach, target);
                break;
            case DetachIntent detach:
                while (!Change(target, null, detach))
                {
                }

                break;
            case CleanIntent:
                Clean();
                break;
        }
    }

    private void Attach(AttachIntent intent, InterfaceReading target)
    {
        var verified = new ComponentVerifier(_kernel).LoadAll([Components.Make(intent.Component, intent.Priority)], null, target);
        verified.Spare.Dispose();
        var loaded = verified.Components;
        try
        {
            while (!Change(target, loaded, intent))
            {
            }
        }
        finally
        {
            foreach (var component in loaded)
                component.Dispose();
        }
    }

    // One attempt. False: EAGAIN, the chain that was read is no longer there.
    private bool Change(InterfaceReading target, ImmutableArray<LoadedComponent>? newcomers, Intent intent)
    {
        using var reading = ReadUnderLock(target.Index);
        var snapshot = (reading as HookReading.Chain)?.Snapshot;
        if (snapshot is null && (newcomers is null || reading is not HookReading.Empty))
            throw new RefusalException(reading is HookReading.Empty ? KernelErrno.ENOENT : KernelErrno.EBUSY);
        if (snapshot is not null && snapshot.Config.Version > _writes)
            throw new RefusalException(KernelErrno.EOPNOTSUPP);
        var removesAll = intent is DetachIntent detach && snapshot!.Components.All(component => detach.Removes(component.Name));
        if (snapshot is not null && snapshot.Config.Version < _writes && !removesAll)
            throw new RefusalException(KernelErrno.EBUSY);
        return removesAll ? Empty(target, snapshot!) : Rebuild(target, snapshot, newcomers, intent);
    }

    private bool Empty(InterfaceReading target, ChainSnapshot snapshot)
    {
        if (_kernel.Hook.Swap(target.Index, null, HookExpectation.Holds(snapshot.Dispatcher), AttachMode.Unspecified).Result != SwapResult.Swapped)
            return false;
        UnderLock(() => Unpin(snapshot.PinDirectory));
        return true;
    }

    private bool Rebuild(InterfaceReading target, ChainSnapshot? snapshot, ImmutableArray<LoadedComponent>? newcomers, Intent intent)
    {
        var from = snapshot is null ? null : new PlannedFrom(snapshot.Config.Version, snapshot.Mode,
            [.. snapshot.Components.Select(old => new PlannedComponent(old.Info.Id, old.Name, old.Info.Tag, old.Info.LoadTimeNs, true, 0, old.Policy))]);
        var plan = newcomers is { } added
            ? ChainPlanner.Attach(from, [.. added.Select(item => item.ToPlanned())], new AttachOptions { Protocol = from is null ? _writes : null })
            : ChainPlanner.Detach(from!, ComponentSelection.ByName(((DetachIntent)intent).Component!));
        ProgramFd ProgramOf(ProgramId id) =>
            newcomers?.FirstOrDefault(item => item.Info.Id == id)?.Program ?? snapshot!.Components.First(old => old.Info.Id == id).Program;
        using var revision = Revision.Build(_kernel, plan, target, ProgramOf, null);
        using var pins = new RevisionPins(_kernel.Files, revision, ProgramOf, _ => { });
        UnderLock(() =>
        {
            if (!pins.TryPin(_paths.DirectoryOf(target.Index, revision.Info.Id)))
                throw new RefusalException(KernelErrno.ENOENT);
        });
        var expected = snapshot is null ? HookExpectation.Empty : HookExpectation.Holds(snapshot.Dispatcher);
        if (_kernel.Hook.Swap(target.Index, revision.Dispatcher, expected, AttachMode.Unspecified).Result != SwapResult.Swapped)
        {
            pins.Keep();
            UnderLock(() => Unpin(_paths.DirectoryOf(target.Index, revision.Info.Id)));
            return snapshot is null ? throw new RefusalException(KernelErrno.EBUSY) : false;
        }

        pins.Keep();
        if (snapshot is not null)
            UnderLock(() => Unpin(snapshot.PinDirectory));
        return true;
    }

    // The program id first and without the lock; by the time the pins are read another chain may be there.
    private HookReading ReadUnderLock(int ifindex)
    {
        var reading = _kernel.Hook.Read(ifindex) ?? throw new RefusalException(KernelErrno.ENODEV);
        using (TakeLock())
            return new HookReader(_kernel, _paths, new KnownPrograms()).Read(reading);
    }

    private void Clean() => UnderLock(() =>
    {
        foreach (var found in (_kernel.Files.List(_paths.Root) ?? []).Select(_paths.Parse).OfType<PinDirectory>())
        {
            var attached = _kernel.Hook.Read(found.InterfaceIndex)?.Attached ?? [];
            if (attached.All(program => program.ProgramId != found.Dispatcher))
                Unpin(found.Path);
        }
    });

    private void Unpin(string directory)
    {
        foreach (var name in _kernel.Files.List(directory) ?? [])
        {
            if (!_kernel.Files.Unpin($"{directory}/{name}"))
                return;
        }

        _kernel.Files.RemoveDirectory(directory);
    }

    private void UnderLock(Action action)
    {
        using (TakeLock())
            action();
    }

    private IDisposable TakeLock() => _kernel.Files.WaitForLock(_paths.Root, WithoutLimit, CancellationToken.None)!;

    /// <summary>What libxdp answers with.</summary>
    private sealed class RefusalException(int errno) : Exception($"errno {errno}");
}
