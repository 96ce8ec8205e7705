using System.Runtime.CompilerServices;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Tests;

/// <content>Events.</content>
internal sealed partial class RecordedHost
{
    /// <summary>Events of watch; after the last one it waits to be cancelled.</summary>
    public IReadOnlyList<ChainEvent> Events { get; init; } = [];

    /// <summary>Interface of the last watch.</summary>
    public string? Watched { get; private set; }

    /// <summary>Options of the last watch.</summary>
    public WatchOptions? WatchOptions { get; private set; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChainEvent> WatchAsync(
        string? interfaceName, WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (Watched, WatchOptions) = (interfaceName, options);
        foreach (var change in await Answer(Events))
            yield return change;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
