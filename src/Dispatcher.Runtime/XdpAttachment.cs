using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime;

/// <summary>A program in a chain, to be found again whatever others make of the chain: slot and dispatcher change under it, this does not.</summary>
/// <remarks>
/// Holds the program open, so that its id cannot become another one's, and its maps can be opened. Disposing lets go of it and
/// detaches nothing (after that, what asks for the program throws <see cref="ObjectDisposedException"/>): the program runs on, and <see cref="XdpDispatcher.FindAsync"/> finds it again, from another process too.
/// Safe to use from several threads.
/// </remarks>
public sealed class XdpAttachment : IDisposable
{
    private readonly XdpDispatcher _dispatcher;
    private readonly KernelPort _kernel;
    private readonly InterfaceReading _target;
    private readonly Lock _gate = new();
    private ProgramFd _fd;
    private bool _isDisposed;
    private AttachMode _mode;
    private DispatcherVersion? _version;
    private ComponentStatus _lastSeen;

    internal XdpAttachment(XdpDispatcher dispatcher, KernelPort kernel, HookStatus hook, ProgramFd fd, ComponentStatus program)
    {
        _dispatcher = dispatcher;
        _kernel = kernel;
        _target = new InterfaceReading(hook.InterfaceIndex, hook.InterfaceName, 0, []);
        _fd = fd;
        _mode = hook.Mode ?? AttachMode.Unspecified;
        _version = hook.Chain?.Version;
        _lastSeen = program;
    }

    /// <summary>Name of the interface when this was made; it is found by its index, and may have been renamed since.</summary>
    public string InterfaceName => _target.Name;

    /// <summary>Program id; another one after <see cref="ReplaceAsync"/>, and after <see cref="FollowAsync"/> found a successor.</summary>
    public ProgramId Id => _lastSeen.Id;

    /// <summary>Function name.</summary>
    public string Name => _lastSeen.Name;

    /// <summary>Where the program is now. When another process exchanges it for a new version, <see cref="FollowAsync"/> finds that one.</summary>
    /// <param name="cancellationToken">Stops waiting for a chain that is being changed.</param>
    /// <returns>Slot and policy; null: it is in the chain no more, which somebody took it out of or replaced it in, or took off the interface.</returns>
    /// <exception cref="NotFoundException">The interface is gone.</exception>
    public async Task<ComponentStatus?> LocateAsync(CancellationToken cancellationToken = default)
    {
        var hook = await _dispatcher.GetStatusAsync(CurrentName(), cancellationToken).ConfigureAwait(false);
        return FindIn(hook);
    }

