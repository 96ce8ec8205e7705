using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Cleaning;

/// <summary>Who uses dispatchers on this machine: the evidence by which a directory is found dead.</summary>
/// <remarks>
/// Holders are read before hooks. A peer that pinned and let go of the lock holds its dispatcher until it has attached
/// it: either it is seen holding, or it has attached and is seen on the hook. The other way round it could slip through.
/// </remarks>
internal sealed class HostPicture
{
    private readonly HolderReading _holders;
    private readonly NamespaceReading _namespaces;

    private HostPicture(HolderReading holders, NamespaceReading namespaces)
    {
        _holders = holders;
        _namespaces = namespaces;
    }

    /// <summary>Whether every process that there is was looked into.</summary>
    public bool SeesAllProcesses => _holders.IsComplete;

    /// <summary>Whether every network namespace that there is was looked into.</summary>
    public bool SeesAllNamespaces => _namespaces.IsComplete;

    /// <summary>Looks around. The caller holds the lock, and no fd of what it wants to judge.</summary>
    public static HostPicture Take(IHostView host)
    {
        var holders = host.ReadHolders();
        return new HostPicture(holders, host.ReadNamespaces());
    }

    /// <summary>Where a dispatcher is attached, in any namespace.</summary>
    public IEnumerable<Attachment> AttachmentsOf(ProgramId dispatcher) =>
        from space in _namespaces.Namespaces
        from found in space.Interfaces
        where found.Attached.Any(attached => attached.ProgramId == dispatcher)
        select new Attachment(space.Name, found);

    /// <summary>A process that has the dispatcher or one of these links open. Null: none is seen.</summary>
    public ObjectHolder? HolderOf(ProgramId dispatcher, IReadOnlyCollection<LinkId> links) =>
        _holders.Holders.FirstOrDefault(holder => holder.Programs.Contains(dispatcher) || holder.Links.Any(links.Contains));
}

/// <summary>An interface that a dispatcher is attached to.</summary>
/// <param name="Namespace">Null: the one of the port.</param>
/// <param name="Interface">As it was read there.</param>
internal sealed record Attachment(string? Namespace, InterfaceReading Interface)
{
    /// <summary>Whether a directory is the one for this interface.</summary>
    public bool IsFor(PinDirectory directory) => Interface.Index == directory.InterfaceIndex;

    /// <summary>For a sentence.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Printable.Escape(Interface.Name)}{(Namespace is null ? "" : $" in network namespace {Printable.Escape(Namespace)}")}");
}
