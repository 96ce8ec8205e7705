using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Network;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel;

/// <summary>What other software does to a hook and the port cannot: change it without a guard, or hold it by a link.</summary>
internal static class Rivals
{
    /// <summary>Replaces whatever netlink may replace, as <c>ip link set xdp</c> with force does.</summary>
    /// <param name="process">Who does it.</param>
    /// <param name="target">The interface.</param>
    /// <param name="program">Borrowed; null empties the hook.</param>
    /// <param name="mode">Mode.</param>
    /// <exception cref="SysError">EBUSY: a link holds the hook. EEXIST: the other mode is in use.</exception>
    public static void ForceHook(this SimProcess process, SimInterface target, ProgramFd? program, AttachMode mode = AttachMode.Unspecified)
    {
        process.Enter(nameof(ForceHook), target.ToString());
        HookRules.Set(target, program is null ? null : process.Resolve<SimProgram>(program), HookGuard.None, null, mode);
    }

    /// <summary>Removes every directory of pins whose dispatcher is on no hook, at once and without the lock.</summary>
    /// <param name="process">Who does it.</param>
    /// <param name="root">Folder of all pins.</param>
    public static void SweepAway(this SimProcess process, string root)
    {
        process.Enter(nameof(SweepAway), root);
        var attached = process.Kernel.Networks.SelectMany(network => network.Interfaces).SelectMany(found => found.Read().Attached)
            .Select(each => each.ProgramId.ToString()).ToHashSet();
        var files = process.Kernel.BpfFs;
        foreach (var name in files.List(root).Where(name => !attached.Contains(name[(name.LastIndexOf('-') + 1)..])))
        {
            foreach (var pin in files.List($"{root}/{name}"))
                files.Unpin($"{root}/{name}/{pin}");
            files.RemoveDirectory($"{root}/{name}");
        }
    }

    /// <summary>Takes an empty hook with a bpf_link, kernel 5.9.</summary>
    /// <returns>The link; its last fd or pin gives the hook back.</returns>
    /// <exception cref="SysError">EBUSY: something is attached.</exception>
    public static LinkFd LinkHook(this SimProcess process, SimInterface target, ProgramFd program, AttachMode mode = AttachMode.Unspecified)
    {
        process.Enter(nameof(LinkHook), target.ToString());
        return new LinkFd(process.Open(HookLink.Create(process.Kernel, process.Resolve<SimProgram>(program), target, mode)));
    }
}
