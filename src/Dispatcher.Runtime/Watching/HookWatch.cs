using System.Collections.Immutable;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime.Watching;

/// <summary>Keeps a picture of hooks and tells what changes in it. For one thread at a time.</summary>
internal sealed class HookWatch : IDisposable
{
    // Bounds how long notifications are collected before something is read.
    private const int MostAtOnce = 1024;

    // More interfaces than that are read all at once.
    private const int MostReadOneByOne = 16;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    // An interface that moves is not there any more some time before the kernel says that it moved.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(2);

    // Who removes pins removes several, and the kernel frees their links a little later.
    private static readonly TimeSpan Removing = TimeSpan.FromMilliseconds(100);

    private readonly KernelPort _kernel;
    private readonly ChainQuery _query;
    private readonly HolderQuery _holders;
    private readonly OriginQuery _origins;
    private readonly PinPaths _paths;
    private readonly string? _name;
    private readonly TimeSpan _lookInterval;
    private readonly IHookSubscription _notices;
    private readonly SortedDictionary<int, WatchedInterface> _interfaces = [];
    private TimeSpan _nextLook;
    private int _turn;

    /// <summary>Starts to listen; nothing is read yet.</summary>
    /// <param name="kernel">The port.</param>
    /// <param name="query">Reads hooks.</param>
    /// <param name="holders">Finds what holds a foreign program.</param>
    /// <param name="origins">Finds who did it.</param>
    /// <param name="paths">Where pins are.</param>
    /// <param name="name">Interface; null: all.</param>
    /// <param name="lookInterval">Time between two looks without a notification.</param>
    public HookWatch(KernelPort kernel, ChainQuery query, HolderQuery holders, OriginQuery origins, PinPaths paths, string? name, TimeSpan lookInterval)
    {
        (_kernel, _query, _holders, _origins) = (kernel, query, holders, origins);
        (_paths, _name, _lookInterval) = (paths, name, lookInterval);
        _notices = kernel.Events.Subscribe(paths.Root);
    }

    /// <summary>Whether an interface that is not there yet is waited for.</summary>
    public bool WaitsForInterface { get; init; }

    /// <summary>Reads what is there; nothing when the interface is waited for.</summary>
    /// <exception cref="NotFoundException">No such interface, and it is not waited for.</exception>
    /// <exception cref="ContentionException">A hook went on changing until the deadline.</exception>
    public ImmutableArray<ChainEvent> Begin(CancellationToken cancellationToken)
    {
        PlanLook();
        // What we open while we look around, whoever changed something is not told by.
        using (_notices.BeginLooking())
        {
            foreach (var reading in _name is null ? _kernel.Hook.ReadAll() : ReadFirst(_name))
            {
                if (_query.ReadFresh(reading, cancellationToken) is { } hook)
                    Know(hook, reading);
                else if (_name is not null && !WaitsForInterface)
                    throw GoneInterface.Describe(_kernel, reading);
            }
        }

        return [.. _interfaces.Values.Where(found => found.Known is not null).Select(found => Tell(ChainEventKind.Observed, null, found.Known!, null))];
    }

    /// <summary>Waits for the next changes.</summary>
    /// <returns>At least one, by ifindex.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ImmutableArray<ChainEvent> Next(CancellationToken cancellationToken)
    {
        var events = ImmutableArray.CreateBuilder<ChainEvent>();
        while (events.Count == 0)
        {
            var round = Collect(cancellationToken);
            using var looking = _notices.BeginLooking();
            foreach (var index in Concerned(round))
                Update(index, round, events, cancellationToken);
        }

        return events.DrainToImmutable();
    }

    /// <summary>As <see cref="Begin"/>, on another thread.</summary>
    public Task<ImmutableArray<ChainEvent>> BeginAsync(CancellationToken cancellationToken) => Task.Run(() => Begin(cancellationToken), cancellationToken);

