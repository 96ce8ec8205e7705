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

    /// <summary>Takes an empty hook with a bpf_link, kernel 5.9.</summary>
    /// <returns>The link; its last fd or pin gives the hook back.</returns>
    /// <exception cref="SysError">EBUSY: something is attached.</exception>
    public static LinkFd LinkHook(this SimProcess process, SimInterface target, ProgramFd program, AttachMode mode = AttachMode.Unspecified)
    {
        process.Enter(nameof(LinkHook), target.ToString());
        return new LinkFd(process.Open(HookLink.Create(process.Kernel, process.Resolve<SimProgram>(program), target, mode)));
    }
}