    /// <summary>
    /// Where the program is now, or its successor: when it is in the chain no more, and one component has its function name, this stands for that one from
    /// then on, as after <see cref="ReplaceAsync"/>: <see cref="Id"/> is another one, and maps are to be opened anew.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting for a chain that is being changed.</param>
    /// <returns>Slot and policy of what this stands for now; null: neither is in the chain, and this stands for what it stood for.</returns>
    /// <exception cref="NotFoundException">The interface is gone.</exception>
    /// <exception cref="RefusedException">Several components have the name; the text has their ids.</exception>
    /// <remarks>
    /// A function name is no proof that it is the same product's program: whoever attaches one of this name is followed. So it is done only when it is
    /// asked for. Before maps of a successor are written, check that they are what you expect.
    /// </remarks>
    public async Task<ComponentStatus?> FollowAsync(CancellationToken cancellationToken = default)
    {
        var found = await Task.Run(() => _dispatcher.OpenProgramOrSuccessor(CurrentName(), Id, Name, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (found is not { } now)
            return null;
        Hold(now.Fd);
        See(now.Hook, now.Program);
        return now.Program;
    }

    /// <summary>
    /// Attaches the program again after somebody took it out: the same program, with its maps as they are, by the policy it was last seen with,
    /// on an empty hook in the protocol version and the mode of the chain that it was in (see <see cref="LocateAsync"/>). It is in the chain: nothing is changed, and a note says so.
    /// </summary>
    /// <remarks>Where another version took its place, both run from then on, and a note says so; <see cref="FollowAsync"/> takes that one over instead.</remarks>
    /// <exception cref="NotFoundException">The interface is gone.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="BrokenChainException">The chain lost pins.</exception>
    /// <exception cref="RefusedException">The chain is full, or does not take the program any more.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    public async Task<ChangeResult> ReattachAsync(CancellationToken cancellationToken = default)
    {
        var result = await _dispatcher.ApplyAsync(CurrentName(), new ReattachRequest(_lastSeen, _mode, _version), cancellationToken).ConfigureAwait(false);
        See(result.After, result.After.Chain!.Programs.First(program => program.Id == Id));
        return result;
    }

    /// <summary>Name and id, such as <c>xdp_firewall (46)</c>.</summary>
    public override string ToString() => _lastSeen.ToString();

    /// <summary>Detaches it; see <see cref="XdpDispatcher.DetachAsync"/>.</summary>
    /// <exception cref="NotFoundException">The program is in the chain no more, or the interface is gone.</exception>
    public Task<ChangeResult> DetachAsync(CancellationToken cancellationToken = default) =>
        WhereItIsAsync(_dispatcher.DetachAsync(CurrentName(), ComponentSelection.ById(Id), cancellationToken));

    /// <summary>Gives it another policy; see <see cref="XdpDispatcher.SetPolicyAsync"/>.</summary>
    /// <exception cref="NotFoundException">The program is in the chain no more, or the interface is gone.</exception>
    public Task<ChangeResult> SetPolicyAsync(PolicyChange change, CancellationToken cancellationToken = default) =>
        WhereItIsAsync(_dispatcher.SetPolicyAsync(CurrentName(), ComponentSelection.ById(Id), change, cancellationToken));

    /// <summary>Exchanges it for another version, which this stands for from then on; see <see cref="XdpDispatcher.ReplaceAsync"/>.</summary>
    /// <exception cref="NotFoundException">The program is in the chain no more, or the interface is gone.</exception>
    public async Task<ChangeResult> ReplaceAsync(ComponentProgram replacement, ReplaceOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new ReplaceRequest(ComponentSelection.ById(Id), replacement, options);
        var (result, fd) = await WhereItIsAsync(ChangeThread.Run(() => _dispatcher.ApplyAndOpen(CurrentName(), request, cancellationToken), cancellationToken)).ConfigureAwait(false);
        Hold(fd);
        See(result.After, result.Single);
        return result;
    }

    /// <summary>Opens a map of the program, whether it is in the chain or not: <see cref="FollowAsync"/> comes first when another version may have taken its place.</summary>
    /// <param name="name">Its name in the object; the kernel keeps the first 15 bytes of it, so more are not looked at.</param>
    /// <exception cref="NotFoundException">The program uses no map of this name; the text names those it uses.</exception>
    /// <exception cref="RefusedException">It uses several whose first 15 bytes are the same.</exception>
    public ProgramMap OpenMap(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var maps = OpenMaps();
        var found = maps.Where(map => map.Name == Maps.MapTakeover.Cut(name)).ToList();
        foreach (var other in maps)
        {
            if (found.Count != 1 || other != found[0])
                other.Dispose();
        }

        return found.Count switch
        {
            1 => found[0],
            0 => throw new NotFoundException(
                $"Program {Id} '{Printable.Escape(Name)}' uses no map '{Printable.Escape(name)}'; it uses {(maps.Count == 0 ? "none" : string.Join(", ", maps.Select(map => Printable.Escape(map.Name))))}."),
            _ => throw new RefusedException($"Program {Id} '{Printable.Escape(Name)}' uses {found.Count} maps that the kernel calls '{Printable.Escape(found[0].Name)}'; give them names that differ in their first 15 bytes."),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _fd.Dispose();
        }
    }

    /// <summary>Finds it on a hook that was read, and remembers how it runs there.</summary>
    internal ComponentStatus? FindIn(HookStatus hook)
    {
        var found = hook.Chain?.Programs.FirstOrDefault(program => program.Id == Id);
        if (found is not null)
            See(hook, found);
        return found;
    }

    /// <summary>Name of the interface now.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed: its id may be another program's by now.</exception>
    internal string CurrentName()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return (_kernel.Hook.Read(_target.Index) ?? throw State.GoneInterface.Describe(_kernel, _target)).Name;
    }

    private async Task<T> WhereItIsAsync<T>(Task<T> change)
    {
        try
        {
            return await change.ConfigureAwait(false);
        }
        catch (NotFoundException gone) when (gone.MissingInterface is null)
        {
            var hook = await _dispatcher.GetStatusAsync(CurrentName(), CancellationToken.None).ConfigureAwait(false);
            if (FindIn(hook) is not null || hook is not { Broken: null, Foreign: null })
                throw;
            throw new NotFoundException($"{gone.Message} {nameof(FollowAsync)} takes over a new version that was put in its place; {nameof(ReattachAsync)} attaches the program again.");
        }
    }

    // Who was disposed meanwhile holds nothing.
    private void Hold(ProgramFd fd)
    {
        lock (_gate)
        {
            _fd.Dispose();
            _fd = fd;
            if (_isDisposed)
                fd.Dispose();
        }
    }

    private void See(HookStatus hook, ComponentStatus program)
    {
        _mode = hook.Mode ?? _mode;
        _version = hook.Chain?.Version ?? _version;
        _lastSeen = program;
    }

    private List<ProgramMap> OpenMaps()
    {
        var maps = new List<ProgramMap>();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_fd.Handle.IsClosed, this);
            foreach (var id in _kernel.Bpf.GetInfo(_fd).MapIds)
            {
                // The program holds its maps, so each is there.
                var fd = _kernel.Bpf.OpenMap(id)!;
                maps.Add(new ProgramMap(_kernel, fd, _kernel.Bpf.GetInfo(fd)));
            }
        }

        return maps;
    }
}
