using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime;

/// <content>Programs to hold on to.</content>
public sealed partial class XdpDispatcher
{
    /// <summary>Attaches one component to the chain of one interface, and holds on to it.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="program">The component.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <returns>
    /// The program where it runs; disposing it detaches nothing. With <see cref="PresentProgram.Keep"/> it may be one that was there, whoever attached it: of
    /// several with its name, the first in running order.
    /// </returns>
    /// <inheritdoc cref="AttachAsync(string, IReadOnlyList{ComponentProgram}, AttachOptions?, CancellationToken)" path="/exception"/>
    public async Task<XdpAttachment> AttachAsync(
        string interfaceName, ComponentProgram program, AttachOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        return (await AttachHeldAsync(interfaceName, program, options, cancellationToken).ConfigureAwait(false)).Attachment;
    }

    /// <summary>Finds one component of a chain, whoever attached it, and holds on to it: after a restart, for example.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="selection">Exactly one component.</param>
    /// <param name="cancellationToken">Stops waiting for a chain that is being changed.</param>
    /// <returns>Null: nothing is attached, or no such component is in the chain.</returns>
    /// <exception cref="NotFoundException">No such interface.</exception>
    /// <exception cref="RefusedException">The selection means several.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="BrokenChainException">The chain lost pins.</exception>
    public Task<XdpAttachment?> FindAsync(string interfaceName, ComponentSelection selection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return Task.Run(() => Find(_query.FindInterface(interfaceName), selection, cancellationToken), cancellationToken);
    }

    /// <summary>Time by the clock of the port.</summary>
    internal TimeSpan Now => _kernel.Pace.Now;

    /// <summary>The tag that a program has when it is loaded, which tells one build from another. Null: it cannot be loaded here by itself.</summary>
    internal Task<ProgramTag?> TagOfAsync(string interfaceName, ComponentProgram program, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                return _carrier.TagOf(_query.FindInterface(interfaceName), program);
            }
            catch (DispatcherException)
            {
                return (ProgramTag?)null;
            }
        },
        cancellationToken);

    /// <summary>As the attach of one program, with what the change left.</summary>
    internal async Task<(XdpAttachment Attachment, ChangeResult Result)> AttachHeldAsync(
        string interfaceName, ComponentProgram program, AttachOptions? options, CancellationToken cancellationToken)
    {
        var request = new AttachRequest([program], options);
        var (result, fd) = await ChangeThread.Run(() => ApplyAndOpen(interfaceName, request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return (new XdpAttachment(this, _kernel, result.After, fd, result.Single), result);
    }

    /// <summary>Makes a change for one program and opens that while nobody can have freed it: a newcomer is held by us, and who is kept by the chain that was read.</summary>
    internal (ChangeResult Result, ProgramFd Fd) ApplyAndOpen(string interfaceName, ChangeRequest request, CancellationToken cancellationToken)
    {
        ProgramFd? opened = null;
        var result = Apply(interfaceName, request, done => opened = _kernel.Bpf.OpenProgram(done.Single.Id), cancellationToken);
        return (result, opened!);
    }

    /// <summary>Opens a program of a chain, or the one that has its name when it is there no more. Null: neither is in a chain on the interface.</summary>
    /// <exception cref="RefusedException">Several have the name.</exception>
    internal (ProgramFd Fd, ComponentStatus Program, HookStatus Hook)? OpenProgramOrSuccessor(
        string interfaceName, ProgramId id, string name, CancellationToken cancellationToken)
    {
        var target = _query.FindInterface(interfaceName);
        using var chain = ReadChainIfAny(target, cancellationToken);
        var programs = chain?.ToStatus().Programs ?? [];
        var selection = programs.Any(program => program.Id == id) ? ComponentSelection.ById(id) : ComponentSelection.ByName(name);
        if (!programs.Any(selection.Means))
            return null;
        var (fd, found) = State.ChainQuery.OpenOne(_kernel, target, chain!, selection);
        return (fd, found, HookOf(target, chain!));
    }

    private State.ChainSnapshot? ReadChainIfAny(InterfaceReading target, CancellationToken cancellationToken)
    {
        try
        {
            return _query.ReadFreshChain(target, cancellationToken);
        }
        catch (Exception failure) when (failure is ForeignProgramException or BrokenChainException)
        {
            return null;
        }
    }

    private static HookStatus HookOf(InterfaceReading target, State.ChainSnapshot chain) =>
        new(target.Name, target.Index, chain.Mode, chain.ToStatus(), null);

    private XdpAttachment? Find(InterfaceReading target, ComponentSelection selection, CancellationToken cancellationToken)
    {
        using var chain = _query.ReadFreshChain(target, cancellationToken);
        if (chain is null || !chain.ToStatus().Programs.Any(selection.Means))
            return null;
        var (fd, program) = State.ChainQuery.OpenOne(_kernel, target, chain, selection);
        return new XdpAttachment(this, _kernel, HookOf(target, chain), fd, program);
    }
}
