using Dispatcher.Runtime.DependencyInjection;

namespace Dispatcher.Runtime;

/// <summary>How hooks are watched.</summary>
public sealed class WatchOptions
{
    /// <summary>
    /// How often to look at hooks without a notification, for what the kernel does not tell: a program attached, exchanged or taken off by a bpf_link,
    /// any change on an interface that is down; and pins that are removed, where inotify cannot be had. Hooks where none of that can happen take turns, one at each
    /// look. 0.1 s to 1 day; default: 10 s. <see cref="Timeout.InfiniteTimeSpan"/>: never.
    /// </summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal void Check()
    {
        if (DurationRule.RefuseLook(nameof(LookInterval), LookInterval) is { } refused)
            throw new ArgumentException(refused);
    }
}
