using System.Collections.Concurrent;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.State;

/// <summary>Remembers what was read of programs and cannot change while they are loaded: the config of a dispatcher, the full name of a component.</summary>
/// <remarks>
/// A program is known by id and load time, which no two programs share. Its BTF never changes, and the config map of a dispatcher is frozen (P-021).
/// What this process loaded itself it knows from then on; what is not a dispatcher that we know is looked at again each time. Safe to use from several threads.
/// </remarks>
internal sealed class KnownPrograms
{
    private const int Most = 4096;

    private readonly ConcurrentDictionary<(ProgramId Id, ulong LoadTimeNs), DispatcherConfig> _configs = new();
    private readonly ConcurrentDictionary<(ProgramId Id, ulong LoadTimeNs), string> _names = new();
    private readonly ConcurrentDictionary<(ProgramId Id, ulong LoadTimeNs), PlannedFrom> _chains = new();

    /// <summary>As <see cref="DispatcherIdentity.Check"/>.</summary>
    public Mismatch? Check(IBpf bpf, ProgramInfo info, out DispatcherConfig? config)
    {
        if (_configs.TryGetValue((info.Id, info.LoadTimeNs), out config))
            return null;
        var mismatch = DispatcherIdentity.Check(bpf, info, out config);
        if (mismatch is null)
            Remember(info, config!);
        return mismatch;
    }

    /// <summary>The full function name of a program; the kernel's name of at most 15 bytes when BTF does not tell it.</summary>
    public string NameOf(IBpf bpf, ProgramInfo info)
    {
        if (!_names.TryGetValue((info.Id, info.LoadTimeNs), out var name))
            Remember(info.Id, info.LoadTimeNs, name = FunctionNames.Expand(info.Name, ProgramBtf.TryRead(bpf, info)));
        return name;
    }

    /// <summary>
    /// The chain of a dispatcher, when it was read or made by this process; null: it was not. It says what was put into the slots, not whether the pins of
    /// it are there still, so it is for foreseeing what a change leads to, not for making one.
    /// </summary>
    public PlannedFrom? ChainOf(ProgramInfo dispatcher) => _chains.GetValueOrDefault((dispatcher.Id, dispatcher.LoadTimeNs));

    /// <summary>Takes down a chain that was read.</summary>
    public void Remember(ProgramInfo dispatcher, PlannedFrom chain) => Remember(_chains, dispatcher.Id, dispatcher.LoadTimeNs, chain);

    /// <summary>Takes down a dispatcher that this process loaded.</summary>
    public void Remember(ProgramInfo dispatcher, DispatcherConfig config) => Remember(_configs, dispatcher.Id, dispatcher.LoadTimeNs, config);

    /// <summary>Takes down a component that this process loaded.</summary>
    public void Remember(ProgramId component, ulong loadTimeNs, string name) => Remember(_names, component, loadTimeNs, name);

    private static void Remember<T>(ConcurrentDictionary<(ProgramId Id, ulong LoadTimeNs), T> known, ProgramId id, ulong loadTimeNs, T what)
    {
        // Of programs that are gone nobody tells; a new beginning costs one look at each of the others.
        if (known.Count >= Most)
            known.Clear();
        known[(id, loadTimeNs)] = what;
    }
}
