using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Maps;
using Dispatcher.Runtime.State;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime;

/// <content>Changes of what runs already: another version of a component, another policy.</content>
public sealed partial class XdpDispatcher
{
    /// <summary>
    /// Exchanges one component for another version of it, in one step: no packet sees neither or both. Named maps are taken
    /// over with their contents, and policy is kept, unless the options say otherwise.
    /// </summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="selection">The component, exactly one. By name: when another process replaces it at the same time, that one is replaced in turn.</param>
    /// <param name="replacement">The new version.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="NotFoundException">No such interface, nothing attached, or no such component in the chain.</exception>
    /// <exception cref="RefusedException">The selection means several; a map differs in type, sizes, flags or BTF; a version that cannot express it; a mix of device-bound programs and others.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    /// <exception cref="VerifierException">The kernel refused the new version; the old one runs on.</exception>
    public Task<ChangeResult> ReplaceAsync(
        string interfaceName, ComponentSelection selection, ComponentProgram replacement, ReplaceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(replacement);
        return Task.Run(() => Replace(interfaceName, selection, replacement, options ?? new ReplaceOptions(), cancellationToken), cancellationToken);
    }

    /// <summary>Gives components of a chain another priority or other chain call actions, in one step.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="selection">Which components.</param>
    /// <param name="change">Their policy from now on. All have it already: nothing is changed, and a note says so.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="ArgumentException">Neither priority nor actions are named.</exception>
    /// <exception cref="NotFoundException">No such interface, nothing attached, or no such component in the chain.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    public Task<ChangeResult> SetPolicyAsync(
        string interfaceName, ComponentSelection selection, PolicyChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(change);
        if (change is { Priority: null, Actions: null })
            throw new ArgumentException("Name a priority, actions, or both.", nameof(change));
        return Task.Run(() => Change(interfaceName, new SetPolicyChange(selection, change), cancellationToken), cancellationToken);
    }

    internal ChangeResult Replace(
        string interfaceName, ComponentSelection selection, ComponentProgram replacement, ReplaceOptions options, CancellationToken cancellationToken) =>
        NamingHolder(() => ReplaceOneOf(_query.FindInterface(interfaceName), selection, replacement, options, cancellationToken));

    // The maps are those of one program id. When another process exchanges it before we do, and the caller means it by name,
    // its successor is replaced, with the maps of that one.
    private ChangeResult ReplaceOneOf(
        InterfaceReading target, ComponentSelection selection, ComponentProgram replacement, ReplaceOptions options, CancellationToken cancellationToken)
    {
        var deadline = new Deadline(_kernel.Pace, _options.Deadline);
        while (true)
        {
            using var old = _query.OpenComponent(target, selection, cancellationToken);
            try
            {
                return LoadAndReplace(target, old, replacement, options, cancellationToken);
            }
            catch (NotFoundException) when (selection.Name is not null)
            {
                if (deadline.HasPassed || _kernel.Hook.Read(target.Index) is null || IsInChain(target, old, cancellationToken))
                    throw;
            }
        }
    }

    private bool IsInChain(InterfaceReading target, OpenedComponent component, CancellationToken cancellationToken) =>
        _query.Read(target, cancellationToken)?.Chain?.Programs.Any(program => program.Id == component.Info.Id) ?? false;

    private ChangeResult LoadAndReplace(
        InterfaceReading target, OpenedComponent old, ComponentProgram replacement, ReplaceOptions options, CancellationToken cancellationToken)
    {
        _query.RefuseEarly(target, [replacement], AttachMode.Unspecified, cancellationToken, old.Info.Id);
        using var maps = new MapTakeover(_kernel.Bpf, old.Info, replacement, options);
        using var loaded = _verifier.LoadAll([replacement], options.MapPinFolder, target, maps.Choose)[0];
        var result = _transaction.Run(target, new ReplaceChange(loaded, old.Info.Id, options), cancellationToken);
        return result with { Notes = [.. result.Notes, .. maps.Left.Select(NoteOfLeftMap)] };
    }

    private static ChangeNote NoteOfLeftMap(string name) =>
        new(ChangeNoteKind.MapLeft, $"map '{Printable.Escape(name)}' of the old program has no successor: its contents are gone unless somebody else holds it");
}
