using System.Runtime.CompilerServices;
using Dispatcher.Runtime.Watching;

namespace Dispatcher.Runtime;

/// <content>Watching hooks for changes.</content>
public sealed partial class XdpDispatcher
{
    /// <summary>
    /// Tells of changes of hooks and interfaces, whoever makes them: first what is there (<see cref="ChainEventKind.Observed"/>), then each change, until cancelled.
    /// </summary>
    /// <param name="interfaceName">
    /// Interface in the network namespace of the options. It is followed when it gets another name; when it is gone, the next one of this name is
    /// watched. Null: all interfaces, those to come included.
    /// </param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Ends it, by throwing.</param>
    /// <returns>
    /// Events in order, for one reader. A slow reader gets fewer events, each from the picture that it was told last to the one that is there: nothing
    /// piles up, and the last event always shows what is there.
    /// </returns>
    /// <exception cref="ArgumentException">An empty name, or an option is out of range.</exception>
    /// <exception cref="NotFoundException">While reading: no such interface when the watch begins.</exception>
    /// <exception cref="ContentionException">While reading: a hook went on changing until the deadline when the watch begins.</exception>
    /// <exception cref="KernelException">While reading: a hook cannot be read, EPERM without CAP_BPF or CAP_SYS_ADMIN.</exception>
    /// <remarks>
    /// It waits for notifications of the kernel, on a thread of its own while somebody reads. What the kernel does not tell is found by looking, every
    /// <see cref="WatchOptions.LookInterval"/>. It changes nothing, and takes the lock only to be sure that a chain is broken.
    /// Kernel: RTNLGRP_LINK.
    /// </remarks>
    /// <example>
    /// What is there and what changes are told apart; whoever wants only the state reads <see cref="ChainEvent.After"/> of every event.
    /// <code>
    /// await foreach (var change in dispatcher.WatchAsync("eth0"))
    /// {
    ///     if (change.Kind == ChainEventKind.Observed)
    ///         Console.WriteLine($"there: {string.Join(", ", change.After?.Chain?.Programs.Select(program =&gt; program.Name) ?? [])}");
    ///     foreach (var program in change.Joined)
    ///         Console.WriteLine($"joined: {program.Name}");
    ///     foreach (var program in change.Left)
    ///         Console.WriteLine($"left: {program.Name}");
    /// }
    /// </code>
    /// </example>
    public IAsyncEnumerable<ChainEvent> WatchAsync(
        string? interfaceName = null, WatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (interfaceName is not null)
            ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        options ??= new WatchOptions();
        options.Check();
        return ReadEvents(interfaceName, options.LookInterval, cancellationToken);
    }

    private async IAsyncEnumerable<ChainEvent> ReadEvents(
        string? interfaceName, TimeSpan lookInterval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watch = await OpenWatchAsync(interfaceName, lookInterval, waitsForInterface: false, cancellationToken).ConfigureAwait(false);
        foreach (var observed in await watch.BeginAsync(cancellationToken).ConfigureAwait(false))
            yield return observed;
        while (true)
        {
            foreach (var change in await watch.NextAsync(cancellationToken).ConfigureAwait(false))
                yield return change;
        }
    }

    /// <summary>Starts to listen for changes; see <see cref="WatchAsync"/>.</summary>
    internal Task<HookWatch> OpenWatchAsync(string? interfaceName, TimeSpan lookInterval, bool waitsForInterface, CancellationToken cancellationToken) => Task.Run(
        () => new HookWatch(_kernel, _query, _holders, new OriginQuery(_kernel, _paths), _paths, interfaceName, lookInterval) { WaitsForInterface = waitsForInterface }, cancellationToken);
}
