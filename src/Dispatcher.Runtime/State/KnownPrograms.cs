using System.Collections.Concurrent;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Remembers what was read of programs and cannot change while they are loaded: the config of a dispatcher, the full name of a component.</summary>
/// <remarks>
/// A program is known by id and load time, which no two programs share. Its BTF never changes, and the config map of a dispatcher is frozen (P-021).
/// What is not a dispatcher that we know is looked at again each time. Safe to use from several threads.
/// </remarks>
internal sealed class KnownPrograms
{
    private const int Most = 4096;

    private readonly ConcurrentDictionary<(ProgramId Id, ulong LoadTimeNs), DispatcherConfig> _configs = new();
    private readonly ConcurrentDictionary<(ProgramId Id, ulong LoadTimeNs), string> _names = new();

    /// <summary>As <see cref="DispatcherIdentity.Check"/>.</summary>
    public Mismatch? Check(IBpf bpf, ProgramInfo info, out DispatcherConfig? config)
    {
        if (_configs.TryGetValue((info.Id, info.LoadTimeNs), out config))
            return null;
        var mismatch = DispatcherIdentity.Check(bpf, info, out config);
        if (mismatch is null)
            Remember(_configs, info, config!);
        return mismatch;
    }

    /// <summary>The full function name of a program; the kernel's name of at most 15 bytes when BTF does not tell it.</summary>
    public string NameOf(IBpf bpf, ProgramInfo info)
    {
        if (!_names.TryGetValue((info.Id, info.LoadTimeNs), out var name))
            Remember(_names, info, name = FunctionNames.Expand(info.Name, ProgramBtf.TryRead(bpf, info)));
        return name;
    }

    private static void Remember<T>(ConcurrentDictionary<(ProgramId Id, ulong LoadTimeNs), T> known, ProgramInfo info, T what)
    {
        // Of programs that are gone nobody tells; a new beginning costs one look at each of the others.
        if (known.Count >= Most)
            known.Clear();
        known[(info.Id, info.LoadTimeNs)] = what;
    }
}
