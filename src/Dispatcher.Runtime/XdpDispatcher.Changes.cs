using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime;

/// <content>Each change by a method of its own.</content>
public sealed partial class XdpDispatcher
{
    /// <summary>Attaches components to the chain of one interface, in one step that nobody sees half done.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="programs">1 to 10 components.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="NotFoundException">No such interface, or no BPF file system.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="RefusedException">An eleventh program, another mode, a version that cannot express it, a mix of device-bound programs and others, a driver that has no program bound to it, or an MTU too large for a chain without frags.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    /// <exception cref="VerifierException">The kernel refused a component.</exception>
    /// <exception cref="UnsupportedKernelException">The kernel has no EXT programs, or binds none to devices.</exception>
    public Task<ChangeResult> AttachAsync(
        string interfaceName, IReadOnlyList<ComponentProgram> programs, AttachOptions? options = null, CancellationToken cancellationToken = default) =>
        ApplyAsync(interfaceName, new AttachRequest(programs, options), cancellationToken);

    /// <summary>Detaches components from the chain of one interface, in one step.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="selection">Which components; all of them empties the hook, and of an empty one nothing is changed, and a note says so.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="NotFoundException">No such interface, or no such component in the chain.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    public Task<ChangeResult> DetachAsync(string interfaceName, ComponentSelection selection, CancellationToken cancellationToken = default) =>
        ApplyAsync(interfaceName, new DetachRequest(selection), cancellationToken);

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
        string interfaceName, ComponentSelection selection, ComponentProgram replacement, ReplaceOptions? options = null, CancellationToken cancellationToken = default) =>
        ApplyAsync(interfaceName, new ReplaceRequest(selection, replacement, options), cancellationToken);

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
        string interfaceName, ComponentSelection selection, PolicyChange change, CancellationToken cancellationToken = default) =>
        ApplyAsync(interfaceName, new SetPolicyRequest(selection, change), cancellationToken);

    /// <summary>Writes the chain of one interface in another protocol version, in one step: same programs, maps, order and policy.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="version">Version wanted. The chain has it already: nothing is changed, and a note says so.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="NotFoundException">No such interface, or nothing attached.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="RefusedException">The chain uses what that version cannot say: frags in version 1, device binding below 3.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    public Task<ChangeResult> ConvertAsync(string interfaceName, DispatcherVersion version, CancellationToken cancellationToken = default) =>
        ApplyAsync(interfaceName, new ConvertRequest(version), cancellationToken);
}
