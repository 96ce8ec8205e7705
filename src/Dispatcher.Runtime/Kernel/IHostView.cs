using System.Collections.Immutable;

namespace Dispatcher.Runtime.Kernel;

/// <summary>What other processes and network namespaces hold, as far as this process can see. It only reads.</summary>
/// <remarks>
/// A picture of a machine that goes on running, made of many reads: what is seen is there, and what is not seen may still
/// be there when <c>IsComplete</c> is false. Source: /proc, proc(5) "fdinfo", namespaces(7).
/// </remarks>
internal interface IHostView
{
    /// <summary>The processes that have programs or links open, this one included.</summary>
    HolderReading ReadHolders();

    /// <summary>What a process is called, at most 15 bytes. Null: it has ended, or is not to be seen. Source: /proc, "comm".</summary>
    string? ReadCommand(int processId);

    /// <summary>The XDP hooks of every network namespace that can be reached, the one of <see cref="IXdpHook"/> first.</summary>
    NamespaceReading ReadNamespaces();
}

/// <summary>Who has BPF objects open.</summary>
/// <param name="Holders">By process id.</param>
/// <param name="IsComplete">False: some process could not be looked into, or lives in a pid namespace that is not seen.</param>
internal sealed record HolderReading(ImmutableArray<ObjectHolder> Holders, bool IsComplete);

/// <summary>A process with BPF objects open.</summary>
/// <param name="ProcessId">In the pid namespace of this process.</param>
/// <param name="Command">Its name as the kernel has it, at most 15 bytes; escape it before printing.</param>
/// <param name="Programs">Programs it has an fd of.</param>
/// <param name="Links">Links it has an fd of.</param>
internal sealed record ObjectHolder(int ProcessId, string Command, ImmutableArray<ProgramId> Programs, ImmutableArray<LinkId> Links);

/// <summary>The hooks of the machine, by network namespace.</summary>
/// <param name="Namespaces">Each namespace once.</param>
/// <param name="IsComplete">False: some namespace is known to exist and could not be entered or read, or some process could not be looked into.</param>
internal sealed record NamespaceReading(ImmutableArray<NamespaceHooks> Namespaces, bool IsComplete);

/// <summary>The interfaces of one network namespace.</summary>
/// <param name="Name">How to name it to a user: a name under /run/netns, else a path that leads to it; null: the one of <see cref="IXdpHook"/>.</param>
/// <param name="Interfaces">With what is attached to them.</param>
internal sealed record NamespaceHooks(string? Name, ImmutableArray<InterfaceReading> Interfaces);
