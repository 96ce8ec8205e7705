using System.Collections.Immutable;
using System.IO.Enumeration;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime;

/// <content>One change on many interfaces.</content>
public sealed partial class XdpDispatcher
{
    /// <summary>
    /// Makes one change on several interfaces. Components are verified once, and chains that become the same share one dispatcher, so what the kernel
    /// holds does not grow with the interfaces; a later change of one of them concerns that one only.
    /// </summary>
    /// <remarks>Each interface is changed in one step of its own. Whoever dies on the way leaves each with a whole chain, the old or the new one.</remarks>
    /// <param name="interfaceNames">Interfaces in the network namespace of the options; see <see cref="FindInterfacesAsync"/> for patterns. None: nothing is done.</param>
    /// <param name="request">What to change.</param>
    /// <param name="options">Null: all or none.</param>
    /// <param name="cancellationToken">What was changed by then is put back, or stays, as the options say.</param>
    /// <returns>What became of each interface. A failure is in there, and thrown is only what has nothing to do with interfaces.</returns>
    public Task<BatchResult> ApplyToAllAsync(
        IReadOnlyList<string> interfaceNames, ChangeRequest request, BatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        CheckBatch(interfaceNames, request);
        return ChangeThread.Run(() => ApplyToAll(interfaceNames, request, options ?? new BatchOptions(), cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Says what a change of several interfaces would do to each as it is now, and where it would be refused; each is looked at by itself, whatever becomes of
    /// the others. Components are verified once and let go again; nothing is pinned, and nothing on the interfaces changes.
    /// </summary>
    /// <param name="interfaceNames">Interfaces in the network namespace of the options; see <see cref="FindInterfacesAsync"/> for patterns.</param>
    /// <param name="request">What to change.</param>
    /// <param name="cancellationToken">Stops waiting for a chain that is being changed.</param>
    /// <returns>In the order of the names. A refusal is in there, and thrown is only what has nothing to do with interfaces.</returns>
    public Task<ImmutableArray<InterfacePlan>> PlanForAllAsync(
        IReadOnlyList<string> interfaceNames, ChangeRequest request, CancellationToken cancellationToken = default)
    {
        CheckBatch(interfaceNames, request);
        return Task.Run(() => _batchRehearsal.Run([.. interfaceNames.Distinct(StringComparer.Ordinal)], request, cancellationToken), cancellationToken);
    }

    /// <summary>Names of the interfaces that a pattern means, by ifindex.</summary>
    /// <param name="pattern">A name, or one with <c>*</c> (any characters) and <c>?</c> (one character).</param>
    /// <param name="cancellationToken">Not looked at once it runs: it is one question to the kernel.</param>
    public Task<ImmutableArray<string>> FindInterfacesAsync(string pattern, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return Task.Run(
            () => _kernel.Hook.ReadAll().OrderBy(found => found.Index).Select(found => found.Name)
                .Where(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)).ToImmutableArray(),
            cancellationToken);
    }

    internal BatchResult ApplyToAll(
        IReadOnlyList<string> interfaceNames, ChangeRequest request, BatchOptions options, CancellationToken cancellationToken) =>
        _batches.Run([.. interfaceNames.Distinct(StringComparer.Ordinal)], request, options, cancellationToken);

    private static void CheckBatch(IReadOnlyList<string> interfaceNames, ChangeRequest request)
    {
        ArgumentNullException.ThrowIfNull(interfaceNames);
        ArgumentNullException.ThrowIfNull(request);
        foreach (var name in interfaceNames)
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(interfaceNames));
    }
}
