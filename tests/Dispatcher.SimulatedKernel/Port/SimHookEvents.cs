using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Network;

namespace Dispatcher.SimulatedKernel.Port;

/// <summary>Notifications of rtnetlink.</summary>
internal sealed class SimHookEvents(SimProcess process) : SimPort(process), IHookEvents
{
    public IHookSubscription Subscribe(string lockFolder) =>
        Call(nameof(Subscribe), "", () => new Subscription(Process, Process.Open(new SimListener(Process.Network))));

    private sealed class Subscription(SimProcess process, SimHandle handle) : SimPort(process), IHookSubscription
    {
        private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
        private readonly HashSet<int> _own = [];
        private int _seen = process.Kernel.LockTakers.Count;

        private SimListener Listener => (SimListener)handle.Object;

        public HookNotice? Next(TimeSpan longest, CancellationToken cancellationToken)
        {
            var start = Kernel.Clock;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(handle.IsClosed, this);
                if (Call(nameof(Next), "", Listener.Take) is { } notice)
                    return notice;
                var left = longest == Timeout.InfiniteTimeSpan ? Look : longest - (Kernel.Clock - start);
                if (left <= TimeSpan.Zero)
                    return null;
                if (Kernel.OnBlocked is { } blocked)
                    blocked(Process, () => Listener.HasNotice);
                else
                    Process.Port.Pace.Wait(left < Look ? left : Look, cancellationToken);
            }
        }

        public bool FollowPins(int ifindex, string? folder) =>
            Call(nameof(FollowPins), folder ?? "", () => Listener.Follow(ifindex, folder is not null && Kernel.TellsRemovals && Kernel.BpfFs.IsOn(folder) ? folder : null));

        public bool FollowsPins(int ifindex) => Listener.Follows(ifindex);

        public bool SeesLockOpeners => true;

        public IDisposable BeginLooking() => new Looking(this, Kernel.LockTakers.Count);

        public HolderProcess? TakeLockOpener(bool isFresh)
        {
            var lately = Kernel.LockTakers.Index().Skip(_seen).Where(taken => !_own.Contains(taken.Index)).Select(taken => taken.Item).Where(taken => Kernel.Clock - taken.At < 2 * Look).Select(taken => taken.Process).Distinct().ToList();
            _seen = Kernel.LockTakers.Count;
            return lately is [var only] ? only : null;
        }

        public void Dispose() => handle.Dispose();

        private sealed class Looking(Subscription subscription, int since) : IDisposable
        {
            public void Dispose() => subscription._own.UnionWith(subscription.Kernel.LockTakers.Index().Skip(since)
                .Where(taken => taken.Item.Process.Id == subscription.Process.Pid).Select(taken => taken.Index));
        }
    }
}
