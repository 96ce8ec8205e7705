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

    private readonly Recent<(ProgramId Id, ulong LoadTimeNs), DispatcherConfig> _configs = new(Most);
    private readonly Recent<(ProgramId Id, ulong LoadTimeNs), string> _names = new(Most);
    private readonly Recent<(ProgramId Id, ulong LoadTimeNs), PlannedFrom> _chains = new(Most);

    /// <summary>As <see cref="DispatcherIdentity.Check"/>.</summary>
    public Mismatch? Check(IBpf bpf, ProgramInfo info, out DispatcherConfig? config)
    {
        if (_configs.TryFind((info.Id, info.LoadTimeNs), out config))
            return null;
        var mismatch = DispatcherIdentity.Check(bpf, info, out config);
        if (mismatch is null)
            _configs.Keep((info.Id, info.LoadTimeNs), config!);
        return mismatch;
    }

    /// <summary>The full function name of a program; the kernel's name of at most 15 bytes when BTF does not tell it.</summary>
    public string NameOf(IBpf bpf, ProgramInfo info) => _names.TryFind((info.Id, info.LoadTimeNs), out var name)
        ? name
        : _names.Keep((info.Id, info.LoadTimeNs), FunctionNames.Expand(info.Name, ProgramBtf.TryRead(bpf, info)));

    /// <summary>
    /// The chain of a dispatcher, when it was read or made by this process; null: it was not. It says what was put into the slots, not whether the pins of
    /// it are there still, so it is for foreseeing what a change leads to, not for making one.
    /// </summary>
    public PlannedFrom? ChainOf(ProgramInfo dispatcher) => _chains.TryFind((dispatcher.Id, dispatcher.LoadTimeNs), out var chain) ? chain : null;

    /// <summary>Takes down a chain that was read.</summary>
    public void Remember(ProgramInfo dispatcher, PlannedFrom chain) => _chains.Keep((dispatcher.Id, dispatcher.LoadTimeNs), chain);

    /// <summary>Takes down what this process has put on a hook, so that its next change need not read it back.</summary>
    public void RememberOwn(ProgramInfo dispatcher, DispatcherConfig config, ChainPlan plan)
    {
        _configs.Keep((dispatcher.Id, dispatcher.LoadTimeNs), config);
        Remember(dispatcher, plan.AsFound(config));
        foreach (var component in plan.Components)
            _names.Keep((component.Id, component.LoadTimeNs), component.Name);
    }
}
