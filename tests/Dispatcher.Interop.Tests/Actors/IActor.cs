using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Actors;

/// <summary>An application that shares hooks with others: ours, libxdp in process, or an xdp-loader.</summary>
internal interface IActor : IDisposable
{
    /// <summary>Implementation and release, for example <c>libxdp 1.3.1</c>.</summary>
    string Name { get; }

    /// <summary>Attaches components of <c>bpf/</c> in one call.</summary>
    /// <param name="interfaceName">Interface in the actor's network namespace.</param>
    /// <param name="wish">Which components and how.</param>
    LineAnswer Attach(string interfaceName, AttachWish wish);

    /// <summary>Detaches programs by id; none named: all.</summary>
    LineAnswer Detach(string interfaceName, params uint[] ids);

    /// <summary>Lists the chain as this implementation reads it.</summary>
    LineAnswer List(string interfaceName);
}

/// <summary>What is to be attached.</summary>
/// <param name="Components">Names of objects in <c>bpf/</c>, or full paths.</param>
internal sealed record AttachWish(params IReadOnlyList<string> Components)
{
    /// <summary>Run priority of all of them; null: as their run config says.</summary>
    public uint? Priority { get; init; }

    /// <summary>Mode of a first attach: <c>native</c>, <c>skb</c>, or <c>-</c> for the kernel's choice.</summary>
    public string Mode { get; init; } = "-";
}