    /// <summary>As <see cref="Next"/>, on another thread: it waits for as long as nothing happens, so not on one of the pool.</summary>
    public Task<ImmutableArray<ChainEvent>> NextAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => Next(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Takes over what the reader knows of a hook, by a change of its own: the next event of it begins there.</summary>
    /// <param name="hook">As it was read or left, later than the last event of it.</param>
    public void Assume(HookStatus hook)
    {
        if (KnownOf(hook.InterfaceIndex) is not null)
            Know(hook);
    }

    /// <summary>The reader could not find out how a hook is now: what is read of it next is an event, whatever it was before.</summary>
    public void Doubt(int ifindex) => At(ifindex).Doubt();

    /// <inheritdoc/>
    public void Dispose() => _notices.Dispose();

    private HookStatus? KnownOf(int ifindex) => _interfaces.GetValueOrDefault(ifindex)?.Known;

    private WatchedInterface At(int ifindex)
    {
        if (!_interfaces.TryGetValue(ifindex, out var found))
            _interfaces.Add(ifindex, found = new WatchedInterface());
        return found;
    }

    private void Know(HookStatus hook, InterfaceReading reading)
    {
        At(hook.InterfaceIndex).IsUp = reading.IsUp;
        Know(hook);
    }

    private void Know(HookStatus hook)
    {
        var known = At(hook.InterfaceIndex);
        known.Know(hook);
        var folder = FolderOf(hook);
        _notices.FollowPins(hook.InterfaceIndex, folder);
        // What was removed after it was read and before it was followed is not told.
        if (hook.Chain is { } chain && !PinnedDirectory.IsComplete(_kernel.Files, folder!, chain.Programs.Length))
            known.Suspect();
    }

    private string? FolderOf(HookStatus hook) => (hook.Chain?.DispatcherId ?? hook.Broken?.DispatcherId) is { } id ? _paths.DirectoryOf(hook.InterfaceIndex, id) : null;

    private ImmutableArray<InterfaceReading> ReadFirst(string name) =>
        !WaitsForInterface ? [_query.FindInterface(name)] : _kernel.Hook.Read(name) is { } there ? [there] : [];

    // Everything that was told, so that an interface is read once for many notifications; nothing when it is time to look.
    private WatchRound Collect(CancellationToken cancellationToken)
    {
        var round = new WatchRound();
        var notice = _notices.Next(TimeSpan.Zero, cancellationToken);
        var isLate = notice is not null;
        notice ??= _notices.Next(UntilLook(), cancellationToken);
        var isTold = notice is not null;
        // Who holds the lock is asked at once: who comes late finds somebody else.
        if (isTold && !isLate && !_notices.SeesLockOpeners)
            round.LockHolder = _origins.FindLockHolder();

        var isRemoval = notice is { Kind: HookNoticeKind.PinsRemoved };
        var end = _kernel.Pace.Now + Again;
        for (var count = 1; notice is { } one; count++)
        {
            round.Add(one);
            notice = count < MostAtOnce ? _notices.Next(isRemoval && _kernel.Pace.Now < end ? Removing : TimeSpan.Zero, cancellationToken) : null;
        }

        // Who took it is known however late it is: all who did since the last time, so that one is named only when there was one.
        if (isTold && _notices.SeesLockOpeners)
            round.LockHolder = _notices.TakeLockOpener(isFresh: !isLate);

        if (_kernel.Pace.Now >= _nextLook || round.HasLost)
        {
            round.IsThorough = true;
            PlanLook();
        }

        return round;
    }

    private IEnumerable<int> Concerned(WatchRound round)
    {
        var indexes = new SortedSet<int>(round.Indexes);
        indexes.UnionWith(_interfaces.Where(found => found.Value.IsUnsettled).Select(found => found.Key));
        if (round.IsThorough)
            indexes.UnionWith(MayHaveChanged(round));
        if (_name is null)
        {
            if (round.IsThorough && (round.HasLost || indexes.Count > MostReadOneByOne))
                round.Readings = _kernel.Hook.ReadAll().ToDictionary(reading => reading.Index);
            if (round.HasLost)
                indexes.UnionWith(round.Readings!.Keys);
            return indexes;
        }

        indexes.IntersectWith(_interfaces.Keys);
        return indexes.Concat(Successor());
    }

    // Of what was not told. A chain of which everything is told stands for all others of its kind: one of them is looked at, each in its turn.
    private IEnumerable<int> MayHaveChanged(WatchRound round)
    {
        var told = _interfaces.Where(found => IsTold(found.Key, found.Value)).ToList();
        if (round.HasLost || told.Count == 0)
            return _interfaces.Keys;
        var (index, watched) = told[_turn++ % told.Count];
        if (_notices.FollowPins(index, FolderOf(watched.Known!)))
            return _interfaces.Keys.Except(told.Select(found => found.Key)).Append(index);
        watched.Suspect();
        return _interfaces.Keys;
    }

    // No bpf_link takes a hook that netlink gave to somebody, and what netlink changes is told of an interface that is up.
    private bool IsTold(int index, WatchedInterface watched) => watched is { Known.Chain: not null, IsUp: true } && _notices.FollowsPins(index);

    // Asked for when all that is known has been looked at: the interface that is watched may have gone just now.
    private IEnumerable<int> Successor()
    {
        if (_interfaces.Count == 0 && _kernel.Hook.Read(_name!) is { } successor)
            yield return successor.Index;
    }

    private void Update(int index, WatchRound round, ImmutableArray<ChainEvent>.Builder events, CancellationToken cancellationToken)
    {
        var watched = At(index);
        Update(index, watched, round, events, cancellationToken);
        if (watched.IsForgotten)
            _interfaces.Remove(index);
    }

    private void Update(int index, WatchedInterface watched, WatchRound round, ImmutableArray<ChainEvent>.Builder events, CancellationToken cancellationToken)
    {
        var before = watched.Known;
        if (!TryRead(index, watched, round, out var after, cancellationToken))
            return;
        if (after is null)
        {
            if (before is null || AwaitsWord(index, watched, round))
                return;
            watched.Forget();
            _notices.FollowPins(index, null);
            events.Add(TellGone(before, round));
            return;
        }

        Know(after);
        if (after.Broken is not null && round.PinsRemoved.Contains(index))
            watched.IsUnsettled = true;
        if (before is null)
        {
            events.Add(Tell(ChainEventKind.InterfaceAppeared, null, after, round));
            return;
        }

        if (before.InterfaceName != after.InterfaceName)
            events.Add(Tell(ChainEventKind.InterfaceRenamed, before, before with { InterfaceName = after.InterfaceName }, null));
        if (HookComparison.Compare(before, after) is { } kind)
            events.Add(Tell(kind, before, after, round));
        else if (watched.IsDoubted)
            events.Add(Tell(ChainEventKind.Observed, null, after, round));
        watched.Told();
    }

    // Whether it has gone, and the kernel has not said yet whether it moved: it is looked for again later.
    private bool AwaitsWord(int index, WatchedInterface watched, WatchRound round)
    {
        var since = watched.Miss(_kernel.Pace.Now);
        return watched.IsUnsettled = !round.Gone.Contains(index) && !round.HasLost && _kernel.Pace.Now - since < LongestSilence;
    }

    // False: it does not stand still, so it is read again later. Null: no such interface.
    private bool TryRead(int index, WatchedInterface watched, WatchRound round, out HookStatus? status, CancellationToken cancellationToken)
    {
        status = null;
        var isSuspected = watched.Settle();
        if ((round.Readings is { } all ? all.GetValueOrDefault(index) : _kernel.Hook.Read(index)) is not { } reading)
            return true;
        watched.IsUp = reading.IsUp;
        var isLookedInto = isSuspected || (!reading.Attached.IsEmpty && round.PinsRemoved.Contains(index));
        if (watched.Known is { } before && !isLookedInto && HookComparison.IsStill(before, reading) && (!round.IsThorough || IsAsKnown(before, round)))
        {
            status = before with { InterfaceName = reading.Name };
            return true;
        }

        try
        {
            status = _query.Read(reading, cancellationToken);
            return true;
        }
        catch (ContentionException)
        {
            watched.Suspect();
            return false;
        }
    }

    // Of a hook that holds what it held: a chain whose pins are followed can have lost none unnoticed.
    private bool IsAsKnown(HookStatus hook, WatchRound round) =>
        hook.IsEmpty || (!round.HasLost && hook.Chain is not null && _notices.FollowPins(hook.InterfaceIndex, FolderOf(hook)));

    private ChainEvent Tell(ChainEventKind kind, HookStatus? before, HookStatus after, WatchRound? round)
    {
        var time = _kernel.Pace.UtcNow;
        var origin = kind is ChainEventKind.InterfaceRenamed or ChainEventKind.ChainBroken ? null : _origins.Describe(after, IsByProtocol(before, after) ? round?.LockHolder : null);
        var shown = kind == ChainEventKind.HookTaken && after.Foreign is { } foreign
            ? after with { Foreign = foreign with { Holder = _holders.Find(after.InterfaceName, foreign) } }
            : after;
        return new ChainEvent(kind, time, after.InterfaceName, after.InterfaceIndex, before, shown) { Origin = origin };
    }

    // A stranger neither comes nor goes by it, and neither do pins.
    private static bool IsByProtocol(HookStatus? before, HookStatus after) => after is { Foreign: null, Broken: null } && !(after.IsEmpty && before?.Foreign is not null);

    private ChainEvent TellGone(HookStatus before, WatchRound round)
    {
        var isMoved = round.Moves.TryGetValue(before.InterfaceIndex, out var address);
        return new ChainEvent(
            isMoved ? ChainEventKind.InterfaceMoved : ChainEventKind.InterfaceGone, _kernel.Pace.UtcNow, before.InterfaceName, before.InterfaceIndex, before, null)
        {
            MovedTo = isMoved
                ? new MovedInterface(address.NamespaceId, address.Index, GoneInterface.FindElsewhere(_kernel, before, address.Index))
                : null,
        };
    }

    private void PlanLook() => _nextLook = _lookInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : _kernel.Pace.Now + _lookInterval;

    private TimeSpan UntilLook()
    {
        if (_interfaces.Values.Any(found => found.IsUnsettled))
            return Again;
        if (_nextLook == TimeSpan.MaxValue)
            return Timeout.InfiniteTimeSpan;
        var left = _nextLook - _kernel.Pace.Now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
